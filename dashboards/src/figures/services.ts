// The services of the marking plan, all of them, with what the period counted for each.

import type { Cellule, Membre, Plan } from '../api/types';
import { rapport, valeurDe, type Valeur } from './valeurs';

export interface LigneService extends Membre {
  theme: string;
  visites: Valeur;
  utilisateurs: Valeur;
  /** Mean duration by visit, in milliseconds; null without a visit. */
  duree: Valeur | null;
}

/** Every service in the plan's order; one without a cell was measured and not used: zero. */
export function lignesServices(plan: Plan, cellules: Cellule[]): LigneService[] {
  const parMembre = new Map(cellules.map((c) => [c.membre, c]));
  return plan.services.map(({ code, libelle, theme }) => {
    const cellule = parMembre.get(code);
    return {
      code,
      libelle,
      theme,
      visites: valeurDe(cellule, 'visites'),
      utilisateurs: valeurDe(cellule, 'utilisateurs'),
      duree: rapport(valeurDe(cellule, 'duree_ms'), valeurDe(cellule, 'visites')),
    };
  });
}
