// Incidents in words: which days, which schools.

import type { Portee } from '../api/incidents';
import type { IncidentDit } from '../api/types';
import { intervalle, jourLong } from '../formats/dates';
import { textes } from '../textes';
import { textesIncidents } from '../textesIncidents';

const t = textesIncidents;

/** « du 5 au 9 octobre 2026 », « depuis le 5 octobre 2026 », « à partir du 3 novembre 2026 » */
export function quand({ nature, du, au }: Pick<IncidentDit, 'nature' | 'du' | 'au'>): string {
  if (nature === 'rupture') return t.liste.aPartir(jourLong(du));
  return au === null ? t.liste.depuis(jourLong(du)) : intervalle(du, au);
}

/** « les écoles de la plateforme ONE-OCC », « commune : Perpignan »; a place by its name. */
export function ecolesConcernees(portee: Portee, lieu: string | null): string {
  const { genre, plateforme, niveau, code, ecoles } = portee;
  if (genre === 'plateforme') return t.portees.plateforme(plateforme ?? '');
  if (genre === 'toutes') return t.portees.toutes;
  if (genre === 'ecoles') {
    return ecoles.length === 0 ? t.portees.aucune : t.portees.ecoles(ecoles.length);
  }
  return niveau === null
    ? t.portees.toutes
    : t.portees.territoire(textes.niveaux[niveau], lieu ?? code ?? '');
}

/** What a reader must know of it before the figures. */
export function avertissement(incident: IncidentDit): string {
  return t.marque[incident.nature](incident.titre, quand(incident));
}
