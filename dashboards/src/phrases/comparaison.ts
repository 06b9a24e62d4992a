// How a period's figures changed, in words.

import type { Grain, Mesures, Synthese } from '../api/types';
import { estNombre, rapport, valeurDe, type Valeur } from '../figures/valeurs';
import { pourcentSigne, variation } from '../formats/nombres';
import { textesBlancs } from '../textesBlancs';

const PRECEDENTE: Record<Grain, string> = {
  jour: 'au jour précédent',
  semaine: 'à la semaine précédente',
  mois: 'au mois précédent',
  annee: 'à l’année scolaire précédente',
};

type Periode = Synthese['periode'];

/**
 * « par rapport à la semaine précédente »; while the period goes on, over which of its days:
 * « sur les 5 premiers jours, par rapport à la semaine précédente ».
 */
export function parRapportA(periode: Periode): string {
  const precedente = `par rapport ${PRECEDENTE[periode.grain]}`;
  if (!periode.en_cours) return precedente;
  return periode.jours_ecoules === 1
    ? `sur le premier jour, ${precedente}`
    : `sur les ${periode.jours_ecoules}\u00a0premiers jours, ${precedente}`;
}

export type Sens = 'hausse' | 'baisse' | 'stable';

export interface Changement {
  sens: Sens;
  texte: string;
}

/** A change, and what it is measured against. */
export interface Comparaison {
  changement: Changement;
  etendue: string;
}

const FLECHE: Record<Sens, string> = { hausse: '▲', baisse: '▼', stable: '=' };

export function fleche(sens: Sens): string {
  return FLECHE[sens];
}

/** The change between two numbers, or `null` when the first is nothing to compare with. */
export function changement(avant: number, apres: number): Changement | null {
  const valeur = variation(avant, apres);
  if (valeur === null) return null;
  const texte = pourcentSigne(valeur);
  if (texte === 'stable') return { sens: 'stable', texte };
  return { sens: valeur > 0 ? 'hausse' : 'baisse', texte };
}

/** Why two figures of which one is not shown cannot be compared; null when both are. */
export function incomparables(avant: Valeur | null, apres: Valeur | null): string | null {
  const { comparaison } = textesBlancs;
  if (apres === 'masque') return comparaison.apres;
  if (avant === 'masque') return comparaison.avant;
  const connus = [avant, apres].every((v) => v === null || estNombre(v));
  return connus ? null : comparaison.autre;
}

/** The four key figures of measures: means are ratios of the API's sums. */
export const LECTURES = {
  visites: (m: Mesures | undefined) => valeurDe(m, 'visites'),
  utilisateurs: (m: Mesures | undefined) => valeurDe(m, 'utilisateurs'),
  parUtilisateur: (m: Mesures | undefined) =>
    rapport(valeurDe(m, 'visites'), valeurDe(m, 'utilisateurs')),
  dureeMoyenne: (m: Mesures | undefined) =>
    rapport(valeurDe(m, 'duree_ms'), valeurDe(m, 'visites')),
} as const;
