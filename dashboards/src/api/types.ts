// The API's answers, one name per answer the console reads (contract: the OpenAPI document).

export type Niveau =
  'national' | 'region' | 'academie' | 'departement' | 'circonscription' | 'commune' | 'ecole';
export type Grain = 'jour' | 'semaine' | 'mois' | 'annee';

export interface Mesures {
  visites: number;
  utilisateurs: number;
  duree_ms: number;
  evenements: number;
}

export interface Repere {
  niveau: Niveau;
  code: string;
  nom: string;
}

export interface Session {
  identifiant: string;
  nom: string;
  perimetre: Repere;
}

export type Definitions = Record<string, string>;

export interface Membre {
  code: string;
  libelle: string;
}

export interface ServicePlan extends Membre {
  theme: string;
}

export interface Plan {
  version: string;
  profils: Membre[];
  types: Membre[];
  appareils: Membre[];
  os: Membre[];
  navigateurs: Membre[];
  tranches: Membre[];
  themes: Membre[];
  services: ServicePlan[];
  definitions: Definitions;
}

export interface Trouve extends Repere {
  precision: string | null;
}

export interface Recherche {
  resultats: Trouve[];
}

export interface Ecole {
  uai: string;
  type: string;
  nature: string;
  secteur: 'PU' | 'PR';
  commune: string;
  etat: string;
  effectif: number | null;
  education_prioritaire: string | null;
  latitude: number | null;
  longitude: number | null;
}

export interface Territoire extends Repere {
  ancetres: Repere[];
  enfants: { niveau: Niveau; nombre: number }[];
  zone: string | null;
  ecole: Ecole | null;
}

export interface Couverture {
  premier_jour: string | null;
  dernier_jour: string | null;
  calcule_le: string | null;
  annuaire: string | null;
}

export interface Cellule extends Mesures {
  code: string;
  debut: string;
  fin: string;
  en_cours: boolean;
  profil: string;
  axe: string;
  membre: string;
}

export interface Cellules {
  definitions: Definitions;
  couverture: Couverture;
  cellules: Cellule[];
}

export interface MesuresProfil {
  profil: string;
  mesures: Mesures;
  precedentes: Mesures | null;
}

export interface Synthese {
  periode: {
    grain: Grain;
    debut: string;
    fin: string;
    en_cours: boolean;
    jours_ecoules: number;
    jours: number;
  };
  precedente: { debut: string; fin: string } | null;
  profils: MesuresProfil[];
  couverture: Couverture;
  definitions: Definitions;
}

export interface Moments {
  jours: { jour: number; heures: number[] }[];
}

export interface LigneTableau {
  code: string;
  nom: string;
  precision: string | null;
  type: string | null;
  mesures: Mesures;
  precedentes: Mesures | null;
  serie: number[];
}

export interface Tableau {
  lignes: LigneTableau[];
  semaines: string[];
}

export interface Calendrier {
  annee: string;
  debut: string;
  fin: string;
  zone: string | null;
  vacances: { nom: string; premier_jour: string; dernier_jour: string }[];
  aujourdhui: string;
  premier_jour_mesure: string | null;
  dernier_jour_mesure: string | null;
}

/** An error as the API writes it (RFC 9457). */
export interface Probleme {
  type: string;
  title: string;
  status: number;
  detail?: string;
}
