// The schools of a perimeter as rows, and the filters on them.

import type { EtatPoint, LigneEcole } from '../api/pilotage';
import type { Options, Vue } from '../etat/adresse';
import { lignesVues } from './tableau';

export const ETATS: readonly EtatPoint[] = ['actif', 'ouvert', 'jamais_visite', 'non_deploye'];

/** Asks for every school that has an ENT, whatever it does with it. */
export const OUVERTS = 'ouverts';

/** What the table may be filtered by, each an option of the address. */
export type Filtre = 'etat' | 'type' | 'secteur' | 'plateforme' | 'priorite' | 'taille';

const LIRE: Record<Filtre, (l: LigneEcole) => string | null> = {
  etat: (l) => l.etat ?? null,
  type: (l) => l.type,
  secteur: (l) => l.secteur ?? null,
  plateforme: (l) => l.plateforme ?? null,
  priorite: (l) => l.education_prioritaire ?? null,
  taille: (l) => l.tranche_effectif ?? null,
};

/** The values that a filter may take, each once, in order. */
export function valeursDe(lignes: LigneEcole[], filtre: Filtre): string[] {
  const valeurs = new Set(lignes.map(LIRE[filtre]).filter((v) => v !== null && v !== ''));
  return [...(valeurs as Set<string>)].sort((a, b) => a.localeCompare(b, 'fr'));
}

/** The options of a view that filter no school: its columns. */
export function sansFiltres(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([nom]) => !(nom in LIRE)));
}

/** The schools that a view asks for, in its order. */
export function ecolesVues(lignes: LigneEcole[], vue: Vue): LigneEcole[] {
  const demandes = (Object.keys(LIRE) as Filtre[]).flatMap((nom) => {
    const voulu = vue.options[nom];
    return voulu === undefined || voulu === '' ? [] : [{ nom, voulu }];
  });
  const gardees = lignes.filter((l) => demandes.every(({ nom, voulu }) => garde(l, nom, voulu)));
  return lignesVues(gardees, vue);
}

function garde(ligne: LigneEcole, nom: Filtre, voulu: string): boolean {
  const valeur = LIRE[nom](ligne);
  if (nom === 'etat' && voulu === OUVERTS) return valeur !== null && valeur !== 'non_deploye';
  return valeur === voulu;
}
