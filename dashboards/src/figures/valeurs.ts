// A figure is a number, or why there is none. Never one for the other: a masked figure is no zero.

import type { Blanc, Mesures } from '../api/contrat';

export type Valeur = number | Blanc;

/** The order in which reasons are told and rows without a number are sorted. */
export const BLANCS: readonly Blanc[] = ['masque', 'non_mesure', 'non_deploye'];

type NomMesure = Exclude<keyof Mesures, 'etat'>;

export function estNombre(valeur: Valeur): valeur is number {
  return typeof valeur === 'number';
}

/** One of the four measures. A cell that is not in the answer was measured: nobody came. */
export function valeurDe(mesures: Mesures | undefined, nom: NomMesure): Valeur {
  if (mesures === undefined) return 0;
  return mesures[nom] ?? blancDe(mesures) ?? 'non_mesure';
}

/** Why these measures are not shown, or null when they are. */
export function blancDe({ etat }: Mesures): Blanc | null {
  return BLANCS.find((blanc) => blanc === etat) ?? null;
}

/** Same, where nothing was measured on any day of the period: there is no zero to show. */
export function blancMontre(mesures: Mesures, mesuree: boolean): Blanc | null {
  return blancDe(mesures) ?? (mesures.visites === 0 && !mesuree ? 'non_mesure' : null);
}

/** A count of the answer where null stands for a masked one. */
export function valeurOuMasque(n: number | null): Valeur {
  return n ?? 'masque';
}

/** A ratio, or why it cannot be told; null when it divides by zero. */
export function rapport(numerateur: Valeur, denominateur: Valeur): Valeur | null {
  if (!estNombre(denominateur)) return denominateur;
  if (!estNombre(numerateur)) return numerateur;
  return denominateur === 0 ? null : numerateur / denominateur;
}

/** The number, or 0 for drawing and comparing what has been shown otherwise. */
export function nombreOuZero(valeur: Valeur): number {
  return estNombre(valeur) ? valeur : 0;
}

/** The reasons found among figures, each once. */
export function blancsParmi(valeurs: Iterable<Valeur>): Blanc[] {
  const vus = new Set(valeurs);
  return BLANCS.filter((blanc) => vus.has(blanc));
}
