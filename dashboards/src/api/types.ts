// The API's answers under the names the console gives them. Their shapes are generated from the
// API's own document (`npm run types`).

import type { components } from './schema';

export type { Couverture, Effectif, Mesures } from './contrat';

export type Schemas = components['schemas'];

export type Niveau =
  'national' | 'region' | 'academie' | 'departement' | 'circonscription' | 'commune' | 'ecole';
/** What a key or a site sends is counted, or only judged. */
export type Usage = 'production' | 'essai';
/** Which report is sent. */
export type Modele = 'comite' | 'lettre';
export type Grain = 'jour' | 'semaine' | 'mois' | 'annee';

/** Closed vocabularies that the document types as texts, by the name of their field. */
interface Vocabulaires {
  niveau: Niveau;
  grain: Grain;
  usage: Usage;
  modele: Modele;
}

/** An answer as it is written: a field that may be null is never absent. */
export type Ecrit<T> = T extends (infer U)[]
  ? Ecrit<U>[]
  : T extends object
    ? {
        [K in keyof T]-?: K extends keyof Vocabulaires
          ? Vocabulaires[K] | Extract<T[K], null>
          : Ecrit<Exclude<T[K], undefined>>;
      }
    : T;

export type Repere = Ecrit<Schemas['TerritoireNomme']>;
export type Session = Ecrit<Schemas['ReponseSession']>;
export type Plan = Ecrit<Schemas['ReponsePlan']>;
export type Membre = Ecrit<Schemas['MembreDoc']>;
export type Trouve = Ecrit<Schemas['TerritoireTrouve']>;
export type Recherche = Ecrit<Schemas['ReponseTerritoires']>;
export type Territoire = Ecrit<Schemas['ReponseTerritoire']>;
export type Cellule = Ecrit<Schemas['CelluleRendue']>;
export type Cellules = Ecrit<Schemas['ReponseCellules']>;
export type LigneProfil = Ecrit<Schemas['ChiffresProfil']>;
export type Synthese = Ecrit<Schemas['ReponseSynthese']>;
export type Moments = Ecrit<Schemas['ReponseMoments']>;
/** A row of any level: what only a school has is left to who reads schools. */
export type LigneTableau = Omit<Ecrit<Schemas['Ligne']>, keyof Schemas['FiltresEcole']>;
export type Tableau = Omit<Ecrit<Schemas['ReponseTableau']>, 'lignes'> & {
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
export type ComptesDeploiement = Ecrit<Schemas['ComptesDeploiement']>;
/** The deployment of a territory, month by month. */
export type CourbeDeploiement = Ecrit<Schemas['ReponseCourbe']>;
/** An incident or a series break, as the figures that it touches name it. */
export type IncidentDit = Ecrit<Schemas['IncidentDit']>;
export type Calendrier = Ecrit<Schemas['ReponseCalendrier']>;
/** An error as the API writes it (RFC 9457). */
export type Probleme = Schemas['Probleme'];
