import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import AjoutEcoles from './AjoutEcoles.svelte';

beforeEach(() => {
  vi.stubGlobal('fetch', (chemin: string) =>
    Promise.resolve(
      chemin.includes('0660713S')
        ? Response.json({ nom: 'La Suberaie' })
        : new Response('{}', { status: 404 }),
    ),
  );
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('explains each identifier of a pasted list, and keeps those that were refused', async () => {
  const ajouter = vi.fn();
  render(AjoutEcoles, { deja: (uai: string) => uai === '0310100R', ajouter });
  const colle = screen.getByLabelText<HTMLTextAreaElement>(/collez une liste/);
  await fireEvent.input(colle, {
    target: { value: '0660713S ; 0660713A\n0310100R, 0311667U' },
  });
  await fireEvent.click(screen.getByRole('button', { name: 'Ajouter la liste' }));
  await screen.findByText(/1\sécole ajoutée, 3\slignes refusées/);
  expect(ajouter.mock.calls).toEqual([['0660713S', 'La Suberaie']]);
  const lignes = screen.getAllByRole('listitem').map((l) => l.textContent);
  expect(lignes[0]).toMatch(/0660713A.*pas un UAI/);
  expect(lignes[1]).toMatch(/0310100R.*déjà dans la liste/);
  expect(lignes[2]).toMatch(/0311667U.*inconnue de l’annuaire/);
  expect(colle.value).toBe('0660713A\n0310100R\n0311667U');
});
