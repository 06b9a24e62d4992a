import { expect, it } from 'vitest';
import { decouper, estUai, lirePrix, lireSiret } from './uais';

it('knows a school’s identifier by its letter', () => {
  expect(estUai('0660713S')).toBe(true);
  expect(estUai('0311667U')).toBe(true);
  expect(estUai('0660713A')).toBe(false);
  expect(estUai('660713S')).toBe(false);
});

it('cuts a pasted list whatever separates it', () => {
  expect(decouper(' 0660713s;0311667U,\n 0310100R\t')).toEqual([
    '0660713S',
    '0311667U',
    '0310100R',
  ]);
});

it('reads a price in euros', () => {
  expect(lirePrix('45')).toBe('45,00');
  expect(lirePrix('45,5')).toBe('45,50');
  expect(lirePrix('gratuit')).toBeNull();
});

it('reads a SIRET with or without spaces', () => {
  expect(lireSiret('216 601 367 00012')).toBe('21660136700012');
  expect(lireSiret('2166')).toBeNull();
});
