import { expect, it } from 'vitest';
import { natureLisible } from './natures';

it('reads the published capitals', () => {
  expect(natureLisible('LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE', 'Lycée')).toBe(
    'Lycée général et technologique',
  );
});

it('falls back on the type, with its accent', () => {
  expect(natureLisible('ECOLE DE PLEIN AIR', 'Ecole')).toBe('École');
  expect(natureLisible('INSTITUT MEDICO-EDUCATIF', 'Médico-social')).toBe('Médico-social');
});
