import { expect, it } from 'vitest';
import { grouper } from './reglages';

const REGLAGES = [
  { cle: 'secret.seuil', valeur: '5', defaut: true, explication: 'Seuil sous lequel on masque' },
  { cle: 'serveur.adresse', valeur: '[::]:80', defaut: false, explication: 'Où écouter' },
  { cle: 'serveur.url_publique', valeur: '', defaut: true, explication: 'Adresse publique' },
];

it('groups settings by what comes before the dot of their names', () => {
  const groupes = grouper(REGLAGES, '', false);
  expect(groupes.map((g) => [g.rubrique, g.reglages.length])).toEqual([
    ['secret', 1],
    ['serveur', 2],
  ]);
});

it('finds settings without accents, and those that were changed', () => {
  expect(grouper(REGLAGES, 'ou ecouter', false).flatMap((g) => g.reglages)).toEqual([REGLAGES[1]]);
  expect(grouper(REGLAGES, '', true).flatMap((g) => g.reglages)).toEqual([REGLAGES[1]]);
  expect(grouper(REGLAGES, 'introuvable', false)).toEqual([]);
});
