// Labels on drawings: moved apart so that none covers another, cut to the room they have.

/** Mean width of a letter in pixels, at the size of the drawings' texts. */
const LETTRE = 7.5;

interface Place {
  rang: number;
  y: number;
}

/**
 * Positions near the wanted ones, at least `ecart` apart and not below `bas`: pushed down from the
 * top, then up from the bottom. Their order is kept; the answer is in the order of the input.
 */
export function ecarter(voulues: number[], ecart: number, bas: number): number[] {
  const places: Place[] = voulues.map((y, rang) => ({ rang, y })).sort((a, b) => a.y - b.y);
  let plancher = -Infinity;
  for (const place of places) {
    place.y = Math.max(place.y, plancher);
    plancher = place.y + ecart;
  }
  let plafond = bas;
  for (const place of [...places].reverse()) {
    place.y = Math.min(place.y, plafond);
    plafond = place.y - ecart;
  }
  return places.sort((a, b) => a.rang - b.rang).map(({ y }) => y);
}

/** A name cut after a whole word to a room in pixels. */
export function abreger(nom: string, place: number): string {
  const lettres = Math.floor(place / LETTRE);
  if (nom.length <= lettres) return nom;
  return `${nom.slice(0, lettres + 1).replace(/[\s,]+\S*$/u, '')}…`;
}
