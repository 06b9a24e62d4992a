// What a drawing is called: its figure says, since the figure knows where the same data are to be read.

import type * as Plot from '@observablehq/plot';
import { createContext } from 'svelte';

/** The figure's words for the drawing inside it. */
export const [lireNom, donnerNom] = createContext<() => string>();

/** Makes an image of a drawing, under this name; what is drawn inside is not read one by one. */
export function nommer(dessin: SVGSVGElement, nom: string): SVGSVGElement {
  // The names of Plot's marks are no words for anyone.
  for (const marque of dessin.querySelectorAll('[aria-label]')) {
    marque.removeAttribute('aria-label');
    marque.removeAttribute('aria-description');
  }
  dessin.removeAttribute('aria-hidden');
  dessin.setAttribute('role', 'img');
  dessin.setAttribute('aria-label', nom);
  return dessin;
}

/**
 * For marks that Plot draws again as the pointer moves, once the drawing has its name. What shows
 * words under the pointer is known by `data-marque`: it can be pointed at, and dismissed.
 */
export const sansNom: Plot.RenderFunction = (rangs, echelles, valeurs, place, contexte, suite) => {
  const marque = suite?.(rangs, echelles, valeurs, place, contexte) ?? null;
  marque?.setAttribute('data-marque', marque.getAttribute('aria-label') ?? '');
  marque?.removeAttribute('aria-label');
  marque?.removeAttribute('aria-description');
  return marque;
};
