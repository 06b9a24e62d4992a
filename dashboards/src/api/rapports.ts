// The shapes of the reports that are sent.

import type { Ecrit, Schemas } from './types';

export type Rapport = Ecrit<Schemas['RapportRendu']>;
export type Rapports = Ecrit<Schemas['ReponseRapports']>;
export type Rythme = Schemas['Rythme'];
/** How the last sending went. */
export type EtatEnvoi = Schemas['EtatEnvoi'];
