import { describe, expect, it } from 'vitest';
import type { LigneEcole } from '../api/pilotage';
import { VUE_INITIALE, type Options } from '../etat/adresse';
import { ecolesVues, OUVERTS, sansFiltres, valeursDe } from './ecoles';
import { LIEUX_MAX, lireLieux } from './lieux';

function ecole(code: string, champs: Partial<LigneEcole>): LigneEcole {
  return {
    code,
    nom: code,
    precision: 'Muret',
    type: 'Ecole',
    mesures: { etat: 'mesure', visites: 1, utilisateurs: 1, duree_ms: 0, evenements: 1 },
    comparees: null,
    precedentes: null,
    effectif: null,
    taux_utilisateurs: null,
    serie: [],
    ...champs,
  };
}

const ECOLES = [
  ecole('A', { etat: 'actif', tranche_effectif: '50-99', plateforme: 'ONE', secteur: 'PU' }),
  ecole('B', { etat: 'actif', tranche_effectif: '400+', education_prioritaire: 'REP' }),
  ecole('C', { etat: 'jamais_visite', tranche_effectif: null, type: 'Collège' }),
  ecole('D', { etat: 'non_deploye', secteur: 'PR' }),
];

describe('the schools of a perimeter', () => {
  const codes = (options: Options, filtre = '') =>
    ecolesVues(ECOLES, { ...VUE_INITIALE, tri: 'nom', decroissant: false, filtre, options }).map(
      (l) => l.code,
    );

  it('are all there without a filter', () => {
    expect(codes({})).toEqual(['A', 'B', 'C', 'D']);
  });

  it('are filtered by state, type, size, priority education and provider, all at once', () => {
    expect(codes({ etat: 'actif' })).toEqual(['A', 'B']);
    expect(codes({ etat: OUVERTS })).toEqual(['A', 'B', 'C']);
    expect(codes({ etat: 'actif', taille: '400+' })).toEqual(['B']);
    expect(codes({ priorite: 'REP' })).toEqual(['B']);
    expect(codes({ plateforme: 'ONE' })).toEqual(['A']);
    expect(codes({ type: 'Collège' })).toEqual(['C']);
    expect(codes({ etat: 'actif' }, 'colomiers')).toEqual([]);
  });

  it('keep their columns when their filters go', () => {
    expect(sansFiltres({ etat: 'actif', taille: '400+', colonnes: 'duree.courbe' })).toEqual({
      colonnes: 'duree.courbe',
    });
  });

  it('offer as filters what some of them have', () => {
    expect(valeursDe(ECOLES, 'etat')).toEqual(['actif', 'jamais_visite', 'non_deploye']);
    expect(valeursDe(ECOLES, 'plateforme')).toEqual(['ONE']);
  });
});

it('compares each place once, six at most, and nothing that is no place', () => {
  expect(lireLieux('ecole:A,ecole:A,departement:031,rien,')).toEqual([
    'ecole:A',
    'departement:031',
  ]);
  expect(lireLieux(Array.from({ length: 9 }, (_, n) => `ecole:${n}`).join(','))).toHaveLength(
    LIEUX_MAX,
  );
});
