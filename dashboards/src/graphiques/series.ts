// How series that are no profile look: six, told apart by colour, shape and dashes.

import type { Symbole } from './apparence';

interface Aspect {
  couleur: string;
  symbole: Symbole;
  tirets?: string;
}

const ASPECTS: readonly Aspect[] = [
  { couleur: 'var(--encre)', symbole: 'circle' },
  { couleur: 'var(--profil-eleve)', symbole: 'square', tirets: '7 3' },
  { couleur: 'var(--profil-parent)', symbole: 'triangle', tirets: '2 3' },
  { couleur: 'var(--profil-enseignant)', symbole: 'diamond', tirets: '9 3 2 3' },
  { couleur: 'var(--profil-admin)', symbole: 'star', tirets: '5 5' },
  { couleur: 'var(--profil-collectivite)', symbole: 'cross', tirets: '1 4' },
];

/** The most series that one drawing tells apart. */
export const SERIES_MAX = ASPECTS.length;

export function aspectSerie(rang: number): Aspect {
  return ASPECTS[rang % SERIES_MAX] ?? { couleur: 'var(--encre)', symbole: 'circle' };
}
