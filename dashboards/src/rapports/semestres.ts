// Halves of a school year: what a committee's report is about.

import { enDate, plusMois, type Jour } from '../calendrier/jours';

export interface Semestre {
  /** Its first day: 1 August or 1 February. */
  debut: Jour;
  rang: 1 | 2;
  /** Its school year, `2026-2027`. */
  annee: string;
}

/** How many are offered. */
const OFFERTS = 4;

function contenant(jour: Jour): Semestre {
  const date = enDate(jour);
  const [annee, mois] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const rentree = mois >= 8 ? annee : annee - 1;
  const nom = `${String(rentree)}-${String(rentree + 1)}`;
  return mois >= 2 && mois <= 7
    ? { debut: `${String(annee)}-02-01`, rang: 2, annee: nom }
    : { debut: `${String(rentree)}-08-01`, rang: 1, annee: nom };
}

/** The halves that have a day over, the latest first. */
export function semestres(aujourdhui: Jour): Semestre[] {
  const courant = contenant(aujourdhui);
  const premier = courant.debut === aujourdhui ? plusMois(courant.debut, -6) : courant.debut;
  return Array.from({ length: OFFERTS }, (_, rang) => contenant(plusMois(premier, -6 * rang)));
}
