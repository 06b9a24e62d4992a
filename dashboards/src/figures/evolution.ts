// A series: the answer's cells laid out week by week, or month by month, absent cells being measured
// zeros.

import type { Calendrier, Cellules, Membre } from '../api/types';
import { plus, plusMois, type Jour } from '../calendrier/jours';
import { lundisDe, periode } from '../calendrier/periodes';
import type { NomMesure } from '../etat/adresse';
import { valeurDe, type Valeur } from './valeurs';

/** What a point of the series spans. */
export const PAS = ['semaine', 'mois'] as const;
export type Pas = (typeof PAS)[number];

/** A point of the series: a week, or a month. */
export interface Semaine {
  debut: Jour;
  fin: Jour;
  enCours: boolean;
  valeurs: ReadonlyMap<string, Valeur>;
}

/** What a profile did in a week: nothing, when the answer has no cell of it. */
export function valeurSemaine(semaine: Semaine, profil: string): Valeur {
  return semaine.valeurs.get(profil) ?? 0;
}

/** The weeks measured of a school year, from the first day measured to the last. */
export function semainesMesurees(
  reponse: Pick<Cellules, 'cellules' | 'couverture'>,
  calendrier: Calendrier,
  mesure: NomMesure,
  pas: Pas = 'semaine',
): Semaine[] {
  const { premier_jour: premier, dernier_jour: dernier } = reponse.couverture;
  if (premier === null || dernier === null) return [];
  const valeurs = new Map<Jour, Map<string, Valeur>>();
  for (const cellule of reponse.cellules) {
    const semaine = valeurs.get(cellule.debut) ?? new Map<string, Valeur>();
    valeurs.set(cellule.debut, semaine.set(cellule.profil, valeurDe(cellule, mesure)));
  }
  return debutsDe(calendrier, pas)
    .map((debut) => periode(pas, debut))
    .filter(({ debut, fin }) => fin >= premier && debut <= dernier)
    .map(({ debut, fin }) => ({
      debut,
      fin,
      enCours: fin >= calendrier.aujourdhui,
      valeurs: valeurs.get(debut) ?? new Map<string, Valeur>(),
    }));
}

/** The first days of the weeks, or of the months, of a school year. */
export function debutsDe({ debut, fin }: Pick<Calendrier, 'debut' | 'fin'>, pas: Pas): Jour[] {
  if (pas === 'semaine') return lundisDe(debut, fin);
  return Array.from({ length: 12 }, (_, rang) => plusMois(debut, rang)).filter((j) => j <= fin);
}

/** The profiles that came at least once, in the plan's order. */
export function profilsPresents(semaines: Semaine[], profils: Membre[]): Membre[] {
  return profils.filter(({ code }) => semaines.some((s) => valeurSemaine(s, code) !== 0));
}

/**
 * The span of days to draw: the school year, without the empty summer before the first week
 * measured, and no further than six weeks after the last one while the year goes on.
 */
export function etendueDessinee(semaines: Semaine[], calendrier: Calendrier): [Jour, Jour] {
  const premiere = semaines[0]?.debut ?? calendrier.debut;
  const derniere = semaines.at(-1)?.debut ?? calendrier.debut;
  const rentree = `${calendrier.debut.slice(0, 4)}-08-31`;
  const debut = premiere < rentree ? premiere : rentree;
  const suite = plus(derniere, 7 * 7);
  const fin =
    calendrier.aujourdhui > calendrier.fin || suite > calendrier.fin ? calendrier.fin : suite;
  return [debut, fin];
}
