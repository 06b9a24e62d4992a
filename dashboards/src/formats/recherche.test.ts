import { expect, it } from 'vitest';
import { chercher } from './recherche';

it('finds a text by its words, whatever their order, accents and capitals', () => {
  const trouve = chercher(' ELEMENTAIRE  moli');
  expect(trouve('École Molière, élémentaire')).toBe(true);
  expect(trouve('École Molière, maternelle')).toBe(false);
});

it('finds everything when nothing is typed', () => {
  expect(chercher('  ')('Molière')).toBe(true);
});
