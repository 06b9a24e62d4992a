// Asks for the outlines once, when the first map is drawn: they are no part of the first load.

import { lireContours, type Contour } from '../figures/contours';

let demandes: Promise<Contour[]> | null = null;

/** The outlines of départements; none where they cannot be had: the map goes without. */
export function contoursDesDepartements(): Promise<Contour[]> {
  demandes ??= import('./departements.json').then(
    ({ default: contours }) => lireContours(contours),
    () => {
      demandes = null;
      return [];
    },
  );
  return demandes;
}
