import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { session } from '../etat/session.svelte';
import Connexion from './Connexion.svelte';

const COMPTE = {
  identifiant: 'demo',
  nom: 'Démo',
  perimetre: { niveau: 'region', code: '76', nom: 'Occitanie' },
  voit_qualite: false,
  plateformes: [],
};

beforeEach(() => {
  session.etat = 'absente';
  vi.stubGlobal('fetch', (_: string, options: RequestInit) => {
    const corps = JSON.parse(String(options.body)) as { mot_de_passe: string };
    return Promise.resolve(
      corps.mot_de_passe === 'bon' ? Response.json(COMPTE) : new Response('{}', { status: 401 }),
    );
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
