// Periods as the cells name them: a day, a week (from its Monday), a month, a school year (from
// 1 August).

import type { Grain } from '../api/types';
import { enDate, lundi, plus, plusMois, type Jour } from './jours';

export const GRAINS: readonly Grain[] = ['jour', 'semaine', 'mois', 'annee'];

export interface Periode {
  grain: Grain;
  debut: Jour;
  fin: Jour;
}

/** The first civil year of the school year that contains a day. */
function anneeDe(jour: Jour): number {
  const date = enDate(jour);
  return date.getUTCMonth() >= 7 ? date.getUTCFullYear() : date.getUTCFullYear() - 1;
}

/** The name of the school year that contains a day: `2026-2027`. */
export function anneeScolaire(jour: Jour): string {
  const annee = anneeDe(jour);
  return `${annee}-${annee + 1}`;
}

/** The period of this grain that contains a day. */
export function periode(grain: Grain, jour: Jour): Periode {
  switch (grain) {
    case 'jour':
      return { grain, debut: jour, fin: jour };
    case 'semaine': {
      const debut = lundi(jour);
      return { grain, debut, fin: plus(debut, 6) };
    }
    case 'mois': {
      const debut = `${jour.slice(0, 8)}01`;
      return { grain, debut, fin: plus(plusMois(debut, 1), -1) };
    }
    case 'annee': {
      const annee = anneeDe(jour);
      return { grain, debut: `${annee}-08-01`, fin: `${annee + 1}-07-31` };
    }
  }
}

export function precedente(p: Periode): Periode {
  return periode(p.grain, plus(p.debut, -1));
}

export function suivante(p: Periode): Periode {
  return periode(p.grain, plus(p.fin, 1));
}

/**
 * The same place in time seen at another grain: from a year to a week, one lands on its last week
 * begun (today's, or the year's last), not on its empty first days.
 */
export function changerGrain(p: Periode, grain: Grain, aujourdhui: Jour): Periode {
  const repere = p.fin <= aujourdhui ? p.fin : aujourdhui < p.debut ? p.debut : aujourdhui;
  return periode(grain, repere);
}

/** The Mondays of a school year's weeks: those from 1 August to 31 July, as the cells name them. */
export function lundisDe(debut: Jour, fin: Jour): Jour[] {
  const premier = lundi(plus(debut, 6));
  const lundis: Jour[] = [];
  for (let jour = premier; jour <= fin; jour = plus(jour, 7)) lundis.push(jour);
  return lundis;
}
