// What every view of a territory is given: who it is, when it is looked at, and how.

import type { CadrePeriode } from '../api/requetes';
import type { Calendrier, Plan, Territoire } from '../api/types';
import type { Periode } from '../calendrier/periodes';
import { SECTIONS, type Section, type Vue } from '../etat/adresse';

export interface Contexte {
  territoire: Territoire;
  plan: Plan;
  calendrier: Calendrier;
  vue: Vue;
  periode: Periode;
  cadre: CadrePeriode;
  /** Whether some day of the period was measured: outside these days, there is no zero to show. */
  mesuree: boolean;
}

/** The views that a territory has: a school has no schools inside, nor a map. */
export function sectionsDe(territoire: Territoire): Section[] {
  return SECTIONS.filter((s) => territoire.niveau !== 'ecole' || (s !== 'ecoles' && s !== 'carte'));
}
