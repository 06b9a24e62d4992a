// French typography: a narrow no-break space before « ; ! ? », a no-break space before « : » and
// inside guillemets and before a dash, a curved apostrophe. Applied once to every text, so that sources are typed with plain spaces.

const REGLES: readonly [RegExp, string][] = [
  [/'/g, '’'],
  [/ ([;!?])/g, '\u202f$1'],
  [/ ([:»])/g, '\u00a0$1'],
  [/« /g, '«\u00a0'],
  [/ –/g, '\u00a0–'],
];

export function typographie(texte: string): string {
  return REGLES.reduce((t, [motif, remplacement]) => t.replace(motif, remplacement), texte);
}

/** Applies the rules to every text of a tree, those that functions return included. */
export function typographier<T>(arbre: T): T {
  return parcourir(arbre) as T;
}

function parcourir(valeur: unknown): unknown {
  if (typeof valeur === 'string') return typographie(valeur);
  if (typeof valeur === 'function') {
    const ecrire = valeur as (...parametres: unknown[]) => unknown;
    return (...parametres: unknown[]) => parcourir(ecrire(...parametres));
  }
  if (Array.isArray(valeur)) return valeur.map(parcourir);
  if (typeof valeur === 'object' && valeur !== null) {
    return Object.fromEntries(Object.entries(valeur).map(([cle, v]) => [cle, parcourir(v)]));
  }
  return valeur;
}
