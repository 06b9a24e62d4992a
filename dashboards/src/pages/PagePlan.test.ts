import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import type { Droit, Moi } from '../api/comptes';
import type { Session } from '../api/types';
import { lire } from '../etat/adresse';
import { session } from '../etat/session.svelte';
import PagePlan from './PagePlan.svelte';

afterEach(() => {
  cleanup();
  session.compte = null;
  session.moi = null;
});

function liensPour(droits: Droit[], compte: Partial<Session>): Map<string, string> {
  session.moi = { droits } as Moi;
  session.compte = { ensembles: [], plateformes: [], ...compte } as unknown as Session;
  render(PagePlan);
  return new Map(
    screen
      .getAllByRole('link')
      .map((lien) => [lien.getAttribute('href') ?? '', lien.textContent.trim()]),
  );
}

const DEPARTEMENT = { niveau: 'departement', code: '066', nom: 'Pyrénées-Orientales' } as const;

it('leads an administrator to every part of the console, each link to a page that is known', () => {
  const liens = liensPour(
    [
      'chiffres',
      'accompagnement',
      'conventions_lecture',
      'conventions_ecriture',
      'comptes',
      'audit',
    ],
    { perimetre: DEPARTEMENT, voit_qualite: true },
  );
  const pages = new Set(
    [...liens.keys()].map((href) => {
      const { pathname, search } = new URL(href, 'http://console');
      return lire(pathname, search).page;
    }),
  );
  expect(pages).not.toContain('inconnue');
  for (const page of [
    'territoire',
    'choix',
    'comparer',
    'tournee',
    'suivi',
    'rapports',
    'incidents',
    'conventions',
    'nouvelle-convention',
    'import-conventions',
    'deploiement',
    'qualite',
    'integration',
    'administration',
    'compte',
    'accessibilite',
  ]) {
    expect(pages).toContain(page);
  }
  expect(liens.get('/administration/journal')).toBe('Journal des accès');
});

it('shows a provider nothing of what her account may not open', () => {
  const liens = liensPour(['qualite'], { perimetre: null, voit_qualite: true });
  expect([...liens.keys()].sort()).toEqual([
    '/accessibilite',
    '/compte',
    '/integration',
    '/qualite',
  ]);
});
