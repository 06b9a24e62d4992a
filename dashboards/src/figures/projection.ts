// Where places fall on the drawing: a Mercator projection fitted to them, then zoomed and moved.

import { geoMercator } from 'd3-geo';

export interface Place {
  lat: number;
  lon: number;
}

export interface Regard {
  /** How many times larger than all in sight. */
  echelle: number;
  /** Middle of the drawing, from 0 to 1 of its width and height when all is in sight. */
  x: number;
  y: number;
}

export const TOUT: Regard = { echelle: 1, x: 0.5, y: 0.5 };
export const ECHELLE_MAX = 32;
/** Room around the places, for circles and names. */
const MARGE = 52;

type Projeter = (place: Place) => [number, number];

/** The projection that puts every place in a box, seen from a regard. */
export function projection(
  places: Place[],
  [largeur, hauteur]: [number, number],
  regard: Regard,
): Projeter {
  const coordinates = places.map(({ lon, lat }) => [lon, lat] as [number, number]);
  const p = geoMercator();
  if (new Set(coordinates.map(String)).size < 2) {
    const seul = coordinates[0] ?? [2.5, 46.5];
    p.center(seul)
      .scale(20_000)
      .translate([largeur / 2, hauteur / 2]);
  } else {
    p.fitExtent(
      [
        [MARGE, MARGE],
        [largeur - MARGE, hauteur - MARGE],
      ],
      { type: 'MultiPoint', coordinates },
    );
  }
  return ({ lat, lon }) => {
    const [x, y] = p([lon, lat]) ?? [0, 0];
    return [
      (x - regard.x * largeur) * regard.echelle + largeur / 2,
      (y - regard.y * hauteur) * regard.echelle + hauteur / 2,
    ];
  };
}

/** The meridians and parallels that cross the places, as many as stay readable. */
export function graticule(places: Place[], echelle: number): { lons: number[]; lats: number[] } {
  if (places.length === 0) return { lons: [], lats: [] };
  const etendue = (lire: (p: Place) => number): number[] => {
    const valeurs = places.map(lire);
    const [min, max] = [Math.min(...valeurs), Math.max(...valeurs)];
    const pas = pasDe(Math.max(max - min, 0.05) / echelle);
    // The drawing shows more than the places: its shape is not theirs.
    const [bas, haut] = [min - (max - min + pas), max + (max - min + pas)];
    const premier = Math.floor(bas / pas) * pas;
    const nombre = Math.min(400, Math.ceil((haut - premier) / pas) + 1);
    return Array.from({ length: nombre }, (_, rang) => premier + rang * pas);
  };
  return { lons: etendue((p) => p.lon), lats: etendue((p) => p.lat) };
}

/** About five lines, at a step that one reads: 1, a half, a quarter… */
function pasDe(etendue: number): number {
  const pas = [5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01];
  return pas.find((p) => etendue / p >= 4) ?? 0.01;
}

/** A regard moved by a share of what is in sight, or zoomed; always within the whole. */
export function bouger(
  regard: Regard,
  { dx = 0, dy = 0, fois = 1 }: { dx?: number; dy?: number; fois?: number },
): Regard {
  const echelle = Math.min(ECHELLE_MAX, Math.max(1, regard.echelle * fois));
  const marge = 0.5 / echelle;
  const borner = (n: number): number => Math.min(1 - marge, Math.max(marge, n));
  return {
    echelle,
    x: borner(regard.x + dx / regard.echelle),
    y: borner(regard.y + dy / regard.echelle),
  };
}

/** Reads a regard from the options `echelle` and `centre` of an address. */
export function lireRegard(echelle: string | undefined, centre: string | undefined): Regard {
  const e = Number(echelle ?? NaN);
  const [x = NaN, y = NaN] = (centre ?? '').split('_').map(Number);
  if (!(e >= 1) || !(x >= 0 && x <= 1) || !(y >= 0 && y <= 1)) return TOUT;
  return bouger({ echelle: e, x, y }, {});
}

/** The options of a regard, none when all is in sight. */
export function ecrireRegard({ echelle, x, y }: Regard): { echelle: string; centre: string } {
  if (echelle === 1) return { echelle: '', centre: '' };
  return { echelle: echelle.toFixed(2), centre: `${x.toFixed(3)}_${y.toFixed(3)}` };
}
