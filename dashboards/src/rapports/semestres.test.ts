import { expect, it } from 'vitest';
import { semestres } from './semestres';

const debuts = (jour: string) => semestres(jour).map(({ debut }) => debut);

it('offers the half that goes on and those before it', () => {
  expect(debuts('2026-11-20')).toEqual(['2026-08-01', '2026-02-01', '2025-08-01', '2025-02-01']);
  expect(debuts('2027-01-31')[0]).toBe('2026-08-01');
  expect(debuts('2027-07-31')[0]).toBe('2027-02-01');
});

it('does not offer a half whose first day is not over', () => {
  expect(debuts('2027-02-01')[0]).toBe('2026-08-01');
  expect(debuts('2027-02-02')[0]).toBe('2027-02-01');
});

it('names the school year of a half', () => {
  expect(semestres('2027-03-01').slice(0, 2)).toEqual([
    { debut: '2027-02-01', rang: 2, annee: '2026-2027' },
    { debut: '2026-08-01', rang: 1, annee: '2026-2027' },
  ]);
});
