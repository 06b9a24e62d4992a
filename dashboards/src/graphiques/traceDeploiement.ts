// The schools deployed at the beginning of each school year, drawn as bars with their number above.

import * as Plot from '@observablehq/plot';
import type { PointRentree } from '../api/conventions';
import { nombre } from '../formats/nombres';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

const HAUTEURS = { ecran: 240, papier: 120 };
const BARRE_MAX = 90;

export function traceDeploiement(
  courbe: PointRentree[],
  { largeur, support }: Place,
): SVGSVGElement {
  const maximum = Math.max(1, ...courbe.map((p) => p.deployees));
  const svg = Plot.plot({
    width: Math.min(largeur, courbe.length * BARRE_MAX * 1.6 + 40),
    height: HAUTEURS[support],
    marginTop: 24,
    marginBottom: 26,
    marginLeft: 8,
    marginRight: 8,
    className: 'trace',
    style: { fontSize: support === 'papier' ? '10px' : '13px' },
    x: { type: 'band', domain: courbe.map((p) => p.annee), padding: 0.35, label: null },
    y: { domain: [0, maximum], axis: null },
    marks: [
      Plot.barY(courbe, { x: 'annee', y: 'deployees', fill: 'var(--accent)' }),
      Plot.ruleY([0], { stroke: 'var(--trait-fort)' }),
      Plot.axisX({ tickSize: 0, label: null }),
      Plot.text(courbe, {
        x: 'annee',
        y: 'deployees',
        dy: -10,
        fontWeight: 'bold',
        text: (p: PointRentree) => nombre(p.deployees),
      }),
    ],
  });
  return nettoyer(svg);
}
