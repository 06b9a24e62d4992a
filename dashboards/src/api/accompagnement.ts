// The shapes of what helps one help schools: whom to call, what was done, how far each school is.

import type { Niveau } from './types';

export const RAISONS = ['jamais_commence', 'chute', 'sans_parents', 'exemple'] as const;
export type Raison = (typeof RAISONS)[number];

/** A school to call this week, and why. */
export interface EcoleAVisiter {
  uai: string;
  nom: string;
  commune: string;
  raison: Raison;
  phrase: string;
  /** Null where nothing says since when. */
  depuis: string | null;
  /** The day of this week on which one saw it. */
  vue_le: string | null;
}

interface DuTerritoire {
  niveau: Niveau;
  code: string;
  nom: string;
  definitions: Record<string, string>;
}

export interface Tournee extends DuTerritoire {
  /** The Monday of the week. */
  semaine: string;
  ecoles: EcoleAVisiter[];
  /** Schools seen before this week that one wants to hear no more of for now. */
  silencieuses: number;
  /** Schools seen lately that need no call any more. */
  avancees: { uai: string; nom: string; vue_le: string }[];
}

export const GENRES = ['formation', 'visite', 'appel'] as const;
export type Genre = (typeof GENRES)[number];

export interface ActionSaisie {
  uai: string;
  jour: string;
  genre: Genre;
  note: string;
}

/** Visits a week before and after an action, in the school and in half of its peers or more. */
export interface Effet {
  avant: number;
  apres: number;
  avant_pairs: number;
  apres_pairs: number;
  ecoles_pairs: number;
}

/** An action of the support log. */
export interface Action extends ActionSaisie {
  id: string;
  nom: string;
  /** Null once the account is deleted. */
  par: string | null;
  modifiable: boolean;
  effet: Effet | null;
  /** Why there is no effect. */
  refus: string | null;
}

export interface Journal extends DuTerritoire {
  actions: Action[];
}

export const ETAPES = [
  'convention',
  'tag',
  'comptes',
  'enseignant',
  'parents',
  'regulier',
] as const;
export type Etape = (typeof ETAPES)[number];

export interface EcoleEnRoute {
  uai: string;
  nom: string;
  commune: string;
  etape: Etape;
  depuis: string;
  /** Days at this step. */
  jours: number;
}

export interface EtapeComptee {
  etape: Etape;
  ecoles: number;
  jours_medians: number | null;
}

/** How far each school under a convention has come. */
export interface Parcours extends DuTerritoire {
  jour: string;
  /** The first day looked at. */
  depuis: string;
  ecoles: EcoleEnRoute[];
  etapes: EtapeComptee[];
}
