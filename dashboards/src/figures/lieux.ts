// The places that a comparison puts side by side, as the address names them.

/** The most that the comparison takes. */
export const LIEUX_MAX = 6;

/** `departement:031,ecole:0310001A` → each place once, no more than the comparison takes. */
export function lireLieux(texte: string): string[] {
  const lieux = texte.split(',').filter((lieu) => /^[a-z]+:.+$/.test(lieu));
  return [...new Set(lieux)].slice(0, LIEUX_MAX);
}
