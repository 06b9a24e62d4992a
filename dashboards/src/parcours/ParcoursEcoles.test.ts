import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { EcoleEnRoute, Etape, Parcours } from '../api/accompagnement';
import { oublierReponses } from '../etat/reponses';
import { ecrireEtape, phraseParcours } from './modele';
import ParcoursEcoles from './ParcoursEcoles.svelte';

const ecole = (nom: string, etape: Etape, jours: number): EcoleEnRoute => ({
  uai: nom,
  nom,
  commune: 'Muret',
  etape,
  depuis: '2026-09-01',
  jours,
});

const PARCOURS: Parcours = {
  niveau: 'commune',
  code: '31395',
  nom: 'Muret',
  jour: '2026-11-20',
  depuis: '2025-08-01',
  ecoles: [ecole('Buffon', 'tag', 12), ecole('Molière', 'tag', 80), ecole('Zola', 'regulier', 40)],
  etapes: [
    { etape: 'convention', ecoles: 0, jours_medians: null },
    { etape: 'tag', ecoles: 2, jours_medians: 12 },
    { etape: 'comptes', ecoles: 0, jours_medians: null },
    { etape: 'enseignant', ecoles: 0, jours_medians: null },
    { etape: 'parents', ecoles: 0, jours_medians: null },
    { etape: 'regulier', ecoles: 1, jours_medians: 40 },
  ],
  definitions: { parcours: 'Étape la plus haute atteinte.' },
};

const LIEU = { niveau: 'commune', code: '31395' } as const;

// Loaded beforehand: the drawing would else arrive after the end of the tests.
beforeAll(async () => {
  await import('../graphiques/traces');
});

beforeEach(() => {
  oublierReponses();
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json(PARCOURS)));
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('lists the schools at a step, those stopped longest first', async () => {
  render(ParcoursEcoles, { lieu: LIEU, etape: 'tag' });
  await screen.findByText(/2.écoles.: les comptes ne sont pas encore ouverts/);
  const noms = screen.getAllByRole('rowheader').map((e) => e.querySelector('a')?.textContent);
  expect(noms).toEqual(['Molière', 'Buffon']);
});

it('says how many are regular, and which step holds most of the others', () => {
  expect(phraseParcours(PARCOURS).replace(/[\u00a0\u202f]/g, ' ')).toBe(
    'Sur 3 écoles sous convention, 1 est en usage régulier ; l’étape qui en retient le plus est « Marqueur vu » (2 écoles).',
  );
  const arrivees = { ecoles: [ecole('Zola', 'regulier', 40)], etapes: PARCOURS.etapes.slice(5) };
  expect(phraseParcours(arrivees)).toMatch(/toutes en usage régulier/);
});

it('gives no median where there is no school', () => {
  const dites = PARCOURS.etapes.slice(0, 2).map((e) => ecrireEtape(e).replace(/\u00a0/g, ' '));
  expect(dites).toEqual(['0 école', '2 écoles · 12 jours (médiane)']);
});

it('says a failure in its own place, and what to do', async () => {
  vi.stubGlobal('fetch', () =>
    Promise.resolve(
      Response.json(
        { type: 'about:blank', title: 'Valeur refusée', status: 400 },
        { status: 400, headers: { 'Content-Type': 'application/problem+json' } },
      ),
    ),
  );
  render(ParcoursEcoles, { lieu: LIEU, etape: '' });
  await screen.findByText('Valeur refusée');
});
