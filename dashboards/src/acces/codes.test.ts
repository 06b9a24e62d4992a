import { expect, it } from 'vitest';
import { chiffresDuCode, parGroupes, regles } from './codes';

it('reads a one-time code however it was pasted', () => {
  expect(chiffresDuCode(' 123 456 ')).toBe('123456');
  expect(chiffresDuCode('Code : 123-456.')).toBe('123456');
  expect(chiffresDuCode('1234567')).toBe('123456');
});

it('groups a secret by four', () => {
  expect(parGroupes('ABCDEFGHIJ')).toBe('ABCD EFGH IJ');
});

it('says which rules a password follows', () => {
  expect(regles('', '', ['claire'])).toEqual({
    longueur: false,
    different: false,
    varie: false,
    identiques: false,
  });
  expect(regles('Claire.Durand', 'Claire.Durand', ['claire.durand'])).toEqual({
    longueur: true,
    different: false,
    varie: true,
    identiques: true,
  });
  expect(regles('quatre mots sans rapport', 'quatre', []).identiques).toBe(false);
});
