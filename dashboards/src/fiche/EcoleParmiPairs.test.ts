import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { Pairs } from '../api/pilotage';
import EcoleParmiPairs from './EcoleParmiPairs.svelte';

// Loaded beforehand: the drawing would else arrive after the end of the tests.
beforeAll(async () => {
  await import('../graphiques/traces');
});

afterEach(cleanup);

const GROUPE: Pairs['groupe'] = {
  type: 'École élémentaire',
  taille: 'de 100 à 199 élèves',
  secteur: 'PU',
  territoire: { niveau: 'departement', code: '031', nom: 'Haute-Garonne' },
  ecoles: 17,
};

it('says why there is no comparison, and draws none', () => {
  render(EcoleParmiPairs, {
    pairs: { groupe: GROUPE, indicateurs: [], refus: 'Cinq écoles semblables seulement.' },
  });
  expect(screen.getByText(/Cinq écoles semblables/)).toBeTruthy();
  expect(screen.queryByRole('figure')).toBeNull();
});

it('tells where the school stands in words, its figures one click away', async () => {
  const indicateurs: Pairs['indicateurs'] = [
    { nom: 'visites_par_utilisateur', valeur: 5, q1: 2, mediane: 2.6, q3: 3.4 },
  ];
  render(EcoleParmiPairs, { pairs: { groupe: GROUPE, indicateurs, refus: null } });
  expect(screen.getByText(/plus haut que les trois quarts des pairs/)).toBeTruthy();
  screen.getByRole('button', { name: 'Voir les données' }).click();
  const table = await screen.findByRole('table');
  expect(table.textContent).toContain('3,4');
});
