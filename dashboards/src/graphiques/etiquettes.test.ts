import { expect, it } from 'vitest';
import { abreger, ecarter } from './etiquettes';

it('leaves labels that are far enough where they are', () => {
  expect(ecarter([100, 10, 50], 16, 300)).toEqual([100, 10, 50]);
});

it('moves crowded labels apart, in their order, and within the drawing', () => {
  expect(ecarter([100, 102, 101], 16, 300)).toEqual([100, 132, 116]);
  expect(ecarter([298, 299, 297], 16, 300)).toEqual([284, 300, 268]);
});

it('cuts a name after a whole word', () => {
  expect(abreger('Direction, administration et vie scolaire', 190)).toBe(
    'Direction, administration…',
  );
  expect(abreger('Parents', 190)).toBe('Parents');
});
