// The register of incidents and series breaks, as one reads it and writes in it.

import type { Ecrit, Schemas } from './types';

export type Genre = Schemas['GenrePortee'];
export const GENRES: readonly Genre[] = ['territoire', 'ecoles', 'plateforme', 'toutes'];

/** Which schools are concerned; only what goes with the kind is filled. */
export type Portee = Ecrit<Schemas['PorteeEcrite']>;
/** What is declared, or what an incident is changed to. */
export type IncidentEcrit = Ecrit<Schemas['IncidentEcrit']>;
export type IncidentDeclare = Ecrit<Schemas['IncidentRendu']>;
export type Registre = Ecrit<Schemas['ReponseIncidents']>;
