import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Rapport } from '../api/rapports';
import { oublierReponses } from '../etat/reponses';
import PageRapports from './PageRapports.svelte';

const LETTRE: Rapport = {
  id: 'r1',
  modele: 'lettre',
  niveau: 'departement',
  code: '031',
  nom: 'Haute-Garonne',
  destinataire: 'c.durand',
  destinataire_nom: 'Claire Durand',
  courriel: null,
  rythme: 'hebdomadaire',
  prochain: '2026-11-30',
  nouvel_essai: null,
  dernier: null,
};

beforeEach(oublierReponses);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('says that a report is being sent until it has gone', async () => {
  let envoyer: (r: Response) => void = () => undefined;
  vi.stubGlobal('fetch', (_: string, options: RequestInit) =>
    options.method === 'POST'
      ? new Promise<Response>((suite) => (envoyer = suite))
      : Promise.resolve(
          Response.json({ rapports: [LETTRE], par_courriel: false, par_dossier: true }),
        ),
  );
  render(PageRapports);
  await fireEvent.click(await screen.findByRole('button', { name: /^Envoyer maintenant/ }));
  expect(screen.getByRole('status').textContent).toBe('Envoi en cours…');
  envoyer(Response.json(LETTRE));
  await screen.findByText(/^Parti/);
  expect(screen.queryByText('Envoi en cours…')).toBeNull();
});
