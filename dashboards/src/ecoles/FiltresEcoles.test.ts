import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LigneEcole } from '../api/pilotage';
import { VUE_INITIALE } from '../etat/adresse';
import { navigation } from '../etat/navigation.svelte';
import FiltresEcoles from './FiltresEcoles.svelte';

afterEach(cleanup);

const ligne = (code: string, champs: Partial<LigneEcole>): LigneEcole =>
  ({ code, nom: code, type: 'Ecole', precision: null, ...champs }) as LigneEcole;

const TOUTES = [
  ligne('A', { etat: 'actif', tranche_effectif: '50-99' }),
  ligne('B', { etat: 'jamais_visite', tranche_effectif: '400+' }),
];

beforeEach(() => {
  navigation.aller('/territoires/departement/031/ecoles?grain=semaine&profil=TOUS');
});

function montrer(cachees: 'duree'[] = []) {
  render(FiltresEcoles, { toutes: TOUTES, affichees: 2, vue: VUE_INITIALE, cachees });
}

it('offers only the filters that would leave some schools and not others', () => {
  montrer();
  expect(screen.getByRole('combobox', { name: 'ENT' })).toBeTruthy();
  expect(screen.getByRole('combobox', { name: 'Taille' })).toBeTruthy();
  expect(screen.queryByRole('combobox', { name: 'Type' })).toBeNull();
  expect(screen.queryByRole('combobox', { name: 'Éducation prioritaire' })).toBeNull();
});

it('writes the filter chosen in the address', async () => {
  montrer();
  await fireEvent.change(screen.getByRole('combobox', { name: 'ENT' }), {
    target: { value: 'jamais_visite' },
  });
  expect(location.search).toContain('etat=jamais_visite');
});

it('offers all the open ENTs, active or not, beside each state', () => {
  montrer();
  const choix = screen.getByRole('combobox', { name: 'ENT' }).querySelectorAll('option');
  expect([...choix].map((o) => o.value)).toEqual(['', 'ouverts', 'actif', 'jamais_visite']);
});

it('hides a column by the address, and brings it back', async () => {
  montrer();
  await fireEvent.click(screen.getByRole('checkbox', { name: 'Durée moyenne' }));
  expect(location.search).toContain('colonnes=duree');
});

it('says how many schools are left', () => {
  montrer();
  expect(screen.getByText(/^2\sécoles$/)).toBeTruthy();
});
