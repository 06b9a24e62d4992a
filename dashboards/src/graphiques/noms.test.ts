import { expect, it } from 'vitest';
import { placerNoms, type Marque } from './noms';

const DESSIN: [number, number] = [600, 400];

function marque(nom: string, x: number, y: number, r = 10): Marque {
  return { cle: nom, nom, x, y, r };
}

it('puts a name below its mark', () => {
  const [nom] = placerNoms([marque('Lot', 300, 100)], DESSIN);
  expect(nom).toMatchObject({ cle: 'Lot', x: 300 });
  expect(nom?.y).toBeGreaterThan(110);
});

it('moves a name that would cover another one', () => {
  const noms = placerNoms(
    [marque('Perpignan 1', 300, 100), marque('Perpignan 2', 320, 100)],
    DESSIN,
  );
  expect(noms).toHaveLength(2);
  expect(Math.abs((noms[0]?.y ?? 0) - (noms[1]?.y ?? 0))).toBeGreaterThan(14);
});

it('leaves out the names that have no room, the first served first', () => {
  const serres = Array.from({ length: 30 }, (_, rang) =>
    marque(`Circonscription ${rang}`, 300 + rang, 200),
  );
  const noms = placerNoms(serres, DESSIN);
  expect(noms.length).toBeGreaterThan(0);
  expect(noms.length).toBeLessThan(30);
  expect(noms[0]?.cle).toBe('Circonscription 0');
});

it('keeps every name within the drawing', () => {
  const [bord] = placerNoms([marque('Hautes-Pyrénées', 2, 398)], DESSIN);
  expect((bord?.x ?? 0) - ('Hautes-Pyrénées'.length * 7) / 2).toBeGreaterThanOrEqual(0);
  expect(bord?.y).toBeLessThan(400);
  expect(placerNoms([marque('Gers', 900, 100)], DESSIN)).toEqual([]);
});

it('puts a name without a mark on its place', () => {
  const [nom] = placerNoms([marque('Agly', 300, 100, 0)], DESSIN);
  expect(nom?.x).toBe(300);
  expect(Math.abs((nom?.y ?? 0) - 100)).toBeLessThan(8);
});

it('puts on its own mark a name that its neighbours leave no other room', () => {
  const autour = [
    [300, 70],
    [300, 130],
    [270, 100],
    [330, 100],
  ].map(([x = 0, y = 0], rang) => ({ ...marque('', x, y, 14), cle: `voisine ${rang}` }));
  const noms = placerNoms([marque('Lot', 300, 100, 16), ...autour], DESSIN);
  const lot = noms.find(({ nom }) => nom === 'Lot');
  expect(lot?.x).toBe(300);
  expect(Math.abs((lot?.y ?? 0) - 100)).toBeLessThan(8);
});
