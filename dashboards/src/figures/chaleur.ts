// Classes of a heat map: few, readable, the lower ones narrower since most hours are quiet.

const CLASSES = 5;

/** Upper bounds of the classes (the last is the maximum); fewer when there is little to tell. */
export function bornes(maximum: number): number[] {
  const limites = Array.from({ length: CLASSES }, (_, rang) =>
    rang + 1 === CLASSES ? maximum : arrondir((maximum * (rang + 1) ** 2) / CLASSES ** 2),
  );
  return limites.filter((b, rang) => b > 0 && b !== limites[rang - 1]);
}

/** Rank of a count's class, from 1; 0 is its own class: nobody came. */
export function classe(n: number, limites: number[]): number {
  return n === 0 ? 0 : limites.findIndex((b) => n <= b) + 1;
}

/** Two significant digits at most. */
function arrondir(n: number): number {
  const pas = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(n, 1))) - 1);
  return Math.round(n / pas) * pas;
}
