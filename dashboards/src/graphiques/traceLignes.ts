// Several series side by side, drawn as lines over ranks that share a scale: one look and one shape
// for each, names at the ends where there is room.

import * as Plot from '@observablehq/plot';
import type { Valeur } from '../figures/valeurs';
import { estNombre } from '../figures/valeurs';
import { ecrireRapport } from '../phrases/blancs';
import type { Symbole } from './apparence';
import { abreger, ecarter } from './etiquettes';
import { nettoyer } from './nettoyer';
import { sansNom } from './nommer';
import type { Place } from './place';

export interface SerieDessinee {
  cle: string;
  nom: string;
  couleur: string;
  symbole: Symbole;
  /** Lengths of its dashes; absent, a full line. */
  tirets?: string;
  forte?: boolean;
  valeurs: (Valeur | null)[];
}

export interface DonneesLignes {
  series: SerieDessinee[];
  /** The name of each rank, all said by the pointer, some written under the axis. */
  rangs: string[];
  /** Ranks written under the axis. */
  reperes: number[];
  ecrire: (n: number) => string;
  /** Spans of ranks to shade, from the first to the last, with their name. */
  fonds?: { de: number; a: number; nom: string }[];
}

const HAUTEURS = { ecran: 320, papier: 150 };
const HAUT = 26;
const BAS = 26;
const LARGEUR_ETIQUETTES = 640;
const PLACE = 170;

interface Point {
  rang: number;
  valeur: number;
}

export function traceLignes(d: DonneesLignes, { largeur, support }: Place): SVGSVGElement {
  const hauteur = HAUTEURS[support];
  const avecNoms = largeur >= LARGEUR_ETIQUETTES;
  const nombres = d.series.flatMap((s) => s.valeurs.filter((v) => v !== null && estNombre(v)));
  const haut = Math.max(0, ...(nombres as number[])) * 1.06 || 1;
  const dernier = Math.max(1, d.rangs.length - 1);
  const svg = Plot.plot({
    width: largeur,
    height: hauteur,
    marginTop: HAUT,
    marginBottom: BAS,
    marginLeft: 56,
    marginRight: avecNoms ? PLACE : 26,
    className: 'trace',
    style: { fontSize: support === 'papier' ? '10px' : '12.5px' },
    x: { type: 'linear', domain: [0, dernier] },
    y: { domain: [0, haut] },
    marks: [
      ...fonds(d, largeur),
      Plot.axisY({ ticks: 5, tickSize: 0, tickFormat: d.ecrire, label: null }),
      Plot.gridY({ ticks: 5, stroke: 'var(--trait)', strokeOpacity: 1 }),
      Plot.axisX(d.reperes, {
        tickFormat: (rang: number) => d.rangs[rang] ?? '',
        label: null,
        stroke: 'var(--trait-fort)',
      }),
      Plot.ruleY([0], { stroke: 'var(--trait-fort)' }),
      ...d.series.flatMap((serie) => ligne(serie, d.rangs.length)),
      ...(avecNoms ? noms(d, haut, hauteur) : []),
      ...pointeur(d),
    ],
  });
  return nettoyer(svg);
}

function fonds(d: DonneesLignes, largeur: number): Plot.Markish[] {
  const bandes = d.fonds ?? [];
  const marques: Plot.Markish[] = [
    Plot.rectX(bandes, { x1: 'de', x2: 'a', fill: 'url(#motif-vacances)' }),
  ];
  if (largeur < 560) return marques;
  const milieu = (b: { de: number; a: number }) => (b.de + b.a) / 2;
  const style = { frameAnchor: 'top', dy: -14, fill: 'var(--encre-douce)' } as const;
  // A bridge of some days is too narrow for a name beside that of the holidays next to it.
  const larges = bandes.filter((b) => b.a - b.de >= 1);
  return [...marques, Plot.text(larges, { x: milieu, text: 'nom', ...style })];
}

function points(serie: SerieDessinee): Point[] {
  return serie.valeurs.flatMap((v, rang) =>
    v !== null && estNombre(v) ? [{ rang, valeur: v }] : [],
  );
}

/** Not a number where a figure is not shown: the line stops there, and is no zero. */
function ligne(serie: SerieDessinee, rangs: number): Plot.Markish[] {
  const { couleur, symbole, tirets, forte = false } = serie;
  const trous = serie.valeurs.map((v, rang) => ({
    rang,
    valeur: v !== null && estNombre(v) ? v : NaN,
  }));
  const trait = { x: 'rang', y: 'valeur', stroke: couleur, strokeWidth: forte ? 3.25 : 1.75 };
  return [
    Plot.lineY(trous, tirets === undefined ? trait : { ...trait, strokeDasharray: tirets }),
    Plot.dot(points(serie), {
      x: 'rang',
      y: 'valeur',
      symbol: symbole,
      r: rangs > 20 ? 3 : 4,
      stroke: couleur,
      fill: couleur,
    }),
  ];
}

function noms(d: DonneesLignes, haut: number, hauteur: number): Plot.Markish[] {
  const fins = d.series.flatMap((serie) => {
    const fin = points(serie).at(-1);
    return fin === undefined ? [] : [{ serie, fin }];
  });
  const dedans = hauteur - HAUT - BAS;
  const voulues = fins.map(({ fin }) => HAUT + dedans * (1 - fin.valeur / haut));
  const places = ecarter(voulues, 17, hauteur - BAS - 6);
  return fins.map(({ serie, fin }, rang) =>
    Plot.text([fin], {
      x: 'rang',
      y: 'valeur',
      dx: 11,
      dy: (places[rang] ?? 0) - (voulues[rang] ?? 0),
      text: () => abreger(serie.nom, PLACE - 12),
      textAnchor: 'start',
      fill: serie.couleur,
      fontWeight: serie.forte ? 'bold' : 'normal',
      stroke: 'var(--surface)',
      strokeWidth: 4,
    }),
  );
}

/** What the pointer shows of a rank; the data table says the same to everyone else. */
function pointeur(d: DonneesLignes): Plot.Markish[] {
  const rangs = d.rangs.map((nom, rang) => ({ nom, rang }));
  const titre = ({ nom, rang }: { nom: string; rang: number }): string =>
    [
      nom,
      ...d.series.map(
        (s) =>
          `${abreger(s.nom, PLACE)}\u00a0: ${ecrireRapport(s.valeurs[rang] ?? null, d.ecrire)}`,
      ),
    ].join('\n');
  return [
    Plot.ruleX(rangs, Plot.pointerX({ x: 'rang', stroke: 'var(--trait-fort)', render: sansNom })),
    Plot.tip(
      rangs,
      Plot.pointerX({
        render: sansNom,
        x: 'rang',
        title: titre,
        frameAnchor: 'top',
        fill: 'var(--surface)',
        stroke: 'var(--trait-fort)',
        fontSize: 13,
        lineHeight: 1.35,
      }),
    ),
  ];
}
