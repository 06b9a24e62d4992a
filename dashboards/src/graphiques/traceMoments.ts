// Hours and weekdays, drawn as a timetable: days across, hours down, the count written in each box.

import * as Plot from '@observablehq/plot';
import type { Moments } from '../api/types';
import { bornes, classe } from '../figures/chaleur';
import { compte, court } from '../formats/nombres';
import { valeurOuMasque } from '../figures/valeurs';
import { ecrireValeur } from '../phrases/blancs';
import { textes } from '../textes';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

export interface DonneesMoments {
  jours: Moments['jours'];
  /** Weekdays of the period still to come. */
  aVenir: number[];
}

const MESURES = {
  ecran: { pas: 23, haut: 24, retrait: 6, texte: '12px' },
  papier: { pas: 9.25, haut: 12, retrait: 2, texte: '7.5px' },
};

interface Case {
  jour: number;
  heure: number;
  /** Null when masked. */
  visites: number | null;
}

export function traceMoments(
  { jours, aVenir }: DonneesMoments,
  { largeur, support }: Place,
): SVGSVGElement {
  const { pas, haut, retrait, texte } = MESURES[support];
  const cases: Case[] = jours.flatMap(({ jour, heures }) =>
    heures.map((visites, heure) => ({ jour, heure, visites })),
  );
  const montrees = cases.flatMap(({ visites, ...c }) =>
    visites === null ? [] : [{ ...c, visites }],
  );
  const limites = bornes(Math.max(0, ...cases.map((c) => c.visites ?? 0)));
  const svg = Plot.plot({
    width: largeur,
    height: 24 * pas + haut + 2,
    marginTop: haut,
    marginBottom: 2,
    marginLeft: 40,
    marginRight: 0,
    className: 'trace',
    style: { fontSize: texte },
    x: { type: 'band', domain: [1, 2, 3, 4, 5, 6, 7], padding: 0 },
    y: { type: 'band', domain: Array.from({ length: 24 }, (_, heure) => heure), padding: 0 },
    marks: [
      Plot.axisX({
        anchor: 'top',
        tickSize: 0,
        tickPadding: retrait,
        label: null,
        tickFormat: (jour: number) => textes.moments.joursCourts[jour - 1] ?? '',
      }),
      Plot.axisY({ tickSize: 0, label: null, tickFormat: textes.moments.plage }),
      Plot.text(aVenir, {
        x: (jour: number) => jour,
        frameAnchor: 'middle',
        rotate: -90,
        text: () => textes.moments.aVenir,
        fill: 'var(--encre-douce)',
      }),
      Plot.cell(cases, {
        x: 'jour',
        y: 'heure',
        inset: 1,
        fill: (c: Case) =>
          c.visites === null
            ? 'url(#motif-masque)'
            : `var(--chaleur-${classe(c.visites, limites)})`,
        title: (c: Case) =>
          `${textes.moments.jours[c.jour - 1] ?? ''}, ${textes.moments.plage(c.heure)} – ${textes.moments.plage(c.heure + 1)}\u00a0: ${ecrireValeur(valeurOuMasque(c.visites), (n) => compte(n, 'visite'))}`,
      }),
      Plot.text(montrees, {
        x: 'jour',
        y: 'heure',
        text: (c) => court(c.visites),
        fill: (c) => `var(--chaleur-texte-${classe(c.visites, limites)})`,
        pointerEvents: 'none',
      }),
    ],
  });
  return nettoyer(svg);
}
