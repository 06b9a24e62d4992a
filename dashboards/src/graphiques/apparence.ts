// How each profile and each device looks, everywhere: a colour and a shape or a pattern, so that
// nothing rests on colour alone. Colours are the style sheet's, patterns those of Motifs.svelte.

export type Symbole = 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'cross' | 'wye';

export interface Apparence {
  couleur: string;
  symbole: Symbole;
}

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
