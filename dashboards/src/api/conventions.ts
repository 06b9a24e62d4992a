// The shapes of conventions and of deployment.

import type { Niveau } from './types';

/** Where a convention is in its life. */
export type EtatConvention = 'a_venir' | 'en_vigueur' | 'echue' | 'terminee' | 'detruite';
/** What a school does with its ENT, `metrics` in words. */
export type EtatEcole = 'ouverte' | 'active' | 'jamais_visitee' | 'non_deployee';
export type SortCumuls = 'garder' | 'detruire';

export interface EcoleInscrite {
  uai: string;
  nom: string | null;
  entree: string;
  /** Last day, when it leaves before the others. */
  sortie: string | null;
  /** When what it had sent was destroyed. */
  detruite_le: string | null;
}

export interface Termes {
  /** A commune's INSEE code, or another authority's name. */
  autorite: string;
  siret: string | null;
  fournisseur: string;
  plateforme: string;
}

/** A line of the list. */
export interface ResumeConvention extends Termes {
  id: string;
  /** What a school costs for a school year, in euros, as « 45,00 ». */
  prix: string;
  autorite_nom: string;
  debut: string;
  fin: string;
  etat: EtatConvention;
  nombre_ecoles: number;
}

export interface FinConvention {
  date: string;
  cumuls: SortCumuls;
  /** By when the schools' events and presence will have been destroyed. */
  destruction_avant: string | null;
}

export interface Convention extends ResumeConvention {
  ecoles: EcoleInscrite[];
  reconductions: { decidee_le: string; avant: string }[];
  cloture: FinConvention | null;
  /** When it ran out without being renewed: by when what its schools sent will be destroyed. */
  destruction_avant: string | null;
}

export interface Conventions {
  conventions: ResumeConvention[];
}

/** What is written to make or change a convention. */
export interface SaisieConvention extends Termes {
  prix: string | null;
  debut: string;
  fin: string;
  ecoles: { uai: string; entree: string; sortie: string | null }[];
}

export interface LigneRefusee {
  /** 0 for a whole convention. */
  ligne: number;
  colonne: string | null;
  raison: string;
}

export interface ReponseImport {
  lues: number;
  acceptees: number;
  conventions: { id: string; autorite_nom: string; nouvelle: boolean; ecoles: number }[];
  refus: LigneRefusee[];
  colonnes_ignorees: string[];
}

export interface EcoleDeployee {
  uai: string;
  nom: string | null;
  precision: string | null;
  etat: EtatEcole;
  /** Why it is not active, in words. */
  raison: string;
  plateforme: string;
  convention: string;
}

export interface PointRentree {
  /** As `2026-2027`. */
  annee: string;
  deployees: number;
}

export interface Participation {
  annee: string;
  convention: string;
  autorite_nom: string;
  ecoles: number;
  prix: string;
  total: string;
}

export interface Deploiement {
  niveau: Niveau;
  code: string;
  nom: string;
  debut: string;
  fin: string;
  /** The day on which schools are open or not: the period's last, or today. */
  jour: string;
  /** Null, as the next three, while no convention is recorded at all. */
  deployees: number | null;
  ouvertes: number | null;
  actives: number | null;
  jamais_visitees: number | null;
  ecoles: EcoleDeployee[];
  courbe: PointRentree[];
  participation: Participation[];
  participation_totale: string;
}
