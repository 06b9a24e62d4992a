// The weekdays of a period that have been: a day still to come is not a day without visits.

import type { Moments } from '../api/types';
import { enDate, plus, type Jour } from '../calendrier/jours';
import type { Periode } from '../calendrier/periodes';

/** Weekdays of a week that are still to come. */
export function joursAVenir(periode: Periode, aujourdhui: Jour): number[] {
  if (periode.grain !== 'semaine') return [];
  const rangs = [1, 2, 3, 4, 5, 6, 7];
  return rangs.filter((rang) => plus(periode.debut, rang - 1) > aujourdhui);
}

/** The answer's weekdays that the period holds, up to today, 1 for Monday. */
export function joursPasses(
  jours: Moments['jours'],
  periode: Periode,
  aujourdhui: Jour,
): Moments['jours'] {
  const passes = new Set<number>();
  const dernier = periode.fin < aujourdhui ? periode.fin : aujourdhui;
  for (let j = periode.debut; j <= dernier && passes.size < 7; j = plus(j, 1)) {
    passes.add(enDate(j).getUTCDay() || 7);
  }
  return jours.filter(({ jour }) => passes.has(jour));
}
