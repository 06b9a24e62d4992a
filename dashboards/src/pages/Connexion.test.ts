import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Moyens } from '../api/comptes';
import { session } from '../etat/session.svelte';
import Connexion from './Connexion.svelte';

const COMPTE = {
  identifiant: 'demo',
  nom: 'Démo',
  perimetre: { niveau: 'region', code: '76', nom: 'Occitanie' },
  voit_qualite: false,
  plateformes: [],
};

let moyens: Moyens;
/** Where passwords were sent. */
let ouvertures: string[];
let refus: Response | null;

/** « double » is an account with a one-time code. */
function repondre(motDePasse: string, code?: string): Response {
  if (motDePasse === 'bon' || (motDePasse === 'double' && code === '123456')) {
    return Response.json(COMPTE);
  }
  const type = motDePasse === 'double' && code === undefined ? 'code-requis' : 'refus';
  return Response.json(
    { type: `urn:frequent:probleme:${type}`, title: 'Non', status: 401, detail: '' },
    { status: 401, headers: { 'Content-Type': 'application/problem+json' } },
  );
}

beforeEach(() => {
  session.etat = 'absente';
  moyens = { oidc: null, ldap: null };
  ouvertures = [];
  refus = null;
  vi.stubGlobal('fetch', (chemin: string, options: RequestInit) => {
    if (chemin.endsWith('/connexion')) return Promise.resolve(Response.json(moyens));
    if (options.method !== 'POST') return Promise.resolve(new Response('{}', { status: 404 }));
    ouvertures.push(chemin);
    const corps = JSON.parse(String(options.body)) as { mot_de_passe: string; code?: string };
    return Promise.resolve(refus ?? repondre(corps.mot_de_passe, corps.code));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function essayer(motDePasse: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText('Identifiant'), { target: { value: 'demo' } });
  await fireEvent.input(screen.getByLabelText('Mot de passe'), { target: { value: motDePasse } });
  await fireEvent.click(screen.getByRole('button', { name: 'Se connecter' }));
}

it('opens the session of who gives the right password', async () => {
  render(Connexion);
  await essayer('bon');
  await vi.waitFor(() => expect(session.etat).toBe('ouverte'));
  expect(session.compte?.perimetre?.nom).toBe('Occitanie');
});

it('refuses in words, announces it, and empties the password', async () => {
  render(Connexion);
  await essayer('mauvais');
  await vi.waitFor(() =>
    expect(screen.getByRole('alert').textContent).toContain(
      'Identifiant ou mot de passe incorrect',
    ),
  );
  expect(screen.getByLabelText<HTMLInputElement>('Mot de passe').value).toBe('');
  expect(session.etat).toBe('absente');
});

it('asks for what is missing without asking the server', async () => {
  render(Connexion);
  await fireEvent.click(screen.getByRole('button', { name: 'Se connecter' }));
  expect(screen.getByRole('alert').textContent).toContain('Saisissez votre identifiant');
});

it('says that the session expired', () => {
  session.etat = 'expiree';
  render(Connexion);
  expect(screen.getByRole('status').textContent).toContain('Votre session a expiré');
});

it('asks for a one-time code, pasted with its spaces, and opens', async () => {
  render(Connexion);
  await essayer('double');
  const champ = await screen.findByLabelText<HTMLInputElement>('Code à 6 chiffres');
  expect(champ.autocomplete).toBe('one-time-code');
  await fireEvent.input(champ, { target: { value: '123 456' } });
  expect(champ.value).toBe('123456');
  await fireEvent.click(screen.getByRole('button', { name: 'Valider le code' }));
  await vi.waitFor(() => expect(session.etat).toBe('ouverte'));
});

it('refuses a wrong code in words, keeps the password, and takes a recovery code instead', async () => {
  render(Connexion);
  await essayer('double');
  const champ = await screen.findByLabelText<HTMLInputElement>('Code à 6 chiffres');
  await fireEvent.input(champ, { target: { value: '000000' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Valider le code' }));
  await vi.waitFor(() =>
    expect(screen.getByRole('alert').textContent).toContain('Ce code n’est pas le bon'),
  );
  await fireEvent.click(screen.getByRole('button', { name: 'Utiliser un code de secours' }));
  screen.getByLabelText('Code de secours');
});

it('says how long to wait when too many were tried', async () => {
  refus = new Response('{}', { status: 429, headers: { 'Retry-After': '42' } });
  render(Connexion);
  await essayer('bon');
  await screen.findByText(/Nouvel essai possible dans 42\ssecondes/);
});

it('offers the other way in when there is one', async () => {
  moyens = {
    oidc: { nom: 'le guichet de l’académie', adresse: '/api/v1/connexion/oidc' },
    ldap: null,
  };
  render(Connexion);
  const lien = await screen.findByRole('link', { name: /Se connecter avec le guichet/ });
  expect(lien.getAttribute('href')).toBe('/api/v1/connexion/oidc?retour=%2F');
});

it('takes the directory’s password first when the server has one, or that of an account here', async () => {
  moyens = { oidc: null, ldap: { nom: 'l’annuaire académique' } };
  render(Connexion);
  await screen.findByLabelText('l’annuaire académique');
  await essayer('mauvais');
  await vi.waitFor(() => expect(screen.getByRole('alert').textContent).toContain('annuaire'));
  await fireEvent.click(screen.getByLabelText('votre compte FréquENT'));
  await essayer('bon');
  await vi.waitFor(() => expect(session.etat).toBe('ouverte'));
  expect(ouvertures).toEqual(['/api/v1/connexion/ldap', '/api/v1/session']);
});
