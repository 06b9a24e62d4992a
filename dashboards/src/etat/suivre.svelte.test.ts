import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { oublierReponses } from './reponses';
import { suivre } from './ressource.svelte';

beforeEach(oublierReponses);
afterEach(() => vi.unstubAllGlobals());

it('asks nothing again while what the address is made of leaves it the same', () => {
  const demandes: { adresse: string; signal: AbortSignal }[] = [];
  vi.stubGlobal('fetch', (adresse: string, { signal }: { signal: AbortSignal }) => {
    demandes.push({ adresse, signal });
    return new Promise<Response>(() => undefined);
  });
  let contexte = $state.raw({ code: '031', filtre: '' });
  const arreter = $effect.root(() => {
    suivre(() => `/territoires/${contexte.code}`);
  });
  flushSync();
  contexte = { code: '031', filtre: 'm' };
  flushSync();
  expect(demandes.map((d) => d.adresse)).toEqual(['/territoires/031']);
  expect(demandes[0]?.signal.aborted).toBe(false);
  contexte = { code: '032', filtre: 'm' };
  flushSync();
  expect(demandes.map((d) => d.adresse)).toEqual(['/territoires/031', '/territoires/032']);
  expect(demandes[0]?.signal.aborted).toBe(true);
  arreter();
});
