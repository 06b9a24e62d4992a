// Incidents in words: which days, which schools.

import type { Portee } from '../api/incidents';
import type { Incident } from '../api/pilotage';
import { intervalle, jourLong } from '../formats/dates';
import { textes } from '../textes';
import { textesIncidents } from '../textesIncidents';

const t = textesIncidents;

/** « du 5 au 9 octobre 2026 », « depuis le 5 octobre 2026 », « à partir du 3 novembre 2026 » */
export function quand({ nature, du, au }: Incident): string {
  if (nature === 'rupture') return t.liste.aPartir(jourLong(du));
  return au === null ? t.liste.depuis(jourLong(du)) : intervalle(du, au);
}

/** « les écoles de la plateforme ONE-OCC », « département 031 » */
export function ecolesConcernees({ genre, plateforme, niveau, code, ecoles }: Portee): string {
  if (genre === 'plateforme') return t.portees.plateforme(plateforme ?? '');
  if (genre === 'toutes') return t.portees.toutes;
  if (genre === 'ecoles') {
    return ecoles.length === 0 ? t.portees.aucune : t.portees.ecoles(ecoles.length);
  }
  return niveau === null ? t.portees.toutes : `${textes.niveaux[niveau]} ${code ?? ''}`;
}

/** What a reader must know of it before the figures. */
export function avertissement(incident: Incident): string {
  return t.marque[incident.nature](incident.titre, quand(incident));
}
