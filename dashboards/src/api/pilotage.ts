// The shapes of what the views of a territory ask for, beside those of types.ts: what they read of
// each answer.

import type { IncidentDeclare } from './incidents';
import type { Ecrit, LigneTableau, Niveau, Schemas, Tableau } from './types';

/** Days that were not fed, or a day from which the method changed: what a figure says of them. */
export type Incident = Pick<
  IncidentDeclare,
  'id' | 'nature' | 'titre' | 'explication' | 'du' | 'au'
>;

/** Ratios of an enclosing territory; null where they are not shown. */
export type Rapports = Ecrit<Schemas['RatiosRendus']>;

/** What a school does with its ENT over a period. */
export type EtatPoint = Schemas['EtatOuverture'];

/** Bands of pupils. */
export const TRANCHES_EFFECTIF = ['0-49', '50-99', '100-199', '200-399', '400+'] as const;
export type TrancheEffectif = (typeof TRANCHES_EFFECTIF)[number];

/** A row of the table; what follows is a school's. */
export type LigneEcole = LigneTableau &
  Partial<Omit<Ecrit<Schemas['FiltresEcole']>, 'tranche_effectif'>> & {
    tranche_effectif?: TrancheEffectif | null;
  };

export type TableauEcoles = Omit<Tableau, 'lignes'> & { lignes: LigneEcole[] };

export type Carte = Pick<Ecrit<Schemas['ReponseCarte']>, 'points' | 'territoires' | 'incidents'>;

/** A territory, a school or a named set of schools, beside others. */
export type LieuCompare = Omit<Ecrit<Schemas['LieuCompare']>, 'niveau'> & {
  niveau: Niveau | 'ensemble';
};

export type Comparaison = Pick<Ecrit<Schemas['ReponseComparer']>, 'semaines'> & {
  lieux: LieuCompare[];
};

export type NomIndicateur =
  | 'visites_par_utilisateur'
  | 'taux_utilisateurs'
  | 'visites_pour_100_eleves'
  | 'duree_moyenne_ms'
  | 'jours_actifs';

/** A school's figure among those of its peers. */
export type Indicateur = Omit<Ecrit<Schemas['Indicateur']>, 'nom' | 'ecoles'> & {
  nom: NomIndicateur;
};

export type Pairs = Pick<Ecrit<Schemas['ReponsePairs']>, 'groupe' | 'refus'> & {
  indicateurs: Indicateur[];
};
