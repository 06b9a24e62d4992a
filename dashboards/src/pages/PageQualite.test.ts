import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Qualite, QualiteEcoles, Releve } from '../api/types';
import { VUE_QUALITE_INITIALE } from '../etat/vueQualite';
import { oublierReponses } from '../etat/reponses';
import PageQualite from './PageQualite.svelte';

const RELEVE: Releve = {
  recus: 100,
  acceptes: 95,
  refuses: 5,
  sans_acces: 0,
  doublons: 0,
  tardifs: 0,
  sans_client: 19,
  service_converti: 0,
  delais: { une_minute: 95, dix_minutes: 0, une_heure: 0, un_jour: 0, plus: 0 },
  dernier: '2026-11-20T08:00:00Z',
};

const QUALITE: Qualite = {
  du: '2026-11-20',
  au: '2026-11-20',
  plateforme: null,
  plateformes: ['ONE-OCC'],
  total: RELEVE,
  ecoles: { nombre: 1, inconnues: 1, evenements_inconnus: 4 },
  jours: [{ jour: '2026-11-20', ...RELEVE }],
  par_plateforme: [{ plateforme: 'ONE-OCC', ...RELEVE }],
  emetteurs: [{ genre: 'cle', emetteur: 'Édifice', plateforme: 'ONE-OCC', ...RELEVE }],
  refus: [
    {
      raison: 'valeur_inconnue',
      explication: 'La valeur n’est pas dans la liste du plan de marquage.',
      nombre: 5,
      champs: [{ champ: 'service', nombre: 5, exemples: [{ valeur: 'AGENDA', nombre: 5 }] }],
    },
  ],
  identifiants: [],
};

const ECOLES: QualiteEcoles = {
  nombre: 1,
  page: 1,
  limite: 25,
  lignes: [
    {
      uai: '0310099X',
      nom: null,
      precision: null,
      connue: false,
      plateforme: 'ONE-OCC',
      recus: 4,
      acceptes: 4,
      refuses: 0,
      tardifs: 0,
      sans_client: 0,
      dernier: null,
    },
  ],
};

let qualite = QUALITE;
let demandes: string[] = [];

// The page loads its charts when it shows: loaded before, they never come after the test's end.
beforeAll(() => import('../graphiques/traces'));

beforeEach(() => {
  qualite = QUALITE;
  demandes = [];
  oublierReponses();
  vi.stubGlobal('fetch', (adresse: string) => {
    demandes.push(adresse);
    return Promise.resolve(Response.json(adresse.includes('/ecoles') ? ECOLES : qualite));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('shows what was refused, why, with which values, and what to do', async () => {
  render(PageQualite, { vue: VUE_QUALITE_INITIALE });
  const refus = await screen.findByRole('region', { name: 'Ce qui est refusé, et pourquoi' });
  within(refus).getByRole('heading', { level: 3, name: /liste du plan de marquage/ });
  within(refus).getByText('AGENDA');
  within(refus).getByText(/Envoyez un code du plan/);
  const chiffre = screen.getByRole('heading', { name: 'Sans identifiant de navigateur' });
  expect(chiffre.closest('article')?.textContent).toMatch(/20\s%/);
});

it('flags a school that the directory does not know', async () => {
  render(PageQualite, { vue: VUE_QUALITE_INITIALE });
  const ligne = await screen.findByRole('row', { name: /0310099X/ });
  within(ligne).getByText('inconnue de l’annuaire');
  screen.getByText(/1 école n’est pas dans l’annuaire/);
});

it('teaches how to send the first event when nothing came', async () => {
  const rien = { ...RELEVE, recus: 0 };
  qualite = { ...QUALITE, total: rien, jours: [{ jour: '2026-11-20', ...rien }] };
  render(PageQualite, { vue: VUE_QUALITE_INITIALE });
  const lien = await screen.findByRole('link', { name: /premier événement/ });
  expect(lien.getAttribute('href')).toBe('/integration');
  expect(screen.queryByRole('table')).toBeNull();
});

it('asks again for what came since when told to', async () => {
  render(PageQualite, { vue: VUE_QUALITE_INITIALE });
  await screen.findByRole('region', { name: 'Par émetteur' });
  const avant = demandes.length;
  qualite = { ...QUALITE, total: { ...RELEVE, recus: 12_345 } };
  await fireEvent.click(screen.getByRole('button', { name: 'Actualiser' }));
  await screen.findByText(/12\s345/);
  expect(demandes.slice(avant)).toEqual(['/api/v1/qualite?']);
});
