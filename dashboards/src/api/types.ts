// The API's answers under the names the console gives them. Their shapes are generated from the
// API's own document (`npm run types`).

import type { components } from './schema';

import type { AvecCouverture, JourMoments, LigneProfil, LigneTableau, Mesures } from './contrat';

export type { Couverture, Effectif, JourMoments, LigneTableau, Mesures } from './contrat';

type Schemas = components['schemas'];

export type Niveau =
  'national' | 'region' | 'academie' | 'departement' | 'circonscription' | 'commune' | 'ecole';
/** What a key or a site sends is counted, or only judged. */
export type Usage = 'production' | 'essai';
export type Grain = 'jour' | 'semaine' | 'mois' | 'annee';

/** Closed vocabularies that the document types as texts, by the name of their field. */
interface Vocabulaires {
  niveau: Niveau;
  grain: Grain;
  usage: Usage;
}

/** An answer as it is written: a field that may be null is never absent. */
type Ecrit<T> = T extends (infer U)[]
  ? Ecrit<U>[]
  : T extends object
    ? {
        [K in keyof T]-?: K extends keyof Vocabulaires
          ? Vocabulaires[K]
          : Ecrit<Exclude<T[K], undefined>>;
      }
    : T;

export type Repere = Ecrit<Schemas['TerritoireNomme']>;
export type Session = Ecrit<Schemas['ReponseSession']> & {
  /** What the session must do before anything else: `inscription_totp`. */
  a_faire?: string | null;
  /** The named sets of schools it sees. */
  ensembles?: { id: string; nom: string }[];
};
export type Plan = Ecrit<Schemas['ReponsePlan']>;
export type Membre = Ecrit<Schemas['MembreDoc']>;
export type Trouve = Ecrit<Schemas['TerritoireTrouve']>;
export type Recherche = Ecrit<Schemas['ReponseTerritoires']>;
export type Territoire = Ecrit<Schemas['ReponseTerritoire']>;
export type Cellule = Omit<Ecrit<Schemas['CelluleRendue']>, keyof Mesures> & Mesures;
export type Cellules = Omit<AvecCouverture<Ecrit<Schemas['ReponseCellules']>>, 'cellules'> & {
  cellules: Cellule[];
};
export type Synthese = Omit<AvecCouverture<Ecrit<Schemas['ReponseSynthese']>>, 'profils'> & {
  profils: LigneProfil[];
};
export type Moments = Omit<AvecCouverture<Ecrit<Schemas['ReponseMoments']>>, 'jours'> & {
  jours: JourMoments[];
};
export type Tableau = Omit<AvecCouverture<Ecrit<Schemas['ReponseTableau']>>, 'lignes'> & {
  lignes: LigneTableau[];
};
export type Qualite = Ecrit<Schemas['ReponseQualite']>;
export type Releve = Ecrit<Schemas['Releve']>;
export type ReleveDuJour = Ecrit<Schemas['ReleveDuJour']>;
export type ReleveEmetteur = Ecrit<Schemas['ReleveEmetteur']>;
export type RaisonRefus = Ecrit<Schemas['RaisonRefus']>;
export type AlerteIdentifiant = Ecrit<Schemas['AlerteIdentifiant']>;
export type EcoleRecue = Ecrit<Schemas['EcoleRecue']>;
export type QualiteEcoles = Ecrit<Schemas['ReponseQualiteEcoles']>;
export type Integration = Ecrit<Schemas['ReponseIntegration']>;
export type SiteRendu = Ecrit<Schemas['SiteRendu']>;
export type CleRendue = Ecrit<Schemas['CleRendue']>;
export type Calendrier = Ecrit<Schemas['ReponseCalendrier']>;
/** An error as the API writes it (RFC 9457). */
export type Probleme = Schemas['Probleme'];
