import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import ExtraitACopier from './ExtraitACopier.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function copier(writeText: (texte: string) => Promise<void>): Promise<void> {
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  render(ExtraitACopier, { titre: 'Code', code: '<script>\n</script>' });
  await fireEvent.click(screen.getByRole('button', { name: /^Copier.*Code$/ }));
}

it('puts the code on the clipboard and says so', async () => {
  const ecrire = vi.fn(() => Promise.resolve());
  await copier(ecrire);
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toBe('Copié.'));
  expect(ecrire).toHaveBeenCalledExactlyOnceWith('<script>\n</script>');
});

it('selects the code and says which keys to press where the clipboard is refused', async () => {
  await copier(() => Promise.reject(new DOMException('', 'NotAllowedError')));
  await vi.waitFor(() => expect(screen.getByRole('status').textContent).toContain('Ctrl+C'));
  expect(getSelection()?.toString()).toBe('<script>\n</script>');
});
