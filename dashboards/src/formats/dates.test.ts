import { expect, it } from 'vitest';
import { periode } from '../calendrier/periodes';
import { datesEnClair, intervalle, jourCourt, jourLong, nomPeriode, titrePeriode } from './dates';

const simple = (texte: string): string => texte.replaceAll('\u00a0', ' ');

it('abbreviates months and writes the first of the month as French does', () => {
  expect(jourCourt('2026-09-12')).toBe('12\u00a0sept.');
  expect(jourCourt('2026-09-01')).toBe('1er\u00a0sept.');
  expect(simple(jourLong('2026-08-31'))).toBe('31 août 2026');
});

it('says a span without repeating its month or its year', () => {
  expect(simple(intervalle('2026-11-16', '2026-11-22'))).toBe('du 16 au 22 novembre 2026');
  expect(simple(intervalle('2026-09-28', '2026-10-04'))).toBe('du 28 septembre au 4 octobre 2026');
  expect(simple(intervalle('2026-12-28', '2027-01-03'))).toBe(
    'du 28 décembre 2026 au 3 janvier 2027',
  );
  expect(simple(intervalle('2026-11-20', '2026-11-20'))).toBe('le 20 novembre 2026');
});

it('names each kind of period', () => {
  expect(simple(titrePeriode(periode('jour', '2026-11-20')))).toBe('Vendredi 20 novembre 2026');
  expect(simple(titrePeriode(periode('semaine', '2026-11-20')))).toBe(
    'Semaine du 16 au 22 novembre 2026',
  );
  expect(simple(titrePeriode(periode('mois', '2026-11-20')))).toBe('Novembre 2026');
  expect(simple(titrePeriode(periode('annee', '2026-11-20')))).toBe('Année scolaire 2026-2027');
  expect(simple(nomPeriode(periode('annee', '2027-07-31')))).toBe('année scolaire 2026-2027');
});

it('writes the days of a text as people say them', () => {
  expect(simple(datesEnClair('0310001R jusqu’au 2026-07-01 (demande)'))).toBe(
    '0310001R jusqu’au 1er juillet 2026 (demande)',
  );
});
