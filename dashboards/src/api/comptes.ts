// The shapes of accounts: who one is, what one may do, and the accounts one administers.

import type { Schemas } from './types';

/** What a role allows, always within the account's perimeter. */
export type Droit =
  | 'chiffres'
  | 'export'
  | 'qualite'
  | 'comptes'
  | 'conventions_lecture'
  | 'conventions_ecriture'
  | 'accompagnement'
  | 'incidents'
  | 'conservation'
  | 'audit';

export const ROLES = [
  'conseiller',
  'dsden',
  'drane',
  'commune',
  'directeur',
  'fournisseur',
  'national',
  'administrateur',
] as const;
export type Role = (typeof ROLES)[number];

/** A territory or a named set of schools that an account sees. */
export interface PerimetreNomme {
  /** As `departement:031` or `ensemble:<id>`. */
  perimetre: string;
  nom: string;
}

/** What a token may be used for: reading. */
export type Portee = Schemas['Portee'];

export interface Moi {
  identifiant: string;
  nom: string;
  role: Role;
  droits: Droit[];
  /** The roles of the accounts one may make. */
  confie: Role[];
  perimetres: PerimetreNomme[];
  plateformes: string[];
  totp: { actif: boolean; requis: boolean; codes_restants: number };
}

export interface InscriptionTotp {
  secret: string;
  uri: string;
  qr_svg: string;
}

export interface CodesDeSecours {
  codes_secours: string[];
}

export interface SessionOuverte {
  id: string;
  /** Kind of device, system and browser, as `ORDINATEUR LINUX FIREFOX`. */
  appareil: string;
  ouverte_le: string;
  vue_le: string;
  courante: boolean;
}

export interface Jeton {
  id: string;
  nom: string;
  portees: Portee[];
  cree_le: string;
  expire_le: string;
  utilise_le: string | null;
}

/** Shown once: the server keeps only its print. */
export interface JetonCree {
  jeton: string;
}

export interface Compte {
  identifiant: string;
  nom: string;
  role: Role;
  perimetres: PerimetreNomme[];
  plateformes: string[];
  etat: 'actif' | 'invite' | 'expire';
  totp: boolean;
  derniere_connexion: string | null;
}

export interface LienInvitation {
  lien: string;
  expire_le: string;
}

/** A named set of schools. */
export interface Ensemble {
  id: string;
  nom: string;
  /** Whole territories, as `niveau:code`. */
  territoires: string[];
  ecoles: string[];
}

export interface EvenementAudit {
  numero: number;
  instant: string;
  acteur: string;
  action: string;
  objet: string;
}

/** How else one may sign in. */
export interface Moyens {
  oidc: { nom: string; adresse: string } | null;
  /** A directory whose passwords are taken here. */
  ldap: { nom: string } | null;
}

/** A setting in force; a secret is masked. */
export interface Reglage {
  cle: string;
  valeur: string;
  /** Nobody set it. */
  defaut: boolean;
  explication: string;
}

/** A destruction that was certified, as the engine signed it. */
export interface Certificat {
  id: string;
  instant: string;
  quoi: string;
  regle: string;
  lignes: number;
  signe: unknown;
}
