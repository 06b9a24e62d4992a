import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import EnDeuxTemps from './EnDeuxTemps.svelte';

afterEach(cleanup);

it('asks before it does what cannot be undone, and does nothing when told no', async () => {
  const faire = vi.fn();
  render(EnDeuxTemps, {
    nom: 'Révoquer',
    nomComplet: 'Révoquer le jeton « Tableur »',
    question: 'Révoquer « Tableur » ?',
    oui: 'Oui, révoquer',
    faire,
  });
  const ouvrir = () => screen.getByRole('button', { name: 'Révoquer le jeton « Tableur »' });
  await fireEvent.click(ouvrir());
  screen.getByRole('group', { name: 'Révoquer « Tableur » ?' });
  await fireEvent.click(screen.getByRole('button', { name: 'Non' }));
  expect(faire).not.toHaveBeenCalled();
  await fireEvent.click(ouvrir());
  await fireEvent.click(screen.getByRole('button', { name: 'Oui, révoquer' }));
  expect(faire).toHaveBeenCalledTimes(1);
  ouvrir();
});
