// A number on the first of each month, drawn as steps, the last one written.

import * as Plot from '@observablehq/plot';
import { enDate } from '../calendrier/jours';
import { moisSeul } from '../formats/dates';
import { court, nombre } from '../formats/nombres';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

const HAUTEURS = { ecran: 170, papier: 90 };

export function traceMois(
  mois: { jour: string; n: number }[],
  { largeur, support }: Place,
): SVGSVGElement {
  const x = (m: { jour: string }) => enDate(m.jour);
  const svg = Plot.plot({
    width: Math.min(largeur, 760),
    height: HAUTEURS[support],
    marginTop: 20,
    marginBottom: 24,
    marginLeft: 44,
    marginRight: 44,
    className: 'trace',
    style: { fontSize: support === 'papier' ? '10px' : '12.5px' },
    x: { type: 'utc' },
    y: { domain: [0, Math.max(1, ...mois.map((m) => m.n)) * 1.1] },
    marks: [
      Plot.axisY({ ticks: 4, tickSize: 0, tickFormat: court, label: null }),
      Plot.gridY({ ticks: 4, stroke: 'var(--trait)', strokeOpacity: 1 }),
      Plot.axisX({
        ticks: largeur < 480 ? 4 : 8,
        tickFormat: (date: Date) => moisSeul(date.toISOString().slice(0, 10)),
        label: null,
      }),
      Plot.ruleY([0], { stroke: 'var(--trait-fort)' }),
      Plot.areaY(mois, {
        x,
        y: 'n',
        curve: 'step-after',
        fill: 'var(--accent)',
        fillOpacity: 0.15,
      }),
      Plot.lineY(mois, { x, y: 'n', curve: 'step-after', stroke: 'var(--accent)', strokeWidth: 2 }),
      Plot.text(mois.slice(-1), {
        x,
        y: 'n',
        dx: 8,
        textAnchor: 'start',
        fontWeight: 'bold',
        text: (m: { n: number }) => nombre(m.n),
      }),
    ],
  });
  return nettoyer(svg);
}
