// The shapes of figures that may be withheld: four numbers, or why there are none.

/** Why a figure is not shown; a zero is shown, as a number. */
export type Blanc = 'masque' | 'non_mesure' | 'non_deploye';

export interface Mesures {
  etat: 'mesure' | Blanc;
  visites: number | null;
  utilisateurs: number | null;
  duree_ms: number | null;
  evenements: number | null;
}

/** How many people a rate is out of, and when they were counted. */
export interface Effectif {
  nombre: number;
  date: string;
}

export interface Couverture {
  premier_jour: string | null;
  dernier_jour: string | null;
  calcule_le: string | null;
  annuaire: string | null;
  /** Null while no convention is recorded at all. */
  ecoles_mesurees: number | null;
  ecoles_deployees: number | null;
}

export type AvecCouverture<T> = Omit<T, 'couverture'> & { couverture: Couverture };

interface Comparees {
  mesures: Mesures;
  comparees: Mesures | null;
  precedentes: Mesures | null;
}

export interface LigneProfil extends Comparees {
  profil: string;
  effectif: Effectif | null;
  /** Users out of head count, from 0 to 1. */
  taux_utilisateurs: number | null;
}

export interface LigneTableau extends Comparees {
  code: string;
  nom: string;
  precision: string | null;
  type: string | null;
  /** Visits of each week; null where they are masked. */
  serie: (number | null)[];
}

export interface JourMoments {
  /** 1 for Monday. */
  jour: number;
  /** Visits of each hour; null where they are masked. */
  heures: (number | null)[];
}
