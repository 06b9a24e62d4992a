// A school among its peers, drawn: for each figure a band from the first to the third quarter, a bar
// in their middle, a diamond for the school. Each row has a scale of its own, from 0.

import * as Plot from '@observablehq/plot';
import type { Indicateur } from '../api/pilotage';
import { ecrireIndicateur } from '../figures/pairs';
import { textesFiche } from '../textesFiche';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

const MESURES = { ecran: { pas: 46, texte: '13px' }, papier: { pas: 22, texte: '8.5px' } };

interface Rangee {
  cle: string;
  nom: string;
  q1: number;
  mediane: number;
  q3: number;
  valeur: number | null;
  ecrit: string;
}

export function tracePairs(indicateurs: Indicateur[], { largeur, support }: Place): SVGSVGElement {
  const { pas, texte } = MESURES[support];
  const rangees = indicateurs.flatMap(normer);
  const bande = pas * 0.34;
  const svg = Plot.plot({
    width: Math.min(largeur, 720),
    height: rangees.length * pas + 4,
    margin: 0,
    marginRight: 92,
    className: 'trace',
    style: { fontSize: texte },
    x: { domain: [0, 1], axis: null },
    y: { type: 'band', domain: rangees.map((r) => r.cle), axis: null, padding: 0 },
    marks: [
      Plot.text(rangees, {
        y: 'cle',
        text: 'nom',
        frameAnchor: 'left',
        textAnchor: 'start',
        dy: -pas * 0.26,
      }),
      Plot.text(rangees, {
        y: 'cle',
        text: 'ecrit',
        frameAnchor: 'right',
        textAnchor: 'end',
        dx: 88,
        dy: pas * 0.14,
        fontWeight: 'bold',
      }),
      Plot.ruleY(rangees, { y: 'cle', x1: 0, x2: 1, dy: pas * 0.14, stroke: 'var(--trait-fort)' }),
      Plot.barX(rangees, {
        y: 'cle',
        x1: 'q1',
        x2: 'q3',
        insetTop: pas * 0.64 - bande / 2,
        insetBottom: pas * 0.36 - bande / 2,
        fill: 'var(--accent-doux)',
        stroke: 'var(--accent)',
      }),
      Plot.tickX(rangees, {
        y: 'cle',
        x: 'mediane',
        insetTop: pas * 0.64 - bande * 0.75,
        insetBottom: pas * 0.36 - bande * 0.75,
        stroke: 'var(--accent)',
        strokeWidth: 3,
      }),
      Plot.dot(
        rangees.filter((r) => r.valeur !== null),
        {
          y: 'cle',
          x: 'valeur',
          dy: pas * 0.14,
          symbol: 'diamond',
          r: support === 'papier' ? 5 : 7,
          fill: 'var(--profil-parent)',
          stroke: 'var(--surface)',
          strokeWidth: 1.5,
        },
      ),
    ],
  });
  return nettoyer(svg);
}

function normer({ nom, valeur, q1, mediane, q3 }: Indicateur): Rangee[] {
  if (q1 === null || mediane === null || q3 === null) return [];
  const haut = Math.max(q3, valeur ?? 0) * 1.08 || 1;
  return [
    {
      cle: nom,
      nom: textesFiche.pairs.noms[nom],
      q1: q1 / haut,
      mediane: mediane / haut,
      q3: q3 / haut,
      valeur: valeur === null ? null : valeur / haut,
      ecrit: ecrireIndicateur(nom, valeur),
    },
  ];
}
