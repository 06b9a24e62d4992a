import { describe, expect, it } from 'vitest';
import { anneeScolaire, changerGrain, lundisDe, periode, precedente, suivante } from './periodes';

it('a school year goes from 1 August to 31 July', () => {
  expect(anneeScolaire('2026-07-31')).toBe('2025-2026');
  expect(anneeScolaire('2026-08-01')).toBe('2026-2027');
  expect(periode('annee', '2027-03-02')).toEqual({
    grain: 'annee',
    debut: '2026-08-01',
    fin: '2027-07-31',
  });
});

it('a month ends on its last day, leap years included', () => {
  expect(periode('mois', '2028-02-10').fin).toBe('2028-02-29');
  expect(periode('mois', '2026-12-10').fin).toBe('2026-12-31');
});

it('periods follow each other without gap or overlap', () => {
  for (const grain of ['jour', 'semaine', 'mois', 'annee'] as const) {
    const p = periode(grain, '2026-11-20');
    expect(precedente(suivante(p))).toEqual(p);
    expect(suivante(precedente(p))).toEqual(p);
  }
});

describe('changing the grain', () => {
  const aujourdhui = '2026-11-21';

  it('from the year under way goes to the current week, not to August', () => {
    const annee = periode('annee', aujourdhui);
    expect(changerGrain(annee, 'semaine', aujourdhui).debut).toBe('2026-11-16');
  });

  it('from a past month goes to its last week', () => {
    const octobre = periode('mois', '2026-10-05');
    expect(changerGrain(octobre, 'semaine', aujourdhui).debut).toBe('2026-10-26');
  });

  it('from a week to come stays there', () => {
    const aVenir = periode('semaine', '2026-12-07');
    expect(changerGrain(aVenir, 'mois', aujourdhui).debut).toBe('2026-12-01');
  });
});

it('the weeks of a school year are those whose Monday is in it', () => {
  const lundis = lundisDe('2026-08-01', '2027-07-31');
  expect(lundis[0]).toBe('2026-08-03');
  expect(lundis.at(-1)).toBe('2027-07-26');
  expect(lundis).toHaveLength(52);
});
