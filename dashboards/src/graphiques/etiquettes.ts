// Labels at the ends of lines: moved apart so that none covers another.

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
