// Settings found by typing, grouped by what comes before the dot of their names.

import type { Reglage } from '../api/comptes';

export interface Groupe {
  rubrique: string;
  reglages: Reglage[];
}

const simple = (texte: string): string =>
  texte.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function grouper(reglages: Reglage[], recherche: string, changes: boolean): Groupe[] {
  const mots = simple(recherche).split(/\s+/).filter(Boolean);
  const groupes = new Map<string, Reglage[]>();
  for (const reglage of reglages) {
    const texte = simple(`${reglage.cle} ${reglage.explication} ${reglage.valeur}`);
    if (changes && reglage.defaut) continue;
    if (!mots.every((mot) => texte.includes(mot))) continue;
    const rubrique = reglage.cle.split('.')[0] ?? '';
    groupes.set(rubrique, [...(groupes.get(rubrique) ?? []), reglage]);
  }
  return [...groupes].map(([rubrique, siens]) => ({ rubrique, reglages: siens }));
}
