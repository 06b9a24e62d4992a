// The shapes of what helps one help schools: whom to call, what was done, how far each school is.

import type { Ecrit, Schemas } from './types';

export type Raison = Schemas['Raison'];
export const RAISONS: readonly Raison[] = ['jamais_commence', 'chute', 'sans_parents', 'exemple'];

/** A school to call this week, and why. */
export type EcoleAVisiter = Ecrit<Schemas['EcoleAVisiter']>;
export type Tournee = Ecrit<Schemas['ReponseTournee']>;

export type Genre = Schemas['Genre'];
export const GENRES: readonly Genre[] = ['formation', 'visite', 'appel'];

export type ActionSaisie = Ecrit<Schemas['ActionEcrite']>;
/** Visits a week before and after an action, in the school and in half of its peers or more. */
export type Effet = Ecrit<Schemas['EffetRendu']>;
/** An action of the support log. */
export type Action = Ecrit<Schemas['ActionRendue']>;
export type Journal = Ecrit<Schemas['ReponseSuivi']>;

export type Etape = Schemas['Etape'];
export const ETAPES: readonly Etape[] = [
  'convention',
  'tag',
  'comptes',
  'enseignant',
  'parents',
  'regulier',
];

export type EcoleEnRoute = Ecrit<Schemas['EcoleParcours']>;
export type EtapeComptee = Ecrit<Schemas['EtapeComptee']>;
/** How far each school under a convention has come. */
export type Parcours = Ecrit<Schemas['ReponseParcours']>;
