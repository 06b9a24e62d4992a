import { expect, it } from 'vitest';
import { nomCourt } from './noms';

it('shortens a circonscription to the place it is named after', () => {
  const nom = (suite: string) => nomCourt(`Circonscription d'inspection du 1er degré ${suite}`);
  expect(nom('de Céret')).toBe('Céret');
  expect(nom('du Littoral')).toBe('Littoral');
  expect(nom("d'Agly")).toBe('Agly');
  expect(nom('de Perpignan - ASH')).toBe('Perpignan - ASH');
});

it('leaves any other name as it is', () => {
  expect(nomCourt('Pyrénées-Orientales')).toBe('Pyrénées-Orientales');
  expect(nomCourt('Circonscription de Prades')).toBe('Circonscription de Prades');
});
