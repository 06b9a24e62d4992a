// The register of incidents and series breaks, as one reads it and writes in it.

import type { Incident } from './pilotage';
import type { Niveau } from './types';

export const GENRES = ['territoire', 'ecoles', 'plateforme', 'toutes'] as const;
export type Genre = (typeof GENRES)[number];

/** Which schools are concerned; only what goes with the kind is filled. */
export interface Portee {
  genre: Genre;
  plateforme: string | null;
  niveau: Niveau | null;
  code: string | null;
  ecoles: string[];
}

/** What is declared, or what an incident is changed to. */
export interface IncidentEcrit extends Omit<Incident, 'id'> {
  portee: Portee;
}

export interface IncidentDeclare extends Incident {
  portee: Portee;
  declare_par: string;
  declare_le: string;
  /** Whether one may change it. */
  modifiable: boolean;
}

export interface Registre {
  incidents: IncidentDeclare[];
}
