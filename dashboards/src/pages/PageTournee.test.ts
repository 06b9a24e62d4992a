import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EcoleAVisiter, Tournee } from '../api/accompagnement';
import { oublierReponses } from '../etat/reponses';
import PageTournee from './PageTournee.svelte';

const MOLIERE: EcoleAVisiter = {
  uai: '0310100R',
  nom: 'Molière',
  commune: 'Muret',
  raison: 'jamais_commence',
  phrase: 'Sous convention depuis le 1er sept. 2026, aucune visite à ce jour.',
  depuis: '2026-09-01',
  vue_le: null,
};

const TOURNEE: Tournee = {
  niveau: 'departement',
  code: '031',
  nom: 'Haute-Garonne',
  semaine: '2026-11-16',
  ecoles: [MOLIERE, { ...MOLIERE, uai: '0311667U', nom: 'Buffon', raison: 'chute' }],
  silencieuses: 2,
  avancees: [],
  definitions: { tournee: 'Dix écoles au plus.' },
};

let ecrites: [string, string, unknown][];
let reponse: Tournee;

beforeEach(() => {
  ecrites = [];
  reponse = TOURNEE;
  oublierReponses();
  vi.stubGlobal('fetch', (chemin: string, options: RequestInit) => {
    if (options.method === undefined) return Promise.resolve(Response.json(reponse));
    const corps: unknown = typeof options.body === 'string' ? JSON.parse(options.body) : null;
    ecrites.push([options.method, chemin, corps]);
    const vue_le = options.method === 'POST' ? '2026-11-18' : null;
    reponse = {
      ...TOURNEE,
      ecoles: TOURNEE.ecoles.map((e) => (chemin.includes(e.uai) ? { ...e, vue_le } : e)),
    };
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const Q = 'niveau=departement&code=031';

it('gives each school its reason, and silences one for the weeks chosen until it is put back', async () => {
  render(PageTournee, { q: `${Q}&silence=8` });
  await screen.findByText(/2.écoles à appeler.*1 n’a jamais commencé, 1 est en baisse/);
  await fireEvent.click(screen.getByRole('button', { name: /Vu.: Molière/ }));
  await screen.findByRole('heading', { name: 'Vues cette semaine' });
  screen.getByText(/1.école à appeler.*1 est en baisse/);
  const remettre = screen.getByRole('button', { name: 'Remettre dans la liste' });
  expect(document.activeElement).toBe(remettre);
  await fireEvent.click(remettre);
  await screen.findByText('Molière est de nouveau dans la liste.');
  await vi.waitFor(() => {
    expect(screen.queryByRole('heading', { name: 'Vues cette semaine' })).toBeNull();
  });
  expect(ecrites).toEqual([
    ['POST', '/api/v1/tournee/0310100R/vue', { semaines: 8 }],
    ['DELETE', '/api/v1/tournee/0310100R/vue', null],
  ]);
});

it('links each school to its page and to its log', async () => {
  render(PageTournee, { q: Q });
  const ecole = await screen.findByRole('link', { name: 'Molière' });
  expect(ecole.getAttribute('href')).toMatch(/^\/territoires\/ecole\/0310100R\?/);
  const noter = screen.getByRole('link', { name: /Noter une action.: Molière/ });
  expect(noter.getAttribute('href')).toBe('/suivi?niveau=departement&code=031&ecole=0310100R');
  screen.getByText(/2 écoles vues les semaines passées/);
});

it('says when nobody is to be called, and how a school comes here', async () => {
  reponse = { ...TOURNEE, ecoles: [], silencieuses: 0 };
  render(PageTournee, { q: Q });
  await screen.findByText('Aucune école à appeler cette semaine');
  screen.getByText(/Une école vient ici quand/);
});

it('asks for a territory where the account has none of its own', () => {
  render(PageTournee, { q: '' });
  screen.getByText('Choisissez un territoire');
  expect(ecrites).toEqual([]);
});
