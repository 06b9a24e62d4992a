import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { surSessionPerdue } from '../api/client';
import { oublierReponses } from './reponses';
import { Ressource } from './ressource.svelte';

const attente = (): Promise<void> => new Promise((suite) => setTimeout(suite, 0));

beforeEach(oublierReponses);
afterEach(() => vi.unstubAllGlobals());

function repondre(reponses: Record<string, () => Response | Promise<Response>>): string[] {
  const demandes: string[] = [];
  vi.stubGlobal('fetch', (adresse: string) => {
    demandes.push(adresse);
    const reponse = reponses[adresse];
    return reponse ? Promise.resolve(reponse()) : Promise.reject(new TypeError('no network'));
  });
  return demandes;
}

function probleme(statut: number, corps: object): Response {
  return new Response(JSON.stringify(corps), {
    status: statut,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}

it('shows the API’s own words for an error, and what to do next', async () => {
  repondre({ '/a': () => probleme(404, { title: 'Territoire inconnu', detail: 'Code 999' }) });
  const ressource = new Ressource();
  ressource.charger('/a');
  await attente();
  expect(ressource.erreur).toMatchObject({
    statut: 404,
    titre: 'Territoire inconnu',
    detail: 'Code 999',
  });
  expect(ressource.erreur?.conseil).toContain('Cherchez-le par son nom');
});

it('says that the server does not answer when it does not', async () => {
  repondre({});
  const ressource = new Ressource();
  ressource.charger('/a');
  await attente();
  expect(ressource.erreur?.titre).toBe('Le serveur ne répond pas');
});

it('does not ask again for what it was told a moment ago', async () => {
  const demandes = repondre({ '/a': () => Response.json(1), '/b': () => Response.json(2) });
  const ressource = new Ressource<number>();
  for (const adresse of ['/a', '/b', '/a']) {
    ressource.charger(adresse);
    await attente();
  }
  expect(demandes).toEqual(['/a', '/b']);
  expect(ressource.donnees).toBe(1);
});

it('never lets a late answer replace the one asked for after it', async () => {
  let lente: (r: Response) => void = () => undefined;
  repondre({
    '/lente': () => new Promise<Response>((suite) => (lente = suite)),
    '/vive': () => Response.json('vive'),
  });
  const ressource = new Ressource<string>();
  ressource.charger('/lente');
  ressource.charger('/vive');
  await attente();
  lente(Response.json('lente'));
  await attente();
  expect(ressource.donnees).toBe('vive');
});

it('tells when the session is over', async () => {
  const perdue = vi.fn();
  surSessionPerdue(perdue);
  repondre({ '/a': () => probleme(401, { title: 'Connexion nécessaire' }) });
  const ressource = new Ressource();
  ressource.charger('/a');
  await attente();
  expect(perdue).toHaveBeenCalledOnce();
});
