// Conventions and deployment under the names the console gives them.

import type { Ecrit, Schemas } from './types';

/** Where a convention is in its life. */
export type EtatConvention = Schemas['EtatConvention'];
/** What a school does with its ENT. */
export type EtatEcole = Schemas['EtatEcole'];
/** What becomes of the figures already counted. */
export type SortCumuls = 'garder' | 'detruire';

export type ResumeConvention = Ecrit<Schemas['ResumeConvention']>;
export type Convention = Ecrit<Schemas['FicheConvention']>;
export type Conventions = Ecrit<Schemas['ReponseConventions']>;
/** What is written to make or change a convention. */
export type SaisieConvention = Schemas['SaisieConvention'];
export type ReponseImport = Ecrit<Schemas['ReponseImport']>;
export type EcoleDeployee = Ecrit<Schemas['EcoleVue']>;
export type PointRentree = Ecrit<Schemas['PointRentree']>;
export type Participation = Ecrit<Schemas['ParticipationRendue']>;
export type Deploiement = Ecrit<Schemas['ReponseDeploiement']>;
