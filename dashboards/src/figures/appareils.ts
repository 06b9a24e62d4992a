// Visits of each profile by device.

import type { Mesures } from '../api/contrat';
import type { Cellule, Membre, Plan } from '../api/types';
import { textes } from '../textes';
import { estNombre, nombreOuZero, valeurDe, type Valeur } from './valeurs';

export interface PartAppareil extends Membre {
  visites: Valeur;
}

export interface LigneAppareils extends Membre {
  /** Visits of the profile; some of its devices may be masked and it shown, or the other way. */
  total: Valeur;
  parts: PartAppareil[];
}

/** One row for everyone, then one for each profile that came. */
export function lignesAppareils(
  plan: Plan,
  cellules: Cellule[],
  totauxDesProfils: (Mesures & { profil: string })[],
): LigneAppareils[] {
  const connues = new Map(cellules.map((c) => [`${c.profil} ${c.membre}`, c]));
  const totaux = new Map(totauxDesProfils.map((p) => [p.profil, valeurDe(p, 'visites')]));
  const tous = { code: 'TOUS', libelle: textes.periode.tousProfils };
  return [tous, ...plan.profils]
    .map((profil) => {
      const parts = plan.appareils.map((appareil) => ({
        ...appareil,
        visites: valeurDe(connues.get(`${profil.code} ${appareil.code}`), 'visites'),
      }));
      return { ...profil, total: totalDe(parts, totaux.get(profil.code)), parts };
    })
    .filter((ligne) => ligne.total !== 0);
}

/** A visit has one device: the members of this axis add up to the profile's visits. */
function totalDe(parts: PartAppareil[], annonce: Valeur | undefined): Valeur {
  const masquee = parts.find((p) => !estNombre(p.visites));
  if (masquee === undefined) return parts.reduce((n, p) => n + nombreOuZero(p.visites), 0);
  return annonce ?? masquee.visites;
}
