import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Convention } from '../api/conventions';
import FinDeConvention from './FinDeConvention.svelte';

const CONVENTION: Convention = {
  id: 'boulou-2026',
  autorite: '66024',
  autorite_nom: 'Le Boulou',
  siret: null,
  fournisseur: 'Édifice',
  plateforme: 'ONE-OCC',
  prix: '45,00',
  debut: '2026-09-01',
  fin: '2027-07-31',
  etat: 'en_vigueur',
  nombre_ecoles: 0,
  ecoles: [],
  retirees: [],
  reconductions: [],
  cloture: null,
  destruction_avant: null,
};

let demandes: { methode: string; corps: unknown }[];

beforeEach(() => {
  demandes = [];
  vi.stubGlobal('fetch', (_: string, options: RequestInit) => {
    demandes.push({
      methode: options.method ?? '',
      corps: typeof options.body === 'string' ? JSON.parse(options.body) : null,
    });
    return Promise.resolve(Response.json({}));
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

it('ends nothing until the name is copied, and asks what becomes of the figures', async () => {
  const changee = vi.fn();
  render(FinDeConvention, { convention: CONVENTION, ecrit: true, changee });
  screen.getByText(/15\sjours/);
  await fireEvent.click(screen.getByRole('button', { name: 'Mettre fin…' }));
  await fireEvent.click(screen.getByLabelText(/Les détruire aussi/));
  const date = screen.getByLabelText('Dernier jour de la convention');
  await fireEvent.input(date, { target: { value: '2026-12-31' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Mettre fin à la convention' }));
  expect(demandes).toEqual([]);
  const recopie = screen.getByLabelText(/recopiez le nom/);
  await fireEvent.input(recopie, { target: { value: 'Le Boulou' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Mettre fin à la convention' }));
  await vi.waitFor(() => expect(changee).toHaveBeenCalledOnce());
  expect(demandes).toEqual([
    { methode: 'POST', corps: { date: '2026-12-31', cumuls: 'detruire' } },
  ]);
});

it('says by when all is destroyed, and lets it be undone before', async () => {
  const cloture = {
    date: '2026-11-15',
    cumuls: 'garder' as const,
    destruction_avant: '2026-11-30',
  };
  const changee = vi.fn();
  render(FinDeConvention, { convention: { ...CONVENTION, cloture }, ecrit: true, changee });
  screen.getByText(/avant le 30\snovembre\s2026/);
  await fireEvent.click(screen.getByRole('button', { name: 'Annuler cette fin' }));
  await vi.waitFor(() => expect(changee).toHaveBeenCalledOnce());
  expect(demandes[0]?.methode).toBe('DELETE');
});
