import { afterEach, beforeEach, expect, it } from 'vitest';
import { signalerLesFautes } from './saisies';

let arreter: () => void;

beforeEach(() => {
  document.body.innerHTML = `
    <main>
      <form>
        <div role="alert"></div>
        <label>Nom <input id="nom" required aria-describedby="aide" /></label>
        <p id="aide">Le nom de l’ensemble.</p>
        <label>Note (facultatif) <input id="note" /></label>
      </form>
    </main>`;
  arreter = signalerLesFautes(document.querySelector('main') as HTMLElement);
});
afterEach(() => {
  arreter();
});

const champ = (id: string) => document.getElementById(id) as HTMLInputElement;
const envoyer = () =>
  document.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true }));

it('ties a field left empty to the refusal, before its own help, and goes to it', () => {
  envoyer();
  const refus = document.querySelector('[role="alert"]')?.id;
  expect(refus).not.toBe('');
  expect(champ('nom').getAttribute('aria-invalid')).toBe('true');
  expect(champ('nom').getAttribute('aria-describedby')).toBe(`${refus ?? ''} aide`);
  expect(document.activeElement).toBe(champ('nom'));
  expect(champ('note').hasAttribute('aria-invalid')).toBe(false);
});

it('says no longer that a field is wrong once it is filled in', () => {
  envoyer();
  champ('nom').value = 'Réseau de Céret';
  champ('nom').dispatchEvent(new Event('input', { bubbles: true }));
  expect(champ('nom').hasAttribute('aria-invalid')).toBe(false);
  expect(champ('nom').getAttribute('aria-describedby')).toBe('aide');
});
