import { expect, it } from 'vitest';
import { ecart, estJour, lundi, plus, plusMois } from './jours';

it('knows a day from a text that looks like one', () => {
  expect(estJour('2026-11-20')).toBe(true);
  expect(estJour('2026-02-29')).toBe(false);
  expect(estJour('2028-02-29')).toBe(true);
  expect(estJour('20/11/2026')).toBe(false);
  expect(estJour('')).toBe(false);
});

it('steps over the days on which clocks change', () => {
  expect(plus('2026-10-24', 2)).toBe('2026-10-26');
  expect(plus('2027-03-27', 2)).toBe('2027-03-29');
  expect(ecart('2026-10-24', '2026-10-26')).toBe(2);
});

it('finds the Monday of a week, a Sunday and a Monday included', () => {
  expect(lundi('2026-11-22')).toBe('2026-11-16');
  expect(lundi('2026-11-16')).toBe('2026-11-16');
});

it('counts months from their first day', () => {
  expect(plusMois('2026-01-31', 1)).toBe('2026-02-01');
  expect(plusMois('2026-12-01', 1)).toBe('2027-01-01');
});
