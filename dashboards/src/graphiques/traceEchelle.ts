// Steps one above another, each a bar as long as the number of its schools, under its name.

import * as Plot from '@observablehq/plot';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

export interface Barre {
  cle: string;
  nom: string;
  n: number;
  /** What is written at the right of its name. */
  ecrit: string;
}

const MESURES = { ecran: { pas: 50, texte: '13px' }, papier: { pas: 26, texte: '9px' } };
const LARGEUR_MAX = 760;

export function traceEchelle(barres: Barre[], { largeur, support }: Place): SVGSVGElement {
  const { pas, texte } = MESURES[support];
  const maximum = Math.max(1, ...barres.map((b) => b.n));
  const svg = Plot.plot({
    width: Math.min(largeur, LARGEUR_MAX),
    height: barres.length * pas + 4,
    margin: 0,
    className: 'trace',
    style: { fontSize: texte },
    x: { domain: [0, maximum], axis: null },
    y: { type: 'band', domain: barres.map((b) => b.cle), axis: null, padding: 0 },
    marks: [
      Plot.text(barres, {
        y: 'cle',
        text: 'nom',
        frameAnchor: 'left',
        textAnchor: 'start',
        dy: -pas * 0.24,
        fontWeight: 'bold',
      }),
      Plot.text(barres, {
        y: 'cle',
        text: 'ecrit',
        frameAnchor: 'right',
        textAnchor: 'end',
        dy: -pas * 0.24,
      }),
      Plot.ruleY(barres, { y: 'cle', x1: 0, x2: maximum, dy: pas * 0.2, stroke: 'var(--trait)' }),
      Plot.barX(barres, {
        y: 'cle',
        x: 'n',
        insetTop: pas * 0.54,
        insetBottom: pas * 0.14,
        fill: 'var(--accent)',
      }),
    ],
  });
  return nettoyer(svg);
}
