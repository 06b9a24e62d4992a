import { expect, it } from 'vitest';
import { nomSimple, tableauCsv } from './fichiers';

it('writes a table that a French spreadsheet reads as numbers, not as formulas', () => {
  const csv = tableauCsv(
    ['Nom', 'Visites'],
    [
      ['École « A » ; B', '3\u202f812'],
      ['=SOMME(A1)', '−8\u00a0'],
      ['dit "oui"', 'masqué'],
      ['part', '2,5'],
    ],
  );
  expect(csv).toBe(
    '\ufeffNom;Visites\r\n"École « A » ; B";3812\r\n\'=SOMME(A1);-8\r\n"dit ""oui""";masqué\r\npart;2,5\r\n',
  );
});

it('names a file or an anchor without accents nor spaces', () => {
  expect(nomSimple('L’école parmi ses pairs')).toBe('l-ecole-parmi-ses-pairs');
  expect(nomSimple('« Évolution », 2026')).toBe('evolution-2026');
});
