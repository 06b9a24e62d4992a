// What one looks at on the page of tagging quality, and how: read from its address, written there.

import { estJour, type Jour } from '../calendrier/jours';

export const TRIS_ECOLES = [
  'nom',
  'recus',
  'acceptes',
  'refuses',
  'tardifs',
  'sans_client',
  'dernier',
] as const;
export type TriEcoles = (typeof TRIS_ECOLES)[number];

export interface VueQualite {
  /** One platform; empty for all in sight. */
  plateforme: string;
  /** Days of receipt; absent, the last seven. */
  du: Jour | null;
  au: Jour | null;
  /** Of the table of schools. */
  tri: TriEcoles;
  decroissant: boolean;
  page: number;
  recherche: string;
  inconnues: boolean;
}

export const VUE_QUALITE_INITIALE: VueQualite = {
  plateforme: '',
  du: null,
  au: null,
  tri: 'recus',
  decroissant: true,
  page: 1,
  recherche: '',
  inconnues: false,
};

/** Longest name of a platform, in characters. */
const PLATEFORME_MAX = 100;

export function lireVueQualite(q: URLSearchParams): VueQualite {
  const [du, au] = [jour(q.get('du')), jour(q.get('au'))];
  const ordonnes = du !== null && au !== null && du <= au;
  const tri = q.get('tri') ?? '-recus';
  const connu = TRIS_ECOLES.find((nom) => nom === tri.replace(/^-/, ''));
  const page = Number(q.get('page') ?? 1);
  return {
    plateforme: (q.get('plateforme') ?? '').slice(0, PLATEFORME_MAX),
    du: ordonnes ? du : null,
    au: ordonnes ? au : null,
    tri: connu ?? VUE_QUALITE_INITIALE.tri,
    decroissant: connu === undefined || tri.startsWith('-'),
    page: Number.isSafeInteger(page) && page >= 1 ? page : 1,
    recherche: q.get('recherche') ?? '',
    inconnues: q.get('inconnues') === 'oui',
  };
}

function jour(texte: string | null): Jour | null {
  return texte !== null && estJour(texte) ? texte : null;
}

/** The query of an address: only what differs from the start. */
export function ecrireVueQualite(v: VueQualite): string {
  const q = new URLSearchParams();
  if (v.plateforme !== '') q.set('plateforme', v.plateforme);
  if (v.du !== null && v.au !== null) {
    q.set('du', v.du);
    q.set('au', v.au);
  }
  if (v.tri !== VUE_QUALITE_INITIALE.tri || v.decroissant !== VUE_QUALITE_INITIALE.decroissant) {
    q.set('tri', `${v.decroissant ? '-' : ''}${v.tri}`);
  }
  if (v.page > 1) q.set('page', String(v.page));
  if (v.recherche !== '') q.set('recherche', v.recherche);
  if (v.inconnues) q.set('inconnues', 'oui');
  const texte = q.toString();
  return texte === '' ? '' : `?${texte}`;
}
