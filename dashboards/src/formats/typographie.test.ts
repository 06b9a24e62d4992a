import { expect, it } from 'vitest';
import { typographie, typographier } from './typographie';

it('keeps double punctuation on the line of its word', () => {
  expect(typographie("« Vacances d'été » : lesquelles ?")).toBe(
    '«\u00a0Vacances d’été\u00a0»\u00a0: lesquelles\u202f?',
  );
});

it('reaches the texts that functions return', () => {
  const textes = typographier({ a: { b: (n: number) => `${n} résultats : voir` }, c: ['oui !'] });
  expect(textes.a.b(3)).toBe('3 résultats\u00a0: voir');
  expect(textes.c).toEqual(['oui\u202f!']);
});
