// The shapes of the reports that are sent.

import type { Ecrit, Schemas } from './types';

export type Rapport = Ecrit<Schemas['RapportRendu']>;
export type Rapports = Ecrit<Schemas['ReponseRapports']>;
