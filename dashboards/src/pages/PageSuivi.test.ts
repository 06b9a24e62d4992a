import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Action, ActionSaisie, Journal } from '../api/accompagnement';
import { oublierReponses } from '../etat/reponses';
import PageSuivi from './PageSuivi.svelte';

const VISITE: Action = {
  id: 'a1',
  uai: '0310100R',
  nom: 'Molière',
  jour: '2026-10-01',
  genre: 'visite',
  note: 'Réunion de rentrée',
  par: 'Camille Roques',
  modifiable: true,
  effet: { avant: 42, apres: 61.5, avant_pairs: 40, apres_pairs: 43.1, ecoles_pairs: 17 },
  refus: null,
};
const APPEL: Action = {
  ...VISITE,
  id: 'a2',
  uai: '0311667U',
  nom: 'Buffon',
  jour: '2026-11-10',
  genre: 'appel',
  note: '',
  par: null,
  modifiable: false,
  effet: null,
  refus: 'Les quatre semaines de classe qui suivent s’achèvent le 13 déc. 2026.',
};

let actions: Action[];
let ecrites: [string, string, unknown][];

function repondre(chemin: string, options: RequestInit): Response {
  const corps =
    typeof options.body === 'string' ? (JSON.parse(options.body) as ActionSaisie) : null;
  const id = /suivi\/(\w+)/.exec(chemin)?.[1];
  if (options.method === undefined) {
    if (chemin.includes('/territoires/')) return Response.json({ nom: 'Buffon' });
    const journal: Journal = {
      niveau: 'departement',
      code: '031',
      nom: 'Haute-Garonne',
      actions,
      definitions: { effet: 'Visites par semaine.' },
    };
    return Response.json(journal);
  }
  ecrites.push([options.method, chemin, corps]);
  if (options.method === 'DELETE' || corps === null) {
    actions = actions.filter((a) => a.id !== id);
    return new Response(null, { status: 204 });
  }
  const rendue = { ...APPEL, ...corps, id: id ?? 'a3', modifiable: true };
  actions = [...actions.filter((a) => a.id !== rendue.id), rendue];
  return Response.json(rendue, { status: 201 });
}

// Loaded beforehand: the drawing would else arrive after the end of the tests.
beforeAll(async () => {
  await import('../graphiques/traces');
});

beforeEach(() => {
  actions = [VISITE, APPEL];
  ecrites = [];
  oublierReponses();
  vi.stubGlobal('fetch', (chemin: string, options: RequestInit) =>
    Promise.resolve(repondre(chemin, options)),
  );
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const Q = 'niveau=departement&code=031';

it('says for each action what became of the visits, or why it cannot be told', async () => {
  render(PageSuivi, { q: Q });
  await screen.findByText(/2.actions dans 2.écoles, dont 1 avec un avant et un après/);
  screen.getByText(/Pas d’avant\/après.: les quatre semaines de classe qui suivent/);
  screen.getByRole('heading', { name: /Avant et après.– Visite du 1er.octobre.2026, Molière/ });
  expect(screen.getAllByText(/L’école progresse plus que ses semblables/)).toHaveLength(2);
  screen.getByText('notée par un compte supprimé');
});

it('lets only what one wrote be changed', async () => {
  render(PageSuivi, { q: Q });
  await screen.findByRole('button', { name: /^Supprimer.: Visite/ });
  expect(screen.queryByRole('button', { name: /^Supprimer.: Appel/ })).toBeNull();
});

it('notes an action for the school of the address, and warns against personal data', async () => {
  render(PageSuivi, { q: `${Q}&ecole=0311667U` });
  await screen.findByText('Buffon', { selector: 'strong' });
  screen.getByText(/aucune donnée personnelle/);
  await fireEvent.input(screen.getByLabelText('Date'), { target: { value: '2026-11-12' } });
  await fireEvent.click(screen.getByLabelText('Formation'));
  await fireEvent.input(screen.getByLabelText(/^Note \(/), { target: { value: ' Atelier ' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
  await screen.findByText('L’action est notée pour Buffon.');
  const notee = { uai: '0311667U', jour: '2026-11-12', genre: 'formation', note: 'Atelier' };
  expect(ecrites).toEqual([['POST', '/api/v1/suivi', notee]]);
});

it('undoes a deletion by noting the same action again', async () => {
  render(PageSuivi, { q: Q });
  await fireEvent.click(await screen.findByRole('button', { name: /^Supprimer.: Visite/ }));
  await screen.findByText('L’action est supprimée.');
  await fireEvent.click(screen.getByRole('button', { name: 'Annuler' }));
  await screen.findByText('C’est annulé.');
  const { uai, jour, genre, note } = VISITE;
  expect(ecrites).toEqual([
    ['DELETE', '/api/v1/suivi/a1', null],
    ['POST', '/api/v1/suivi', { uai, jour, genre, note }],
  ]);
});

it('undoes a correction by writing what was there', async () => {
  render(PageSuivi, { q: Q });
  await fireEvent.click(await screen.findByRole('button', { name: /^Modifier.: Visite/ }));
  await fireEvent.click(screen.getByLabelText('Appel'));
  await fireEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
  await screen.findByText('L’action est modifiée.');
  await fireEvent.click(screen.getByRole('button', { name: 'Annuler' }));
  await screen.findByText('C’est annulé.');
  expect(ecrites.map(([methode, chemin]) => [methode, chemin])).toEqual([
    ['PUT', '/api/v1/suivi/a1'],
    ['PUT', '/api/v1/suivi/a1'],
  ]);
  expect(ecrites.map(([, , corps]) => (corps as ActionSaisie).genre)).toEqual(['appel', 'visite']);
});

it('asks for the school before anything is sent', async () => {
  render(PageSuivi, { q: Q });
  await fireEvent.click(await screen.findByRole('button', { name: 'Noter une action' }));
  await fireEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
  await screen.findByText('Choisissez d’abord l’école.');
  expect(ecrites).toEqual([]);
});

it('teaches what an empty log is for', async () => {
  actions = [];
  render(PageSuivi, { q: Q });
  await screen.findByText('Le journal est vide');
  screen.getByText(/à côté d’écoles semblables/);
});
