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

it('takes no free text for a formula, nor a signed number for a text', () => {
  const csv = tableauCsv(
    ['Note', 'Écart'],
    [
      ['-2+3', '+12\u202f%'],
      ['+33 appels ; @toutes', '-3,5 %'],
      ['- relancée', '+1\u202f250'],
      ['+cmd|calc', '−8\u00a0%'],
    ],
  );
  expect(csv.split('\r\n').slice(1)).toEqual([
    "'-2+3;+12\u202f%",
    '"\'+33 appels ; @toutes";-3,5 %',
    "'- relancée;+1250",
    "'+cmd|calc;−8\u00a0%",
    '',
  ]);
});

it('names a file or an anchor without accents nor spaces', () => {
  expect(nomSimple('L’école parmi ses pairs')).toBe('l-ecole-parmi-ses-pairs');
  expect(nomSimple('« Évolution », 2026')).toBe('evolution-2026');
});
