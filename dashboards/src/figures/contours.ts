// The outlines of départements, from the file that holds them to the drawing.

import type { Place } from './projection';

/** By code, each ring as whole numbers: a first point, then each one's distance from the last. */
export type Contours = Record<string, number[][]>;

/** What `scripts/contours.mjs` rounds a degree to. */
const PRECISION = 1000;

export interface Contour {
  code: string;
  anneaux: Place[][];
}

/** Rings as places. */
export function lireContours(contours: Contours): Contour[] {
  return Object.entries(contours).map(([code, anneaux]) => ({
    code,
    anneaux: anneaux.map(lireAnneau),
  }));
}

function lireAnneau(ecarts: number[]): Place[] {
  const places: Place[] = [];
  let [x, y] = [0, 0];
  for (let rang = 0; rang + 1 < ecarts.length; rang += 2) {
    x += ecarts[rang] ?? 0;
    y += ecarts[rang + 1] ?? 0;
    places.push({ lon: x / PRECISION, lat: y / PRECISION });
  }
  return places;
}

/** The path of an outline on a drawing, or `null` when none of it is in sight. */
export function tracerContour(
  { anneaux }: Contour,
  projeter: (place: Place) => [number, number],
  [largeur, hauteur]: [number, number],
): string | null {
  let [gauche, droite, haut, bas] = [Infinity, -Infinity, Infinity, -Infinity];
  const chemin = anneaux
    .map((anneau) => {
      const points = anneau.map((place) => {
        const [x, y] = projeter(place);
        [gauche, droite] = [Math.min(gauche, x), Math.max(droite, x)];
        [haut, bas] = [Math.min(haut, y), Math.max(bas, y)];
        return `${x.toFixed(1)} ${y.toFixed(1)}`;
      });
      return points.length === 0 ? '' : `M${points.join('L')}Z`;
    })
    .join('');
  const enVue = droite >= 0 && gauche <= largeur && bas >= 0 && haut <= hauteur;
  return enVue ? chemin : null;
}
