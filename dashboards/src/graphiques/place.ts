/** Where a drawing goes: its width in pixels, on a screen or, denser, on a sheet of paper. */
export interface Place {
  largeur: number;
  support: 'ecran' | 'papier';
}
