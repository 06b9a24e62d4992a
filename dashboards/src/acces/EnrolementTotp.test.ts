import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import EnrolementTotp from './EnrolementTotp.svelte';

const INSCRIPTION = {
  secret: 'JBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/x?secret=JBSWY3DPEHPK3PXP',
  qr_svg:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2" onload="x()"><script>x()</script><path style="fill:red" fill="#000" d="M0 0h1v1z"/></svg>',
};

let fini: () => void;

beforeEach(() => {
  fini = vi.fn();
  vi.stubGlobal('fetch', (chemin: string, options: RequestInit) => {
    if (!chemin.endsWith('/confirmation')) return Promise.resolve(Response.json(INSCRIPTION));
    const { code } = JSON.parse(String(options.body)) as { code: string };
    return Promise.resolve(
      code === '123456'
        ? Response.json({ codes_secours: ['aaaa-1111', 'bbbb-2222'] })
        : new Response('{}', { status: 400 }),
    );
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function confirmer(code: string): Promise<void> {
  const champ = await screen.findByLabelText('Code à 6 chiffres');
  await fireEvent.input(champ, { target: { value: code } });
  await fireEvent.click(screen.getByRole('button', { name: 'Activer' }));
}

it('shows the key in groups and a drawing without anything but its shapes', async () => {
  render(EnrolementTotp, { identifiant: 'claire', fini });
  await screen.findByText('JBSW Y3DP EHPK 3PXP');
  const dessin = screen.getByRole('img', { name: /QR code/ });
  expect(dessin.querySelector('path')?.getAttribute('d')).toBe('M0 0h1v1z');
  expect(dessin.querySelector('script, [style], [onload]')).toBeNull();
});

it('keeps its recovery codes on screen until they are said to be put away', async () => {
  render(EnrolementTotp, { identifiant: 'claire', fini });
  await confirmer('123456');
  await screen.findByText('bbbb-2222');
  await fireEvent.click(screen.getByRole('button', { name: 'Continuer' }));
  expect(fini).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByLabelText(/en lieu sûr/));
  await fireEvent.click(screen.getByRole('button', { name: 'Continuer' }));
  expect(fini).toHaveBeenCalledOnce();
});

it('stays where it is on a wrong code, and empties it', async () => {
  render(EnrolementTotp, { identifiant: 'claire', fini });
  await confirmer('000000');
  await vi.waitFor(() => expect(screen.getByRole('alert').textContent).not.toBe(''));
  expect(screen.getByLabelText<HTMLInputElement>('Code à 6 chiffres').value).toBe('');
});
