// How each profile and each device looks, everywhere: a colour and a shape or a pattern, so that
// nothing rests on colour alone. Colours are the style sheet's, patterns those of Motifs.svelte.

export type Symbole = 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'wye';

export interface Apparence {
  couleur: string;
  symbole: Symbole;
}

/** Each shape as a path in a box of 28 × 14. */
export const DESSINS: Record<Symbole, string> = {
  circle: 'M9 7a5 5 0 1 0 10 0a5 5 0 1 0-10 0',
  square: 'M9.5 2.5h9v9h-9z',
  triangle: 'M14 1.5l5.5 10h-11z',
  diamond: 'M14 0.5l4.5 6.5l-4.5 6.5l-4.5-6.5z',
  star: 'M14 0.5l1.7 4.4 4.8.2-3.7 3 1.3 4.7-4.1-2.6-4.1 2.6 1.3-4.7-3.7-3 4.8-.2z',
  cross: 'M12 1h4v4h4v4h-4v4h-4v-4h-4v-4h4z',
  wye: 'M12.2 13v-5l-4-2.5 1.8-3 4 2.4 4-2.4 1.8 3-4 2.5v5z',
};

const PROFILS: Record<string, Apparence> = {
  TOUS: { couleur: 'var(--encre)', symbole: 'circle' },
  ELEVE: { couleur: 'var(--profil-eleve)', symbole: 'square' },
  PARENT: { couleur: 'var(--profil-parent)', symbole: 'triangle' },
  ENSEIGNANT: { couleur: 'var(--profil-enseignant)', symbole: 'diamond' },
  ADMIN_VIE_SCOL_TECH: { couleur: 'var(--profil-admin)', symbole: 'star' },
  COLLECTIVITE: { couleur: 'var(--profil-collectivite)', symbole: 'cross' },
};

export function apparenceProfil(code: string): Apparence {
  return PROFILS[code] ?? { couleur: 'var(--profil-autre)', symbole: 'wye' };
}

const MOTIFS: Record<string, string> = {
  ORDINATEUR: 'url(#motif-plein)',
  SMARTPHONE: 'url(#motif-raies)',
  TABLETTE: 'url(#motif-points)',
};

export function motifAppareil(code: string): string {
  return MOTIFS[code] ?? 'url(#motif-grille)';
}

const MOTIFS_PROFILS: Record<string, string> = {
  ELEVE: 'url(#motif-eleve)',
  PARENT: 'url(#motif-parent)',
  ENSEIGNANT: 'url(#motif-enseignant)',
  ADMIN_VIE_SCOL_TECH: 'url(#motif-admin)',
  COLLECTIVITE: 'url(#motif-collectivite)',
};

/** What a profile's part of a stack is filled with. */
export function motifProfil(code: string): string {
  return MOTIFS_PROFILS[code] ?? 'url(#motif-grille)';
}
