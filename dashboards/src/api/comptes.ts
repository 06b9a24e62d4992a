// The shapes of accounts: who one is, what one may do, and the accounts one administers.

import type { Ecrit, Schemas } from './types';

/** What a role allows, always within the account's perimeter. */
export type Droit = Schemas['Droit'];

export type Role = Schemas['Role'];
export const ROLES: readonly Role[] = [
  'conseiller',
  'dsden',
  'drane',
  'commune',
  'directeur',
  'fournisseur',
  'national',
  'administrateur',
];

/** A territory or a named set of schools that an account sees. */
export type PerimetreNomme = Ecrit<Schemas['PorteeVue']>;

/** What a token may be used for: reading. */
export type Portee = Schemas['Portee'];

export type Moi = Ecrit<Schemas['ReponseMoi']>;
export type InscriptionTotp = Ecrit<Schemas['ReponseInscription']>;
export type CodesDeSecours = Ecrit<Schemas['CodesSecours']>;
export type SessionOuverte = Ecrit<Schemas['SessionRendue']>;
export type Jeton = Ecrit<Schemas['JetonRendu']>;
/** Shown once: the server keeps only its print. */
export type JetonCree = Ecrit<Schemas['JetonCree']>;
export type Compte = Ecrit<Schemas['CompteRendu']>;
export type LienInvitation = Ecrit<Schemas['LienInvitation']>;
/** A named set of schools. */
export type Ensemble = Ecrit<Schemas['PerimetreRendu']>;
export type EvenementAudit = Ecrit<Schemas['Evenement']>;
/** How else one may sign in. */
export type Moyens = Ecrit<Schemas['Moyens']>;
/** A setting in force; a secret is masked. */
export type Reglage = Ecrit<Schemas['Reglage']>;
/** A destruction that was certified, as the engine signed it. */
export type Certificat = Omit<Ecrit<Schemas['CertificatRendu']>, 'signe'> & { signe: unknown };
