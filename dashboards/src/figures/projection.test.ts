import { describe, expect, it } from 'vitest';
import {
  bouger,
  ECHELLE_MAX,
  ecrireRegard,
  graticule,
  lireRegard,
  projection,
  TOUT,
} from './projection';

const LIEUX = [
  { lat: 43.6, lon: 1.4 },
  { lat: 42.5, lon: 2.8 },
];

describe('the map', () => {
  it('puts every place in the drawing, north above and west at the left', () => {
    const projeter = projection(LIEUX, [800, 500], TOUT);
    const points = LIEUX.map(projeter);
    for (const [x, y] of points) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(800);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(500);
    }
    expect(points[0]?.[0]).toBeLessThan(points[1]?.[0] ?? 0);
    expect(points[0]?.[1]).toBeLessThan(points[1]?.[1] ?? 0);
  });

  it('of a single place has it in the middle', () => {
    const seul = { lat: 43.6, lon: 1.4 };
    expect(projection([seul], [800, 500], TOUT)(seul)).toEqual([400, 250]);
  });

  it('zooms around its middle and never shows less than all', () => {
    expect(bouger(TOUT, { fois: 2 })).toEqual({ echelle: 2, x: 0.5, y: 0.5 });
    expect(bouger(TOUT, { fois: 0.5 })).toEqual(TOUT);
    expect(bouger(TOUT, { fois: 1000 }).echelle).toBe(ECHELLE_MAX);
  });

  it('stops at its edges', () => {
    expect(bouger(TOUT, { dx: 5 })).toEqual(TOUT);
    expect(bouger({ echelle: 4, x: 0.5, y: 0.5 }, { dx: 9, dy: -9 })).toEqual({
      echelle: 4,
      x: 0.875,
      y: 0.125,
    });
  });

  it('is looked at as the address says, and as a whole when it says nothing sound', () => {
    const regard = { echelle: 4, x: 0.3, y: 0.6 };
    const { echelle, centre } = ecrireRegard(regard);
    expect(lireRegard(echelle, centre)).toEqual(regard);
    expect(ecrireRegard(TOUT)).toEqual({ echelle: '', centre: '' });
    expect(lireRegard('beaucoup', '0.5_0.5')).toEqual(TOUT);
    expect(lireRegard('4', '7_0.5')).toEqual(TOUT);
  });

  it('has a few lines to read distances by, closer as one zooms', () => {
    const large = graticule(LIEUX, 1);
    const proche = graticule(LIEUX, 8);
    expect(large.lons.length).toBeGreaterThan(4);
    expect(proche.lons.length).toBeGreaterThan(large.lons.length);
    expect(graticule([], 1)).toEqual({ lons: [], lats: [] });
  });
});
