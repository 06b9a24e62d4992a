// Rows found by what is typed, whatever its accents and capitals.

function simple(texte: string): string {
  return texte.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether a text has every word typed, in any order; what is typed is prepared once. */
export function chercher(recherche: string): (texte: string) => boolean {
  const mots = simple(recherche).split(/\s+/).filter(Boolean);
  return (texte) => {
    const dedans = simple(texte);
    return mots.every((mot) => dedans.includes(mot));
  };
}
