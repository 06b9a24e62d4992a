// Settings found by typing, grouped by what comes before the dot of their names.

import type { Reglage } from '../api/comptes';
import { chercher } from '../formats/recherche';

export interface Groupe {
  rubrique: string;
  reglages: Reglage[];
}

export function grouper(reglages: Reglage[], recherche: string, changes: boolean): Groupe[] {
  const trouve = chercher(recherche);
  const groupes = new Map<string, Reglage[]>();
  for (const reglage of reglages) {
    if (changes && reglage.defaut) continue;
    if (!trouve(`${reglage.cle} ${reglage.explication} ${reglage.valeur}`)) continue;
    const rubrique = reglage.cle.split('.')[0] ?? '';
    groupes.set(rubrique, [...(groupes.get(rubrique) ?? []), reglage]);
  }
  return [...groupes].map(([rubrique, siens]) => ({ rubrique, reglages: siens }));
}
