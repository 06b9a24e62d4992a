// The 25 services by theme, drawn: a full bar for visits, a hatched one for users, both in figures.

import * as Plot from '@observablehq/plot';
import type { Membre } from '../api/types';
import type { LigneService } from '../figures/services';
import { estNombre, nombreOuZero, type Valeur } from '../figures/valeurs';
import { ecrireValeur } from '../phrases/blancs';
import { textes } from '../textes';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

interface Mesures {
  /** Height of a row, and of its two bars. */
  pas: number;
  visites: number;
  utilisateurs: number;
  /** Width of the names beside the bars; 0 puts them above. */
  gauche: number;
  /** Width of a column of figures. */
  colonne: number;
  texte: string;
}

const LARGE: Mesures = {
  pas: 37,
  visites: 12,
  utilisateurs: 8,
  gauche: 236,
  colonne: 88,
  texte: '13px',
};
const ETROIT: Mesures = {
  pas: 46,
  visites: 9,
  utilisateurs: 6,
  gauche: 0,
  colonne: 80,
  texte: '13px',
};
const PAPIER: Mesures = {
  pas: 14,
  visites: 6,
  utilisateurs: 3,
  gauche: 172,
  colonne: 60,
  texte: '9px',
};
const LARGEUR_LARGE = 520;

interface Rang {
  cle: string;
  titre: string;
  ligne: LigneService | null;
}

export function traceServices(
  { themes, lignes }: { themes: Membre[]; lignes: LigneService[] },
  { largeur, support }: Place,
): SVGSVGElement {
  const m = support === 'papier' ? PAPIER : largeur >= LARGEUR_LARGE ? LARGE : ETROIT;
  const rangs = disposer(themes, lignes);
  const pleins = rangs.filter((r): r is Rang & { ligne: LigneService } => r.ligne !== null);
  // With the names above, the bars and their figures go down by as much.
  const descente = m.gauche === 0 ? 8 : 0;
  const haut = (m.pas - m.visites - m.utilisateurs) / 2 + descente;
  const maximum = Math.max(1, ...lignes.map((l) => nombreOuZero(l.visites)));
  const nomAGauche = { frameAnchor: 'left', textAnchor: 'start', dx: -m.gauche } as const;
  const svg = Plot.plot({
    width: largeur,
    height: rangs.length * m.pas + 26,
    marginTop: 22,
    marginBottom: 4,
    marginLeft: m.gauche,
    marginRight: 2 * m.colonne,
    className: 'trace',
    style: { fontSize: m.texte },
    x: { domain: [0, maximum], axis: null },
    y: { type: 'band', domain: rangs.map((r) => r.cle), axis: null, padding: 0 },
    marks: [
      ...entetes(m.colonne),
      Plot.text(
        rangs.filter((r) => r.ligne === null),
        {
          y: 'cle',
          text: 'titre',
          ...nomAGauche,
          dy: 4,
          fontWeight: 'bold',
          fill: 'var(--accent)',
        },
      ),
      Plot.text(pleins, { y: 'cle', text: 'titre', ...nomAGauche, dy: m.gauche === 0 ? -12 : 0 }),
      Plot.ruleX([0], { stroke: 'var(--trait-fort)' }),
      Plot.barX(
        pleins.filter((r) => !estNombre(r.ligne.visites)),
        {
          y: 'cle',
          x: maximum,
          insetTop: haut,
          insetBottom: m.pas - haut - m.visites - m.utilisateurs,
          fill: 'url(#motif-masque)',
          fillOpacity: 0.5,
          title: (r: Rang) => (r.ligne === null ? '' : ecrireValeur(r.ligne.visites)),
        },
      ),
      Plot.barX(pleins, {
        y: 'cle',
        x: (r) => nombreOuZero(r.ligne.visites),
        insetTop: haut,
        insetBottom: m.pas - haut - m.visites,
        fill: 'var(--accent)',
      }),
      Plot.barX(pleins, {
        y: 'cle',
        x: (r) => nombreOuZero(r.ligne.utilisateurs),
        insetTop: haut + m.visites,
        insetBottom: m.pas - haut - m.visites - m.utilisateurs,
        fill: 'url(#motif-utilisateurs)',
      }),
      ...[
        { lire: (r: Rang): Valeur => r.ligne?.visites ?? 0, dx: m.colonne },
        { lire: (r: Rang): Valeur => r.ligne?.utilisateurs ?? 0, dx: 2 * m.colonne },
      ].map(({ lire, dx }) =>
        Plot.text(pleins, {
          y: 'cle',
          frameAnchor: 'right',
          textAnchor: 'end',
          dx,
          dy: descente,
          text: (r: Rang) => ecrireValeur(lire(r)),
          fill: (r: Rang) => (nombreOuZero(lire(r)) === 0 ? 'var(--encre-douce)' : 'var(--encre)'),
        }),
      ),
    ],
  });
  return nettoyer(svg);
}

function disposer(themes: Membre[], lignes: LigneService[]): Rang[] {
  return themes.flatMap((theme) => [
    { cle: `theme ${theme.code}`, titre: theme.libelle, ligne: null },
    ...lignes
      .filter((ligne) => ligne.theme === theme.code)
      .map((ligne) => ({ cle: ligne.code, titre: ligne.libelle, ligne })),
  ]);
}

function entetes(colonne: number): Plot.Markish[] {
  const noms = [textes.chiffres.visites, textes.chiffres.utilisateurs];
  return noms.map((nom, rang) =>
    Plot.text([nom], {
      frameAnchor: 'top-right',
      textAnchor: 'end',
      dx: colonne * (rang + 1),
      dy: -16,
      fill: 'var(--encre-douce)',
    }),
  );
}
