import { expect, it } from 'vitest';
import { phraseAction, verdict } from './effet';

const effet = (avant: number, apres: number, avant_pairs: number, apres_pairs: number) => ({
  avant,
  apres,
  avant_pairs,
  apres_pairs,
  ecoles_pairs: 17,
});

it('says both changes, with the figures they come from, and how they compare', () => {
  const phrase = phraseAction({ effet: effet(42, 61.5, 40, 43.1), refus: null });
  expect(phrase.replace(/[\u00a0\u202f]/g, ' ')).toBe(
    'Visites par semaine : de 42,0 à 61,5 dans l’école (+46 %), de 40,0 à 43,1 pour la médiane de 17 écoles semblables (+8 %). L’école progresse plus que ses semblables.',
  );
});

it('compares the changes, not the numbers, and calls alike what is within ten points', () => {
  expect(verdict(effet(10, 15, 100, 110))).toBe('plus');
  expect(verdict(effet(10, 11, 100, 119))).toBe('comme');
  expect(verdict(effet(10, 11, 100, 150))).toBe('moins');
  expect(verdict(effet(10, 9, 100, 50))).toBe('mieux');
  expect(verdict(effet(10, 5, 100, 90))).toBe('pire');
  expect(verdict(effet(10, 11, 100, 80))).toBe('contre');
  expect(verdict(effet(10, 9, 100, 120))).toBe('recul');
});

it('judges nothing from no visit at all', () => {
  expect(verdict(effet(0, 12, 40, 43))).toBeNull();
  expect(phraseAction({ effet: effet(0, 12, 40, 43), refus: null })).toMatch(/de 0,0 à 12,0 dans/);
});

it('gives the reason of a refusal within its sentence', () => {
  const refus = 'Moins de 8 écoles semblables ont des chiffres visibles sur ces semaines.';
  expect(phraseAction({ effet: null, refus })).toMatch(
    /^Pas d’avant\/après.: moins de 8 écoles semblables/,
  );
});
