// Where a school's figure stands among its peers'.

import type { Indicateur } from '../api/pilotage';
import { duree } from '../formats/durees';
import { decimale, nombre, part } from '../formats/nombres';

export type Position = 'bas' | 'milieu' | 'haut' | 'inconnue';

/** The quarter below, the half in the middle, the quarter above. */
export function positionDe({ valeur, q1, q3 }: Indicateur): Position {
  if (valeur === null || q1 === null || q3 === null) return 'inconnue';
  if (valeur < q1) return 'bas';
  return valeur > q3 ? 'haut' : 'milieu';
}

/** A figure of an indicator as it is written. */
export function ecrireIndicateur(nom: Indicateur['nom'], valeur: number | null): string {
  if (valeur === null) return '–';
  switch (nom) {
    case 'taux_utilisateurs':
      return part(valeur, 1);
    case 'duree_moyenne_ms':
      return duree(valeur);
    case 'jours_actifs':
    case 'visites_pour_100_eleves':
      return nombre(valeur);
    case 'visites_par_utilisateur':
      return decimale(valeur);
  }
}
