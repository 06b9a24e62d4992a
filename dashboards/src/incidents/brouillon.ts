// An incident as it is typed, and what is sent of it.

import type { Genre, IncidentDeclare, IncidentEcrit, Portee } from '../api/incidents';
import type { Incident } from '../api/pilotage';
import type { Repere } from '../api/types';
import { textesIncidents } from '../textesIncidents';

export interface Brouillon {
  nature: Incident['nature'];
  titre: string;
  explication: string;
  du: string;
  /** Empty while it lasts. */
  au: string;
  genre: Genre;
  plateforme: string;
  territoire: Repere | null;
  ecoles: { uai: string; nom: string }[];
}

/** A new one, in the territory one looks at. */
export function vierge(territoire: Repere | null, jour: string): Brouillon {
  return {
    nature: 'incident',
    titre: '',
    explication: '',
    du: jour,
    au: '',
    genre: 'territoire',
    plateforme: '',
    territoire,
    ecoles: [],
  };
}

/** A new one, on a provider's platform. */
export function viergeDePlateforme(plateforme: string, jour: string): Brouillon {
  return { ...vierge(null, jour), genre: 'plateforme', plateforme };
}

/** One declared, to be changed; the identifiers of schools stand for their names. */
export function brouillonDe({ portee, lieu, ...dit }: IncidentDeclare): Brouillon {
  const { niveau, code } = portee;
  return {
    nature: dit.nature,
    titre: dit.titre,
    explication: dit.explication,
    du: dit.du,
    au: dit.au ?? '',
    genre: portee.genre,
    plateforme: portee.plateforme ?? '',
    territoire: niveau === null || code === null ? null : { niveau, code, nom: lieu ?? code },
    ecoles: portee.ecoles.map((uai) => ({ uai, nom: uai })),
  };
}

/** What lacks, in words; null when it may be sent. */
export function manqueA(b: Brouillon): string | null {
  const m = textesIncidents.saisie.manque;
  if (b.titre.trim() === '') return m.titre;
  if (b.du === '') return m.du;
  if (b.nature === 'incident' && b.au !== '' && b.au < b.du) return m.au;
  if (b.genre === 'territoire' && b.territoire === null) return m.territoire;
  if (b.genre === 'ecoles' && b.ecoles.length === 0) return m.ecoles;
  if (b.genre === 'plateforme' && b.plateforme.trim() === '') return m.plateforme;
  return null;
}

/** A series break has no last day. */
export function ecrit(b: Brouillon): IncidentEcrit {
  return {
    nature: b.nature,
    titre: b.titre.trim(),
    explication: b.explication.trim(),
    du: b.du,
    au: b.nature === 'rupture' || b.au === '' ? null : b.au,
    portee: porteeDe(b),
  };
}

function porteeDe(b: Brouillon): Portee {
  const territoire = b.genre === 'territoire' ? b.territoire : null;
  return {
    genre: b.genre,
    plateforme: b.genre === 'plateforme' ? b.plateforme.trim() : null,
    niveau: territoire?.niveau ?? null,
    code: territoire?.code ?? null,
    ecoles: b.genre === 'ecoles' ? b.ecoles.map((e) => e.uai) : [],
  };
}

/** What was declared, to be declared again as it was. */
export function redeclarer(i: IncidentDeclare): IncidentEcrit {
  const { nature, titre, explication, du, au, portee } = i;
  return { nature, titre, explication, du, au, portee };
}
