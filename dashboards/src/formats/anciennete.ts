// How long ago something happened: « à l’instant », « il y a 3 min », « il y a 2 j ».

import { textesMarquage } from '../textesMarquage';

const relatif = new Intl.RelativeTimeFormat('fr-FR', { style: 'short' });

const MINUTE_MS = 60_000;
const HEURE_MS = 60 * MINUTE_MS;
const JOUR_MS = 24 * HEURE_MS;

/** From an instant of the API to `maintenant`, in milliseconds; a clock ahead of ours counts as now. */
export function anciennete(rfc3339: string, maintenant: number): string {
  const ecart = maintenant - Date.parse(rfc3339);
  if (ecart < MINUTE_MS) return textesMarquage.temps.instant;
  if (ecart < HEURE_MS) return relatif.format(-Math.floor(ecart / MINUTE_MS), 'minute');
  if (ecart < 2 * JOUR_MS) return relatif.format(-Math.floor(ecart / HEURE_MS), 'hour');
  return relatif.format(-Math.floor(ecart / JOUR_MS), 'day');
}
