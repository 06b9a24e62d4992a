import { cleanup, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Carte } from '../api/pilotage';
import { VUE_INITIALE } from '../etat/adresse';
import { lireContours } from '../figures/contours';
import DessinCarte from './DessinCarte.svelte';
import ListePlaces from './ListePlaces.svelte';

const mesures = (visites: number) => ({
  etat: 'mesure' as const,
  visites,
  utilisateurs: visites,
  duree_ms: 0,
  evenements: visites,
});

const CARTE: Carte = {
  points: [
    { uai: '0660001A', visites: 5, lat: 42.6 },
    { uai: '0660002B', visites: 80, lat: 42.7 },
  ].map(({ uai, visites, lat }) => ({
    uai,
    nom: 'Ecole maternelle',
    type: 'Ecole',
    lat,
    lon: 2.8,
    etat: 'actif' as const,
    mesures: mesures(visites),
  })),
  territoires: [
    { code: '0660055B', nom: 'Céret', visites: 10, lat: 42.5, lon: 2.7 },
    { code: '0660056C', nom: 'Prades', visites: 40, lat: 42.6, lon: 2.4 },
  ].map(({ visites, ...t }) => ({
    ...t,
    niveau: 'circonscription' as const,
    ecoles: 12,
    mesures: mesures(visites),
  })),
  incidents: [],
};

const CONTOURS = lireContours({
  '066': [[1700, 42300, 1400, 0, 0, 600, -1400, 0]],
  '011': [[1700, 42900, 1400, 0, 0, 500, -1400, 0]],
  '059': [[3000, 50000, 500, 0, 0, 500, -500, 0]],
});

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function dessiner(lecture: 'ecoles' | 'territoires') {
  return render(DessinCarte, {
    carte: CARTE,
    lecture,
    vue: VUE_INITIALE,
    contours: CONTOURS,
    propres: ['066'],
    entiers: true,
  });
}

it('names each circle with its visits, as a link that the keyboard reaches', () => {
  dessiner('territoires');
  const lien = screen.getByRole('link', { name: /^Prades\s:\s40\svisites$/ });
  expect(lien.getAttribute('href')).toContain('/territoires/circonscription/0660056C');
  expect(lien.hasAttribute('tabindex')).toBe(false);
});

it('draws the outlines in sight, and the one looked at apart', () => {
  const { container } = dessiner('territoires');
  const traces = container.querySelectorAll('svg > g > path[d$="Z"]');
  expect(traces).toHaveLength(2);
  expect(container.querySelectorAll('path.propre')).toHaveLength(1);
});

it('leaves schools to the list below, out of the tab order', () => {
  const { container } = dessiner('ecoles');
  expect(container.querySelectorAll('svg a:not([tabindex="-1"])')).toHaveLength(0);
  expect(container.querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
});

it('lists the most visited first, each school with its identifier', () => {
  render(ListePlaces, { carte: CARTE, lecture: 'ecoles', vue: VUE_INITIALE });
  const [, premiere, seconde] = screen.getAllByRole('row');
  if (premiere === undefined || seconde === undefined) throw new Error('two rows are missing');
  within(premiere).getByText('0660002B');
  within(seconde).getByText('0660001A');
});
