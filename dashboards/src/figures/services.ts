// The services of the marking plan, all of them, with what the period counted for each.

import type { Cellule, Membre, Plan } from '../api/types';

export interface LigneService extends Membre {
  theme: string;
  visites: number;
  utilisateurs: number;
  duree_ms: number;
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
      visites: cellule?.visites ?? 0,
      utilisateurs: cellule?.utilisateurs ?? 0,
      duree_ms: cellule?.duree_ms ?? 0,
    };
  });
}
