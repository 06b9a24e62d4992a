import { expect, it } from 'vitest';
import { duree, dureeMoyenne } from './durees';

it('writes seconds, minutes and hours as one says them', () => {
  expect(duree(0)).toBe('0\u00a0s');
  expect(duree(45_000)).toBe('45\u00a0s');
  expect(duree(245_000)).toBe('4\u00a0min\u00a005\u00a0s');
  expect(duree(3_720_000)).toBe('1\u00a0h\u00a002\u00a0min');
});

it('carries a rounded second over instead of writing sixty', () => {
  expect(duree(59_600)).toBe('1\u00a0min\u00a000\u00a0s');
  expect(duree(3_599_700)).toBe('1\u00a0h\u00a000\u00a0min');
});

it('has no mean without a visit, and a mean of zero with visits of one action', () => {
  expect(dureeMoyenne(0, 0)).toBe('–');
  expect(dureeMoyenne(0, 3)).toBe('0\u00a0s');
  expect(dureeMoyenne(1_890_000, 2)).toBe('15\u00a0min\u00a045\u00a0s');
});
