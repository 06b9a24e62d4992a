// The address holds the whole state of a page: these two functions are the only way between them.

import type { Grain, Niveau } from '../api/types';
import { aujourdhuiLocal, estJour, type Jour } from '../calendrier/jours';
import { GRAINS, periode, type Periode } from '../calendrier/periodes';
import { ecrireVueQualite, lireVueQualite, type VueQualite } from './vueQualite';

export const NIVEAUX: readonly Niveau[] = [
  'national',
  'region',
  'academie',
  'departement',
  'circonscription',
  'commune',
  'ecole',
];

export const MESURES = ['visites', 'utilisateurs'] as const;
export type NomMesure = (typeof MESURES)[number];

export const TRIS = [
  'nom',
  'visites',
  'evolution',
  'utilisateurs',
  'parutilisateur',
  'duree',
] as const;
export type Tri = (typeof TRIS)[number];

/** The views of a territory, each at an address of its own. */
export const SECTIONS = ['accueil', 'evolution', 'services', 'moments', 'ecoles', 'carte'] as const;
export type Section = (typeof SECTIONS)[number];

/** Parameters that one view alone reads; what they may hold is its own affair. */
export const OPTIONS = [
  'pas',
  'forme',
  'axe',
  'lecture',
  'etat',
  'type',
  'secteur',
  'priorite',
  'taille',
  'plateforme',
  'colonnes',
  'echelle',
  'centre',
] as const;
export type NomOption = (typeof OPTIONS)[number];
export type Options = Partial<Record<NomOption, string>>;

/** What one looks at on a territory's page, and how. */
export interface Vue {
  grain: Grain;
  /** First day of the period; absent, the page chooses the last period measured. */
  debut: Jour | null;
  profil: string;
  /** Measure of the weekly series. */
  mesure: NomMesure;
  /** Level of the rows of the table; absent, the nearest one. */
  enfants: Niveau | null;
  tri: Tri;
  decroissant: boolean;
  filtre: string;
  sansVisite: boolean;
  options: Options;
}

export const RUBRIQUES = ['comptes', 'perimetres', 'certificats', 'journal', 'reglages'] as const;
export type Rubrique = (typeof RUBRIQUES)[number];

export type Adresse =
  | { page: 'accueil' }
  | { page: 'choix' }
  | { page: 'territoire'; niveau: Niveau; code: string; section: Section; vue: Vue }
  | { page: 'comparer'; q: string }
  | { page: 'tournee'; q: string }
  | { page: 'suivi'; q: string }
  | { page: 'qualite'; vue: VueQualite }
  | { page: 'integration' }
  | { page: 'incidents'; q: string }
  | { page: 'accessibilite' }
  | { page: 'plan' }
  | { page: 'compte' }
  | { page: 'rapports' }
  | { page: 'invitation'; jeton: string }
  | { page: 'conventions'; q: string }
  | { page: 'convention'; id: string; modifier: boolean }
  | { page: 'nouvelle-convention' }
  | { page: 'import-conventions' }
  | { page: 'deploiement'; niveau: Niveau; code: string; q: string }
  | { page: 'ensemble'; id: string; q: string }
  | { page: 'administration'; rubrique: Rubrique; q: string }
  | { page: 'inconnue' };

export const VUE_INITIALE: Vue = {
  grain: 'semaine',
  debut: null,
  profil: 'TOUS',
  mesure: 'visites',
  enfants: null,
  tri: 'visites',
  decroissant: true,
  filtre: '',
  sansVisite: false,
  options: {},
};

function parmi<T extends string>(liste: readonly T[], texte: string | null): T | null {
  return liste.find((membre) => membre === texte) ?? null;
}

/** The day that a parameter names, if it is one. */
export function lireJour(q: URLSearchParams, nom: string): Jour | null {
  const jour = q.get(nom) ?? '';
  return estJour(jour) ? jour : null;
}

/** The period that a query asks for, or the month one is in. */
export function lirePeriode(q: URLSearchParams): Periode {
  const grain = parmi(GRAINS, q.get('grain')) ?? 'mois';
  return periode(grain, lireJour(q, 'debut') ?? aujourdhuiLocal());
}

