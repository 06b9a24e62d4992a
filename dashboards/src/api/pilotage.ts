// The shapes of what the views of a territory ask for, beside those of types.ts.

import type { Effectif, Mesures } from './contrat';
import type { LigneProfil, LigneTableau, Niveau, Repere, Synthese, Tableau } from './types';

/** Days that were not fed, or a day from which the method changed. */
export interface Incident {
  id: string;
  nature: 'incident' | 'rupture';
  titre: string;
  explication: string;
  du: string;
  /** Null while it lasts. */
  au: string | null;
}

export interface Incidents {
  incidents: Incident[];
}

/** Ratios of an enclosing territory; null where they are not shown. */
export interface Rapports {
  visites_par_utilisateur: number | null;
  taux_utilisateurs: number | null;
  duree_moyenne_ms: number | null;
}

export type ProfilCompare = LigneProfil & {
  effectif: Effectif | null;
  /** Same school weeks of the year before. */
  an_dernier?: Mesures | null;
  englobant?: Rapports | null;
};

export interface Deploiements {
  deployees: number;
  ouvertes: number;
  actives: number;
  jamais_visitees: number;
}

export type SyntheseComparee = Omit<Synthese, 'profils'> & {
  profils: ProfilCompare[];
  an_dernier?: { debut: string; fin: string; jours: number } | null;
  englobant?: Repere | null;
  deploiement?: Deploiements | null;
  incidents?: string[];
};

/** What a school does with its ENT over a period. */
export type EtatPoint = 'actif' | 'ouvert' | 'jamais_visite' | 'non_deploye';

export interface Point {
  uai: string;
  nom: string;
  type: string;
  lat: number;
  lon: number;
  etat: EtatPoint;
  mesures: Mesures;
}

/** Bands of pupils. */
export const TRANCHES_EFFECTIF = ['0-49', '50-99', '100-199', '200-399', '400+'] as const;
export type TrancheEffectif = (typeof TRANCHES_EFFECTIF)[number];

/** A row of the table; what follows is a school's. */
export type LigneEcole = LigneTableau & {
  secteur?: string;
  education_prioritaire?: string | null;
  tranche_effectif?: TrancheEffectif | null;
  plateforme?: string | null;
  etat?: EtatPoint;
};

export type TableauEcoles = Omit<Tableau, 'lignes'> & {
  lignes: LigneEcole[];
  incidents?: string[];
};

export interface TerritoirePlace extends Repere {
  lat: number;
  lon: number;
  ecoles: number;
  mesures: Mesures;
}

export interface Carte {
  points: Point[];
  territoires: TerritoirePlace[];
  incidents?: string[];
}

/** A territory, a school or a named set of schools, beside others. */
export interface LieuCompare extends Rapports {
  niveau: Niveau | 'ensemble';
  code: string;
  nom: string;
  mesures: Mesures;
  /** Visits of each week; null where they are not shown. */
  serie: (number | null)[];
}

export interface Comparaison {
  lieux: LieuCompare[];
  semaines: string[];
}

export type NomIndicateur =
  | 'visites_par_utilisateur'
  | 'taux_utilisateurs'
  | 'visites_pour_100_eleves'
  | 'duree_moyenne_ms'
  | 'jours_actifs';

/** A school's figure among those of its peers. */
export interface Indicateur {
  nom: NomIndicateur;
  valeur: number | null;
  q1: number | null;
  mediane: number | null;
  q3: number | null;
}

export interface Pairs {
  groupe: { type: string; taille: string; secteur: string; territoire: Repere; ecoles: number };
  indicateurs: Indicateur[];
  /** Why there is nothing to compare with. */
  refus: string | null;
}
