// The 25 services by theme, drawn: a full bar for visits, a hatched one for users, both in figures.

import * as Plot from '@observablehq/plot';
import type { Membre } from '../api/types';
import type { LigneService } from '../figures/services';
import { nombre } from '../formats/nombres';
import { textes } from '../textes';
import { nettoyer } from './nettoyer';

const COLONNE = 72;

interface Rang {
  cle: string;
  titre: string;
  ligne: LigneService | null;
}

export function traceServices(
  { themes, lignes }: { themes: Membre[]; lignes: LigneService[] },
  largeur: number,
): SVGSVGElement {
  const large = largeur >= 520;
  const rangs = disposer(themes, lignes);
  const pleins = rangs.filter((r): r is Rang & { ligne: LigneService } => r.ligne !== null);
  const pas = large ? 29 : 46;
  const gauche = large ? 236 : 0;
  const milieuBarre = large ? 0 : 9;
  const maximum = Math.max(1, ...lignes.map((l) => l.visites));
  const nomAGauche = { frameAnchor: 'left', textAnchor: 'start', dx: -gauche } as const;
  const svg = Plot.plot({
    width: largeur,
    height: rangs.length * pas + 26,
    marginTop: 22,
    marginBottom: 4,
    marginLeft: gauche,
    marginRight: 2 * COLONNE,
    className: 'trace',
    style: { fontSize: '13px' },
    x: { domain: [0, maximum], axis: null },
    y: { type: 'band', domain: rangs.map((r) => r.cle), axis: null, padding: 0 },
    marks: [
      ...entetes(),
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
      Plot.text(pleins, { y: 'cle', text: 'titre', ...nomAGauche, dy: large ? 0 : -10 }),
      Plot.ruleX([0], { stroke: 'var(--trait-fort)' }),
      Plot.barX(pleins, {
        y: 'cle',
        x: (r) => r.ligne.visites,
        insetTop: large ? 5 : 22,
        insetBottom: 14,
        fill: 'var(--accent)',
      }),
      Plot.barX(pleins, {
        y: 'cle',
        x: (r) => r.ligne.utilisateurs,
        insetTop: pas - 13,
        insetBottom: 6,
        fill: 'url(#motif-utilisateurs)',
      }),
      ...[
        { lire: (r: Rang) => r.ligne?.visites ?? 0, dx: COLONNE },
        { lire: (r: Rang) => r.ligne?.utilisateurs ?? 0, dx: 2 * COLONNE },
      ].map(({ lire, dx }) =>
        Plot.text(pleins, {
          y: 'cle',
          frameAnchor: 'right',
          textAnchor: 'end',
          dx,
          dy: milieuBarre,
          text: (r: Rang) => nombre(lire(r)),
          fill: (r: Rang) => (lire(r) === 0 ? 'var(--encre-douce)' : 'var(--encre)'),
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

function entetes(): Plot.Markish[] {
  const noms = [textes.chiffres.visites, textes.chiffres.utilisateurs];
  return noms.map((nom, rang) =>
    Plot.text([nom], {
      frameAnchor: 'top-right',
      textAnchor: 'end',
      dx: COLONNE * (rang + 1),
      dy: -16,
      fill: 'var(--encre-douce)',
      fontSize: 12,
    }),
  );
}
