// The current address, and going to another one without loading the page again.

import { ajuster, avecRequete, ecrire, lire } from './adresse';
import type { Adresse, NomOption, Options, Vue } from './adresse';
import type { VueQualite } from './vueQualite';

class Navigation {
  adresse = $state.raw<Adresse>(lire(location.pathname, location.search, location.hash));

  constructor() {
    addEventListener('popstate', () => {
      this.adresse = lire(location.pathname, location.search, location.hash);
    });
  }

  /** Goes to an address of the console; the browser's « back » returns here. */
  aller(href: string): void {
    const url = new URL(href, location.href);
    const memePage = url.pathname === location.pathname;
    history.pushState(null, '', url);
    this.adresse = lire(url.pathname, url.search, url.hash);
    if (!memePage) scrollTo(0, 0);
    else if (url.hash !== '') document.getElementById(url.hash.slice(1))?.scrollIntoView();
  }

  /** Writes the address one is really at, without a step in the history. */
  remplacer(adresse: Adresse): void {
    history.replaceState(null, '', ecrire(adresse));
    this.adresse = adresse;
  }

  /** Changes the view of the current territory: a step in the history, the place on the page kept. */
  regarder(changement: Partial<Vue>): void {
    if (this.adresse.page !== 'territoire') return;
    this.aller(ecrire({ ...this.adresse, vue: { ...this.adresse.vue, ...changement } }));
  }

  /** Same, for what is typed letter by letter: no step in the history. */
  preciser(changement: Partial<Vue>): void {
    if (this.adresse.page !== 'territoire') return;
    this.remplacer({ ...this.adresse, vue: { ...this.adresse.vue, ...changement } });
  }

  /** Chooses an option of the current view, an empty one leaving the address. */
  opter(choix: Options): void {
    this.regarder({ options: this.#options(choix) });
  }

  /** Same, for what moves step by step: no step in the history. */
  ajusterOptions(choix: Options): void {
    this.preciser({ options: this.#options(choix) });
  }

  /** The address of the current territory seen otherwise, for a link. */
  avec(changement: Partial<Vue>): string {
    if (this.adresse.page !== 'territoire') return ecrire(this.adresse);
    return ecrire({ ...this.adresse, vue: { ...this.adresse.vue, ...changement } });
  }

  /** The address where one option is another, for a link. */
  avecOption(nom: NomOption, valeur: string): string {
    return this.avec({ options: this.#options({ [nom]: valeur }) });
  }

  #options(choix: Options): Options {
    const avant = this.adresse.page === 'territoire' ? this.adresse.vue.options : {};
    return { ...avant, ...choix };
  }

  /** Changes the view of tagging quality: a step in the history. */
  examiner(changement: Partial<VueQualite>): void {
    if (this.adresse.page !== 'qualite') return;
    this.aller(ecrire({ ...this.adresse, vue: { ...this.adresse.vue, ...changement } }));
  }

  /** Same, for what is typed letter by letter: no step in the history. */
  affiner(changement: Partial<VueQualite>): void {
    if (this.adresse.page !== 'qualite') return;
    this.remplacer({ ...this.adresse, vue: { ...this.adresse.vue, ...changement } });
  }

  /** Changes parameters of the page's query, empty ones leaving it; no step in the history. */
  parametrer(changement: Record<string, string>): void {
    const href = avecRequete(location.pathname, ajuster(location.search, changement));
    history.replaceState(null, '', href);
    this.adresse = lire(location.pathname, location.search);
  }
}

export const navigation = new Navigation();

/** Follows the console's own links in place; every other click is the browser's. */
export function suivreLiens(evenement: MouseEvent): void {
  const { button, metaKey, ctrlKey, shiftKey, altKey, defaultPrevented } = evenement;
  if (defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return;
  const lien = evenement.target instanceof Element ? evenement.target.closest('a') : null;
  const href = lien?.getAttribute('href') ?? '';
  if (lien === null || !href.startsWith('/') || href.startsWith('/api/')) return;
  // By its attribute: the target of a map's link, an SVG one, is an object whether set or not.
  if (lien.hasAttribute('download') || lien.hasAttribute('target')) return;
  evenement.preventDefault();
  navigation.aller(href);
}
