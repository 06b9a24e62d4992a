import { afterEach, beforeEach, expect, it } from 'vitest';
import { garderLeFocus } from './focus';

let arreter: () => void;
let racine: HTMLElement;

beforeEach(() => {
  racine = document.createElement('main');
  document.body.replaceChildren(racine);
  arreter = garderLeFocus(racine);
});
afterEach(() => {
  arreter();
});

function ecrire(html: string) {
  racine.innerHTML = html;
}

function trouver(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(id);
  return element;
}

/** Until the page has settled. */
const dessin = () =>
  new Promise((suite) => requestAnimationFrame(() => requestAnimationFrame(suite)));

function retirer(id: string, aLaPlace = '') {
  const element = trouver(id);
  if (aLaPlace !== '') element.insertAdjacentHTML('afterend', aLaPlace);
  // A browser takes the keyboard away from what is removed.
  element.querySelectorAll<HTMLElement>(':focus').forEach((e) => {
    e.blur();
  });
  element.remove();
}

it('gives the keyboard to what stands in the place of a form that closes', async () => {
  ecrire('<h1>Titre</h1><form id="saisie"><button id="annuler">Annuler</button></form><p>Fin</p>');
  trouver('annuler').focus();
  retirer('saisie', '<p><button id="ouvrir">Ouvrir</button></p>');
  await dessin();
  expect(document.activeElement).toBe(trouver('ouvrir'));
});

it('gives the keyboard to the next row when one is deleted, and to the one before after the last', async () => {
  const rangee = (n: number) =>
    `<li id="r${String(n)}">${String(n)} <button id="b${String(n)}">Retirer</button></li>`;
  ecrire(`<section><h2>Liste</h2><ul>${[1, 2, 3].map(rangee).join('')}</ul></section>`);
  trouver('b2').focus();
  retirer('r2');
  await dessin();
  expect(document.activeElement).toBe(trouver('b3'));
  retirer('r3');
  await dessin();
  expect(document.activeElement).toBe(trouver('b1'));
});

it('gives the keyboard to the section once its list is empty', async () => {
  ecrire(
    '<section id="zone"><h2>Liste</h2><ul><li id="r"><button id="b">Retirer</button></li></ul></section>',
  );
  trouver('b').focus();
  retirer('r');
  await dessin();
  expect(document.activeElement).toBe(trouver('zone'));
});

it('gives a button back the keyboard once it has sent', async () => {
  ecrire('<button id="envoyer">Envoyer</button>');
  const envoyer = trouver('envoyer') as HTMLButtonElement;
  envoyer.focus();
  envoyer.disabled = true;
  envoyer.blur();
  await dessin();
  envoyer.disabled = false;
  await dessin();
  expect(document.activeElement).toBe(envoyer);
});

it('leaves the keyboard where a click elsewhere put it', async () => {
  ecrire('<form id="saisie"><button id="annuler">Annuler</button></form><p id="texte">Texte</p>');
  trouver('annuler').focus();
  trouver('annuler').blur();
  trouver('texte').dispatchEvent(new Event('pointerdown', { bubbles: true }));
  retirer('saisie', '<button>Ouvrir</button>');
  await dessin();
  expect(document.activeElement).toBe(document.body);
});
