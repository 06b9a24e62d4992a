import { readFileSync } from 'node:fs';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { Droit, Moi } from '../api/comptes';
import NouveauJeton from './NouveauJeton.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const DOCUMENT = JSON.parse(readFileSync('../api/openapi.json', 'utf8')) as {
  components: { schemas: { Portee: { enum: string[] }; Droit: { enum: Droit[] } } };
};
const { Portee, Droit: DROITS } = DOCUMENT.components.schemas;

function montrer(droits: Droit[], cree: (jeton: string) => void = () => undefined) {
  const moi = { droits, perimetres: [] as Moi['perimetres'] } as Moi;
  render(NouveauJeton, { moi, cree, annuler: () => undefined });
}

const cases = (): HTMLInputElement[] => screen.getAllByRole('checkbox');

it('offers the scopes that the API knows, each under a name', () => {
  montrer(DROITS.enum);
  expect(
    cases()
      .map((c) => c.value)
      .sort(),
  ).toEqual([...Portee.enum].sort());
  for (const c of cases()) expect(c.closest('label')?.textContent?.trim()).not.toBe('');
});

it('offers only what one may do', () => {
  montrer(['chiffres']);
  expect(cases().map((c) => c.value)).toEqual(['chiffres']);
});

it('asks for the scopes ticked', async () => {
  const corps: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    corps.push(JSON.parse(body));
    return Promise.resolve(Response.json({ jeton: 'fj_1' }, { status: 201 }));
  });
  const cree = vi.fn();
  montrer(DROITS.enum, cree);
  await fireEvent.input(screen.getByLabelText('Nom du jeton'), { target: { value: 'Tableur' } });
  await fireEvent.click(screen.getByRole('checkbox', { name: 'lire les chiffres' }));
  await fireEvent.click(screen.getByRole('checkbox', { name: 'lire les conventions' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Créer' }));
  await vi.waitFor(() => expect(cree).toHaveBeenCalledWith('fj_1'));
  expect(corps).toMatchObject([{ portees: ['chiffres', 'conventions_lecture'] }]);
});
