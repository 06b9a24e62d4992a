// How a period's figures changed, in words.

import type { Grain, Mesures, Synthese } from '../api/types';
import { pourcentSigne, variation } from '../formats/nombres';

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

/** A measure as a plain number, for comparing: means are ratios of the API's sums. */
export const LECTURES = {
  visites: (m: Mesures) => m.visites,
  utilisateurs: (m: Mesures) => m.utilisateurs,
  parUtilisateur: (m: Mesures) => (m.utilisateurs === 0 ? 0 : m.visites / m.utilisateurs),
  dureeMoyenne: (m: Mesures) => (m.visites === 0 ? 0 : m.duree_ms / m.visites),
} as const;
