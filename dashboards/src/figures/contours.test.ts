import { expect, it } from 'vitest';
import departements from '../carte/departements.json';
import { lireContours, tracerContour } from './contours';

const CARRE = { '066': [[1000, 42000, 1000, 0, 0, 1000, -1000, 0]] };

it('reads rings written as distances', () => {
  expect(lireContours(CARRE)).toEqual([
    {
      code: '066',
      anneaux: [
        [
          { lon: 1, lat: 42 },
          { lon: 2, lat: 42 },
          { lon: 2, lat: 43 },
          { lon: 1, lat: 43 },
        ],
      ],
    },
  ]);
});

it('draws what is in sight and nothing of the rest', () => {
  const [carre] = lireContours(CARRE);
  if (carre === undefined) throw new Error('no outline');
  const chemin = tracerContour(carre, ({ lon, lat }) => [lon, lat], [100, 100]);
  expect(chemin).toBe('M1.0 42.0L2.0 42.0L2.0 43.0L1.0 43.0Z');
  expect(tracerContour(carre, ({ lon, lat }) => [lon + 500, lat], [100, 100])).toBeNull();
});

it('has the 101 départements, under the codes of the directory', () => {
  const contours = lireContours(departements);
  expect(contours).toHaveLength(101);
  expect(contours.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['066', '02A', '02B', '075', '971', '976']),
  );
  // Perpignan is within the outline's box.
  const lieux = contours.find(({ code }) => code === '066')?.anneaux.flat() ?? [];
  expect(Math.min(...lieux.map(({ lon }) => lon))).toBeLessThan(2.9);
  expect(Math.max(...lieux.map(({ lat }) => lat))).toBeGreaterThan(42.7);
});
