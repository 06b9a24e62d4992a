import { beforeEach, expect, it } from 'vitest';
import { navigation, suivreLiens } from './navigation.svelte';

const HTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';

beforeEach(() => {
  navigation.aller('/territoires');
});

function lien(attributs: Record<string, string>, espace = HTML): Element {
  const element = document.createElementNS(espace, 'a');
  for (const [nom, valeur] of Object.entries(attributs)) element.setAttribute(nom, valeur);
  return element;
}

/** Clicks what a link holds; whether the console followed it in place of the browser. */
function suivi(element: Element): boolean {
  const contenu = document.createElementNS(SVG, 'circle');
  element.append(contenu);
  const clic = new MouseEvent('click', { cancelable: true, button: 0 });
  Object.defineProperty(clic, 'target', { value: contenu });
  suivreLiens(clic);
  return clic.defaultPrevented;
}

it('follows in place a link of the page, and one of a map, whose target is an object', () => {
  expect(suivi(lien({ href: '/tournee' }))).toBe(true);
  expect(navigation.adresse.page).toBe('tournee');
  const carte = lien({ href: '/suivi' }, SVG);
  Object.defineProperty(carte, 'target', { value: { baseVal: '', animVal: '' } });
  expect(suivi(carte)).toBe(true);
  expect(navigation.adresse.page).toBe('suivi');
});

it('leaves to the browser a file, another window, and what is not the console’s', () => {
  expect(suivi(lien({ href: '/tournee', download: '' }))).toBe(false);
  expect(suivi(lien({ href: '/tournee', target: '_blank' }))).toBe(false);
  expect(suivi(lien({ href: '/api/v1/plan' }))).toBe(false);
  expect(suivi(lien({ href: 'https://www.education.gouv.fr/' }))).toBe(false);
  expect(navigation.adresse.page).toBe('choix');
});
