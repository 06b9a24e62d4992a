// Answers of the API kept for the time of going back and forth between pages.

import { PLAN } from '../api/requetes';

const DUREE_MS = 60_000;
/** The marking plan does not change while one reads. */
const DUREE_PLAN_MS = 3_600_000;
const NOMBRE_MAX = 60;

const reponses = new Map<string, { recue: number; donnees: unknown }>();

function dureeDe(adresse: string): number {
  return adresse === PLAN ? DUREE_PLAN_MS : DUREE_MS;
}

/** The answer of an address received less than a minute ago, or `null`. */
export function reponseConnue(adresse: string): unknown {
  const reponse = reponses.get(adresse);
  if (reponse === undefined) return null;
  if (Date.now() - reponse.recue < dureeDe(adresse)) return reponse.donnees;
  reponses.delete(adresse);
  return null;
}

/** Keeps an answer, and forgets the oldest one past a limit. */
export function retenirReponse(adresse: string, donnees: unknown): void {
  reponses.delete(adresse);
  reponses.set(adresse, { recue: Date.now(), donnees });
  const [ancienne] = reponses.keys();
  if (reponses.size > NOMBRE_MAX && ancienne !== undefined) reponses.delete(ancienne);
}

/** Forgets the answer of an address: the next one asked for is new. */
export function oublierReponse(adresse: string): void {
  reponses.delete(adresse);
}

/** Forgets everything: another person may be signing in. */
export function oublierReponses(): void {
  reponses.clear();
}
