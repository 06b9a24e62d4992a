// How the list of conventions is looked at, and the rows that it then has.

import type { EtatConvention, ResumeConvention } from '../api/conventions';
import { chercher } from '../formats/recherche';

export const ETATS: readonly EtatConvention[] = [
  'a_venir',
  'en_vigueur',
  'echue',
  'terminee',
  'detruite',
];
export const TRIS_CONVENTIONS = ['nom', 'plateforme', 'ecoles', 'debut', 'fin'] as const;
export type TriConventions = (typeof TRIS_CONVENTIONS)[number];

export interface VueConventions {
  recherche: string;
  etat: EtatConvention | '';
  tri: TriConventions;
  decroissant: boolean;
}

export function lireVueConventions(q: string): VueConventions {
  const lus = new URLSearchParams(q);
  const tri = lus.get('tri') ?? 'nom';
  return {
    recherche: lus.get('recherche') ?? '',
    etat: ETATS.find((etat) => etat === lus.get('etat')) ?? '',
    tri: TRIS_CONVENTIONS.find((nom) => nom === tri.replace(/^-/, '')) ?? 'nom',
    decroissant: tri.startsWith('-'),
  };
}

const ordre = new Intl.Collator('fr', { numeric: true, sensitivity: 'base' });

const CLES: Record<TriConventions, (c: ResumeConvention) => string> = {
  nom: (c) => c.autorite_nom,
  plateforme: (c) => c.plateforme,
  ecoles: (c) => String(c.nombre_ecoles),
  debut: (c) => c.debut,
  fin: (c) => c.fin,
};

/** The rows that a view asks for, in its order. */
export function conventionsVues(
  conventions: ResumeConvention[],
  vue: VueConventions,
): ResumeConvention[] {
  const trouve = chercher(vue.recherche);
  const sens = vue.decroissant ? -1 : 1;
  const cle = CLES[vue.tri];
  return conventions
    .filter((c) => vue.etat === '' || c.etat === vue.etat)
    .filter((c) => trouve(`${c.autorite_nom} ${c.fournisseur} ${c.plateforme} ${c.id}`))
    .sort((a, b) => sens * ordre.compare(cle(a), cle(b)) || ordre.compare(a.id, b.id));
}
