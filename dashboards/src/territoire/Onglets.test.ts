import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import type { Territoire } from '../api/types';
import { VUE_INITIALE } from '../etat/adresse';
import Onglets from './Onglets.svelte';

afterEach(cleanup);

const VUE = { ...VUE_INITIALE, debut: '2026-11-16', profil: 'PARENT' };

function noms(niveau: Territoire['niveau']): (string | null)[] {
  const territoire = { niveau, code: '031' } as Territoire;
  render(Onglets, { territoire, section: 'services', vue: VUE });
  return screen.getAllByRole('link').map((lien) => lien.textContent);
}

it('leads to each view with the same period and profile, and marks the one that shows', () => {
  noms('departement');
  const evolution = screen.getByRole('link', { name: 'Évolution' });
  expect(evolution.getAttribute('href')).toBe(
    '/territoires/departement/031/evolution?grain=semaine&debut=2026-11-16&profil=PARENT',
  );
  expect(screen.getByRole('link', { name: 'Services' }).getAttribute('aria-current')).toBe('page');
  expect(evolution.getAttribute('aria-current')).toBeNull();
  expect(screen.getByRole('link', { name: 'Comparer' }).getAttribute('href')).toBe(
    '/comparer?lieux=departement%3A031&grain=semaine&debut=2026-11-16&profil=PARENT',
  );
});

it('has neither schools nor a map inside a school', () => {
  expect(noms('ecole')).toEqual([
    'Accueil',
    'Évolution',
    'Services',
    'Moments et appareils',
    'Comparer',
  ]);
});
