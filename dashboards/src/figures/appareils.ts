// Visits of each profile by device.

import type { Cellule, Membre, Plan } from '../api/types';
import { textes } from '../textes';

export interface PartAppareil extends Membre {
  visites: number;
}

export interface LigneAppareils extends Membre {
  total: number;
  parts: PartAppareil[];
}

/** One row for everyone, then one for each profile that came. */
export function lignesAppareils(plan: Plan, cellules: Cellule[]): LigneAppareils[] {
  const visites = new Map(cellules.map((c) => [`${c.profil} ${c.membre}`, c.visites]));
  const tous = { code: 'TOUS', libelle: textes.periode.tousProfils };
  return [tous, ...plan.profils]
    .map((profil) => {
      const parts = plan.appareils.map((appareil) => ({
        ...appareil,
        visites: visites.get(`${profil.code} ${appareil.code}`) ?? 0,
      }));
      // A visit has one device: the members of this axis add up to the profile's visits.
      return { ...profil, total: parts.reduce((somme, p) => somme + p.visites, 0), parts };
    })
    .filter((ligne) => ligne.total > 0);
}
