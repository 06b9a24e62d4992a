import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { direLActivite } from './activite';

let arreter: () => void;
const dire = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<main><input /></main>';
  dire.mockClear();
  arreter = direLActivite(document.querySelector('main') as HTMLElement, dire);
});
afterEach(() => {
  arreter();
  vi.useRealTimers();
});

const taper = () =>
  document.querySelector('input')?.dispatchEvent(new Event('input', { bubbles: true }));

it('says every five minutes at most that someone is typing, and nothing when nobody does', () => {
  vi.advanceTimersByTime(4 * 60_000);
  taper();
  expect(dire).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2 * 60_000);
  expect(dire).not.toHaveBeenCalled();
  taper();
  taper();
  expect(dire).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5 * 60_000);
  taper();
  expect(dire).toHaveBeenCalledTimes(2);
});
