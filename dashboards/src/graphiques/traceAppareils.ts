// Devices by profile, drawn: each bar is all the visits of a profile.

import * as Plot from '@observablehq/plot';
import type { LigneAppareils } from '../figures/appareils';
import { estNombre, nombreOuZero } from '../figures/valeurs';
import { textesBlancs } from '../textesBlancs';
import { ecrireValeur } from '../phrases/blancs';
import { compte, part } from '../formats/nombres';
import { motifAppareil } from './apparence';
import { abreger } from './etiquettes';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

/** In pixels: a row, its bar, what is below it, the halo of a share, the room for a count. */
const MESURES = {
  ecran: { pas: 54, barre: 26, bas: 5, halo: 6, compte: 110, texte: '13px' },
  papier: { pas: 25, barre: 11, bas: 1, halo: 3, compte: 60, texte: '10px' },
};
/** Below this width in pixels a share does not fit in its segment. */
const SEGMENT_LISIBLE = 46;

interface Segment {
  profil: string;
  debut: number;
  fin: number;
  texte: string;
  motif: string;
  titre: string;
}

export function traceAppareils(
  { lignes }: { lignes: LigneAppareils[] },
  { largeur, support }: Place,
): SVGSVGElement {
  const { pas, barre, bas, halo, compte: placeCompte, texte } = MESURES[support];
  const titre = -(barre + bas) / 2;
  const segments = lignes.flatMap(couper);
  const lisibles = segments.filter((s) => (s.fin - s.debut) * largeur >= SEGMENT_LISIBLE);
  const svg = Plot.plot({
    width: largeur,
    height: lignes.length * pas,
    margin: 0,
    className: 'trace',
    style: { fontSize: texte },
    x: { domain: [0, 1], axis: null },
    y: { type: 'band', domain: lignes.map((l) => l.code), axis: null, padding: 0 },
    marks: [
      Plot.text(lignes, {
        y: 'code',
        text: (l: LigneAppareils) => abreger(l.libelle, largeur - placeCompte),
        frameAnchor: 'left',
        textAnchor: 'start',
        dy: titre,
        fontWeight: 600,
      }),
      Plot.text(lignes, {
        y: 'code',
        text: (l: LigneAppareils) => ecrireValeur(l.total, (n) => compte(n, 'visite')),
        frameAnchor: 'right',
        textAnchor: 'end',
        dy: titre,
        fill: 'var(--encre-douce)',
      }),
      Plot.barX(segments, {
        y: 'profil',
        x1: 'debut',
        x2: 'fin',
        insetTop: pas - barre - bas,
        insetBottom: bas,
        insetRight: 1,
        fill: 'motif',
        stroke: 'var(--encre-douce)',
        strokeWidth: 0.75,
        title: 'titre',
      }),
      Plot.text(lisibles, {
        y: 'profil',
        x: (s: Segment) => (s.debut + s.fin) / 2,
        dy: (pas - barre) / 2 - bas,
        text: 'texte',
        fontWeight: 'bold',
        fill: 'var(--encre)',
        stroke: 'var(--surface)',
        strokeWidth: halo,
      }),
    ],
  });
  return nettoyer(svg);
}

/** The devices shown, then what is masked as one hatched rest: the whole bar when the total is. */
function couper({ code, total, parts }: LigneAppareils): Segment[] {
  let debut = 0;
  const ajouter = (largeur: number) => ({ profil: code, debut, fin: (debut += largeur) });
  const segments: Segment[] = [];
  if (estNombre(total)) {
    for (const p of parts) {
      const visites = nombreOuZero(p.visites);
      if (visites === 0) continue;
      const texte = part(visites, total);
      const titre = `${p.libelle}\u00a0: ${texte} (${compte(visites, 'visite')})`;
      segments.push({ ...ajouter(visites / total), texte, motif: motifAppareil(p.code), titre });
    }
  }
  if (parts.some((p) => !estNombre(p.visites)) && debut < 1) {
    const texte = textesBlancs.noms.masque;
    segments.push({ ...ajouter(1 - debut), texte, motif: 'url(#motif-masque)', titre: texte });
  }
  return segments;
}
