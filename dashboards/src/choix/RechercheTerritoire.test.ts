import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Trouve } from '../api/types';
import RechercheTerritoire from './RechercheTerritoire.svelte';

const RESULTATS: Trouve[] = [
  { niveau: 'commune', code: '31395', nom: 'Muret', precision: 'Haute-Garonne' },
  { niveau: 'ecole', code: '0310100R', nom: 'École Jean Jaurès', precision: 'Muret' },
];

let demandes: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  demandes = [];
  vi.stubGlobal('fetch', (adresse: string) => {
    demandes.push(adresse);
    const resultats = adresse.includes('zzz') ? [] : RESULTATS;
    return Promise.resolve(Response.json({ resultats }));
  });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function saisir(texte: string): Promise<HTMLElement> {
  const champ = screen.getByRole('combobox');
  await fireEvent.focus(champ);
  await fireEvent.input(champ, { target: { value: texte } });
  await vi.advanceTimersByTimeAsync(300);
  return champ;
}

it('asks once, after a pause, and lists what was found', async () => {
  render(RechercheTerritoire, { choisir: () => undefined });
  const champ = screen.getByRole('combobox');
  await fireEvent.focus(champ);
  for (const texte of ['mu', 'mur', 'mure', 'muret']) {
    await fireEvent.input(champ, { target: { value: texte } });
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(300);
  expect(demandes).toEqual(['/api/v1/territoires?recherche=muret&limite=12']);
  expect(screen.getAllByRole('option').map((o) => o.textContent)).toEqual([
    expect.stringContaining('Muret'),
    expect.stringContaining('École Jean Jaurès'),
  ]);
  expect(champ.getAttribute('aria-expanded')).toBe('true');
});

it('is driven with the keyboard: arrows move, Enter takes, Escape closes', async () => {
  const choisir = vi.fn();
  render(RechercheTerritoire, { choisir });
  const champ = await saisir('muret');
  const actif = () => document.getElementById(champ.getAttribute('aria-activedescendant') ?? '');
  expect(actif()?.textContent).toContain('Muret');
  await fireEvent.keyDown(champ, { key: 'ArrowDown' });
  expect(actif()?.textContent).toContain('École Jean Jaurès');
  expect(actif()?.getAttribute('aria-selected')).toBe('true');
  await fireEvent.keyDown(champ, { key: 'Escape' });
  expect(screen.queryByRole('option')).toBeNull();
  await fireEvent.keyDown(champ, { key: 'ArrowUp' });
  await fireEvent.keyDown(champ, { key: 'Enter' });
  expect(choisir).toHaveBeenCalledExactlyOnceWith(RESULTATS[0]);
});

it('says what to try when nothing is found', async () => {
  render(RechercheTerritoire, { choisir: () => undefined });
  await saisir('zzz');
  expect(screen.getAllByText(/Rien ne correspond à/)).not.toHaveLength(0);
  expect(screen.queryByRole('option')).toBeNull();
});

it('does not ask for one letter', async () => {
  render(RechercheTerritoire, { choisir: () => undefined });
  await saisir('m');
  expect(demandes).toEqual([]);
});
