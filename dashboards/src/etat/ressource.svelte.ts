// One answer of the API followed by a component: waiting, here, or failed.

import { ErreurApi, lireJson } from '../api/client';
import { oublierReponse, reponseConnue, retenirReponse } from './reponses';

export class Ressource<T> {
  /** The last answer; while the next one loads it stays, and `enAttente` says it is not yet new. */
  donnees = $state.raw<T | null>(null);
  erreur = $state.raw<ErreurApi | null>(null);
  enAttente = $state(true);
  #adresse: string | null = null;
  #arret = new AbortController();

  /** Loads an address, in place of the one being loaded; `null` waits for one. */
  charger(adresse: string | null): void {
    this.arreter();
    this.#adresse = adresse;
    this.erreur = null;
    this.enAttente = true;
    if (adresse === null) return;
    const dejaLa = reponseConnue(adresse);
    if (dejaLa !== null) {
      this.#recevoir(dejaLa as T);
      return;
    }
    this.#arret = new AbortController();
    void this.#demander(adresse, this.#arret.signal);
  }

  arreter(): void {
    this.#arret.abort();
  }

  reessayer(): void {
    this.charger(this.#adresse);
  }

  /** Asks again for what may have changed since. */
  rafraichir(): void {
    if (this.#adresse !== null) oublierReponse(this.#adresse);
    this.charger(this.#adresse);
  }

  async #demander(adresse: string, signal: AbortSignal): Promise<void> {
    try {
      const donnees = await lireJson<T>(adresse, signal);
      if (signal.aborted) return;
      retenirReponse(adresse, donnees);
      this.#recevoir(donnees);
    } catch (faute) {
      if (signal.aborted) return;
      if (!(faute instanceof ErreurApi)) throw faute;
      this.erreur = faute;
      this.donnees = null;
      this.enAttente = false;
    }
  }

  #recevoir(donnees: T): void {
    this.donnees = donnees;
    this.erreur = null;
    this.enAttente = false;
  }
}

/** Follows an address that may change: to be called while a component is being made. */
export function suivre<T>(adresse: () => string | null): Ressource<T> {
  const ressource = new Ressource<T>();
  // What the address is made of may change and leave it the same: nothing is then asked again.
  const courante = $derived(adresse());
  $effect(() => {
    ressource.charger(courante);
  });
  $effect(() => () => {
    ressource.arreter();
  });
  return ressource;
}
