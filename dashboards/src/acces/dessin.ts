// The QR code that the server draws, made again from what a drawing may hold: nothing of a text of
// the network is put in the page as it came.

const ELEMENTS = new Set(['svg', 'g', 'rect', 'path']);
const ATTRIBUTS = [
  'viewBox',
  'x',
  'y',
  'width',
  'height',
  'd',
  'fill',
  'stroke',
  'stroke-width',
  'transform',
  'shape-rendering',
];
const SVG = 'http://www.w3.org/2000/svg';

/** The drawing, or null when it is not one. */
export function lireDessin(texte: string): SVGSVGElement | null {
  const racine = new DOMParser().parseFromString(texte, 'image/svg+xml').documentElement;
  if (racine.localName !== 'svg') return null;
  const dessin = copier(racine);
  return dessin instanceof SVGSVGElement ? dessin : null;
}

function copier(source: Element): Element {
  const copie = document.createElementNS(SVG, source.localName);
  for (const nom of ATTRIBUTS) {
    const valeur = source.getAttribute(nom);
    if (valeur !== null) copie.setAttribute(nom, valeur);
  }
  for (const enfant of source.children) {
    if (ELEMENTS.has(enfant.localName)) copie.append(copier(enfant));
  }
  return copie;
}
