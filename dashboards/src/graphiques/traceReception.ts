// What was received, drawn day by day: accepted events full, refused ones hatched above them.

import * as Plot from '@observablehq/plot';
import type { ReleveDuJour } from '../api/types';
import { ecart, enDate, plus } from '../calendrier/jours';
import { jourCourt, jourLong, moisSeul } from '../formats/dates';
import { compte, court } from '../formats/nombres';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

const HAUTEURS = { ecran: 260, papier: 130 };
/** Past this many days, the axis names months. */
const JOURS_NOMMES = 62;
/** Width in pixels of a day's name on the axis. */
const LARGEUR_NOM = 64;

export function traceReception(jours: ReleveDuJour[], { largeur, support }: Place): SVGSVGElement {
  const premier = jours[0]?.jour ?? '';
  const fin = plus(jours.at(-1)?.jour ?? '', 1);
  const maximum = Math.max(1, ...jours.map((j) => j.acceptes + j.refuses));
  const duree = ecart(premier, fin);
  const parMois = duree > JOURS_NOMMES;
  const pas = Math.max(1, Math.ceil((duree * LARGEUR_NOM) / Math.max(1, largeur - 60)));
  const milieu = (jour: string) => new Date(enDate(jour).getTime() + 43_200_000);
  const bornes = {
    x1: (j: ReleveDuJour) => enDate(j.jour),
    x2: (j: ReleveDuJour) => enDate(plus(j.jour, 1)),
    insetLeft: duree > 120 ? 0 : 1,
    insetRight: duree > 120 ? 0 : 1,
  };
  const svg = Plot.plot({
    width: largeur,
    height: HAUTEURS[support],
    marginTop: 10,
    marginBottom: 26,
    marginLeft: 52,
    marginRight: 8,
    className: 'trace',
    style: { fontSize: support === 'papier' ? '10px' : '12.5px' },
    x: { type: 'utc', domain: [enDate(premier), enDate(fin)] },
    y: { domain: [0, maximum * 1.04] },
    marks: [
      Plot.axisY({ ticks: 4, tickSize: 0, tickFormat: court, label: null }),
      Plot.gridY({ ticks: 4, stroke: 'var(--trait)', strokeOpacity: 1 }),
      parMois
        ? Plot.axisX({
            ticks: 'month',
            tickFormat: (date: Date) => moisSeul(date.toISOString().slice(0, 10)),
            label: null,
            stroke: 'var(--trait-fort)',
          })
        : Plot.axisX({
            ticks: jours.filter((_, rang) => rang % pas === 0).map((j) => milieu(j.jour)),
            tickFormat: (date: Date) => jourCourt(date.toISOString().slice(0, 10)),
            tickSize: 0,
            label: null,
          }),
      Plot.rectY(jours, { ...bornes, y1: 0, y2: (j) => j.acceptes, fill: 'var(--accent)' }),
      Plot.rectY(jours, {
        ...bornes,
        y1: (j) => j.acceptes,
        y2: (j) => j.acceptes + j.refuses,
        fill: 'url(#motif-refus)',
        title: (j: ReleveDuJour) =>
          `${jourLong(j.jour)}\u00a0: ${compte(j.refuses, 'refus', 'refus')}`,
      }),
      Plot.ruleY([0], { stroke: 'var(--trait-fort)' }),
    ],
  });
  return nettoyer(svg);
}
