// The shape of measures over any days.

import type { Couverture, Mesures } from './contrat';

export interface MesuresLibres {
  couverture: Couverture;
  /** Whether the perimeter was measured, or why not. */
  etat: Mesures['etat'];
  cellules: (Mesures & { profil: string; axe: string; membre: string })[];
}