/** Reads an address; anything it does not understand in the query takes its initial value. */
export function lire(chemin: string, recherche: string, ancre = ''): Adresse {
  // An invitation may come behind a « # », which no server's log ever sees.
  if (ancre.startsWith('#/invitation/')) return lire(ancre.slice(1), '');
  const parties = chemin.split('/').filter((partie) => partie !== '');
  if (parties.length === 0) return { page: 'accueil' };
  const q = new URLSearchParams(recherche);
  if (parties.length === 1 && parties[0] === 'qualite') {
    return { page: 'qualite', vue: lireVueQualite(q) };
  }
  if (parties.length === 1 && parties[0] === 'integration') return { page: 'integration' };
  if (parties[0] !== 'territoires') return lireGestion(parties.map(decoder), q);
  if (parties.length === 1) return { page: 'choix' };
  const niveau = parmi(NIVEAUX, parties[1] ?? null);
  const code = decoder(parties[2] ?? '');
  const section = parmi(SECTIONS, parties[3] ?? 'accueil');
  if (niveau === null || code === '' || section === null || parties.length > 4) {
    return { page: 'inconnue' };
  }
  return { page: 'territoire', niveau, code, section, vue: lireVue(q) };
}

/** The pages where one manages something; their query is read by each. */
function lireGestion(parties: string[], q: URLSearchParams): Adresse {
  const [premiere, deuxieme = '', troisieme = ''] = parties;
  const longueur = parties.length;
  if (premiere === 'comparer' && longueur === 1) return { page: 'comparer', q: q.toString() };
  if (premiere === 'tournee' && longueur === 1) return { page: 'tournee', q: q.toString() };
  if (premiere === 'suivi' && longueur === 1) return { page: 'suivi', q: q.toString() };
  if (premiere === 'incidents' && longueur === 1) return { page: 'incidents', q: q.toString() };
  if (premiere === 'accessibilite' && longueur === 1) return { page: 'accessibilite' };
  if (premiere === 'plan' && longueur === 1) return { page: 'plan' };
  if (premiere === 'compte' && longueur === 1) return { page: 'compte' };
  if (premiere === 'rapports' && longueur === 1) return { page: 'rapports' };
  if (premiere === 'invitation' && longueur === 2 && deuxieme !== '') {
    return { page: 'invitation', jeton: deuxieme };
  }
  if (premiere === 'conventions') {
    if (longueur === 1) return { page: 'conventions', q: q.toString() };
    if (longueur === 2 && deuxieme === 'nouvelle') return { page: 'nouvelle-convention' };
    if (longueur === 2 && deuxieme === 'import') return { page: 'import-conventions' };
    const modifier = troisieme === 'modifier';
    if (longueur === 2 || (longueur === 3 && modifier)) {
      return { page: 'convention', id: deuxieme, modifier };
    }
  }
  if (premiere === 'deploiement' && longueur === 3) {
    const niveau = parmi(NIVEAUX, deuxieme);
    if (niveau !== null) return { page: 'deploiement', niveau, code: troisieme, q: q.toString() };
  }
  if (premiere === 'ensembles' && longueur === 2) {
    return { page: 'ensemble', id: deuxieme, q: q.toString() };
  }
  if (premiere === 'administration' && longueur === 2) {
    const rubrique = parmi(RUBRIQUES, deuxieme);
    if (rubrique !== null) return { page: 'administration', rubrique, q: q.toString() };
  }
  return { page: 'inconnue' };
}

function decoder(texte: string): string {
  try {
    return decodeURIComponent(texte);
  } catch {
    return '';
  }
}

function lireVue(q: URLSearchParams): Vue {
  const tri = q.get('tri') ?? '';
  const nomTri = parmi(TRIS, tri.replace(/^-/, ''));
  return {
    grain: parmi(GRAINS, q.get('grain')) ?? VUE_INITIALE.grain,
    debut: lireJour(q, 'debut'),
    profil: /^[A-Z_]{1,40}$/.test(q.get('profil') ?? '') ? (q.get('profil') ?? '') : 'TOUS',
    mesure: parmi(MESURES, q.get('mesure')) ?? VUE_INITIALE.mesure,
    enfants: parmi(NIVEAUX, q.get('enfants')),
    tri: nomTri ?? VUE_INITIALE.tri,
    decroissant: nomTri === null ? VUE_INITIALE.decroissant : tri.startsWith('-'),
    filtre: q.get('filtre') ?? '',
    sansVisite: q.get('sans_visite') === 'oui',
    options: lireOptions(q),
  };
}

function lireOptions(q: URLSearchParams): Options {
  const options: Options = {};
  for (const nom of OPTIONS) {
    const valeur = q.get(nom);
    if (valeur !== null && valeur !== '') options[nom] = valeur;
  }
  return options;
}

/** Writes an address: the period and the profile always, the rest when it differs from the start. */
export function ecrire(adresse: Adresse): string {
  switch (adresse.page) {
    case 'accueil':
    case 'inconnue':
      return '/';
    case 'choix':
      return '/territoires';
    case 'qualite':
      return `/qualite${ecrireVueQualite(adresse.vue)}`;
    case 'integration':
      return '/integration';
    case 'comparer':
      return avecRequete('/comparer', adresse.q);
    case 'tournee':
      return avecRequete('/tournee', adresse.q);
    case 'suivi':
      return avecRequete('/suivi', adresse.q);
    case 'incidents':
      return avecRequete('/incidents', adresse.q);
    case 'accessibilite':
      return '/accessibilite';
    case 'plan':
      return '/plan';
    case 'compte':
      return '/compte';
    case 'rapports':
      return '/rapports';
    case 'invitation':
      return `/invitation/${encodeURIComponent(adresse.jeton)}`;
    case 'conventions':
      return avecRequete('/conventions', adresse.q);
    case 'convention':
      return `/conventions/${encodeURIComponent(adresse.id)}${adresse.modifier ? '/modifier' : ''}`;
    case 'nouvelle-convention':
      return '/conventions/nouvelle';
    case 'import-conventions':
      return '/conventions/import';
    case 'deploiement': {
      const { niveau, code, q } = adresse;
      return avecRequete(`/deploiement/${niveau}/${encodeURIComponent(code)}`, q);
    }
    case 'ensemble':
      return avecRequete(`/ensembles/${encodeURIComponent(adresse.id)}`, adresse.q);
    case 'administration':
      return avecRequete(`/administration/${adresse.rubrique}`, adresse.q);
    case 'territoire': {
      const { niveau, code, section, vue } = adresse;
      const chemin = `/territoires/${niveau}/${encodeURIComponent(code)}`;
      return `${chemin}${section === 'accueil' ? '' : `/${section}`}?${ecrireVue(vue)}`;
    }
  }
}

function ecrireVue(v: Vue): string {
  const q = new URLSearchParams();
  q.set('grain', v.grain);
  if (v.debut !== null) q.set('debut', v.debut);
  q.set('profil', v.profil);
  if (v.mesure !== VUE_INITIALE.mesure) q.set('mesure', v.mesure);
  if (v.enfants !== null) q.set('enfants', v.enfants);
  if (v.tri !== VUE_INITIALE.tri || v.decroissant !== VUE_INITIALE.decroissant) {
    q.set('tri', `${v.decroissant ? '-' : ''}${v.tri}`);
  }
  if (v.filtre !== '') q.set('filtre', v.filtre);
  if (v.sansVisite) q.set('sans_visite', 'oui');
  for (const nom of OPTIONS) if (v.options[nom]) q.set(nom, v.options[nom]);
  return q.toString();
}

export function avecRequete(chemin: string, q: string): string {
  return q === '' ? chemin : `${chemin}?${q}`;
}

/** A query with other values for some of its parameters; those made empty leave it. */
export function ajuster(recherche: string, changement: Record<string, string>): string {
  const q = new URLSearchParams(recherche);
  for (const [nom, valeur] of Object.entries(changement)) {
    if (valeur === '') q.delete(nom);
    else q.set(nom, valeur);
  }
  return q.toString();
}

/** The address of another territory, or of another view of it: same period, same profile. */
export function adresseDe(
  niveau: Niveau,
  code: string,
  vue: Vue,
  section: Section = 'accueil',
): string {
  const { grain, debut, profil, mesure } = vue;
  return ecrire({
    page: 'territoire',
    niveau,
    code,
    section,
    vue: { ...VUE_INITIALE, grain, debut, profil, mesure },
  });
}
