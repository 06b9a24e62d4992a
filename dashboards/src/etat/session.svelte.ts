// Who is signed in. Losing the session shows the sign-in page in place of the current one, at the
// same address: signing in again brings back to where one was.

import { ecrireJson, ErreurApi, lireJson, surSessionPerdue } from '../api/client';
import type { Droit, Moi } from '../api/comptes';
import { MOI, SESSION } from '../api/requetes';
import type { Session } from '../api/types';
import { oublierReponses } from './reponses';

type Etat = 'inconnue' | 'absente' | 'ouverte' | 'expiree' | 'injoignable';

class EtatSession {
  etat = $state<Etat>('inconnue');
  compte = $state.raw<Session | null>(null);
  /** What the account is and may do; null where the server does not say. */
  moi = $state.raw<Moi | null>(null);
  /** Who has just chosen a password by invitation. */
  invite = $state('');
  erreur = $state.raw<ErreurApi | null>(null);

  constructor() {
    surSessionPerdue(() => {
      this.etat = this.etat === 'ouverte' ? 'expiree' : 'absente';
    });
  }

  /** Asks the server whether the browser already holds a session. */
  async retrouver(): Promise<void> {
    this.etat = 'inconnue';
    try {
      this.compte = await lireJson<Session>(SESSION, new AbortController().signal);
      this.etat = 'ouverte';
      await this.relireMoi();
    } catch (faute) {
      if (!(faute instanceof ErreurApi)) throw faute;
      this.erreur = faute;
      this.etat = faute.statut === 401 ? 'absente' : 'injoignable';
    }
  }

  /** Signs in, or throws the error to show beside the form. */
  async ouvrir(
    identifiant: string,
    motDePasse: string,
    code = '',
    adresse = SESSION,
  ): Promise<void> {
    const corps = { identifiant, mot_de_passe: motDePasse, ...(code === '' ? {} : { code }) };
    const compte = await ecrireJson<Session>('POST', adresse, corps);
    oublierReponses();
    this.compte = compte;
    this.invite = '';
    this.etat = 'ouverte';
    await this.relireMoi();
  }

  /** Whether there is a register of incidents for it: of a territory, or of platforms of its own. */
  get aDesIncidents(): boolean {
    const { perimetre = null, plateformes = [] } = this.compte ?? {};
    return perimetre !== null || plateformes.length > 0;
  }

  /** Asks again who one is: rights change, and so do one-time codes. */
  async relireMoi(): Promise<void> {
    if (this.compte?.a_faire) return;
    try {
      this.moi = await lireJson<Moi>(MOI, new AbortController().signal);
    } catch (faute) {
      if (!(faute instanceof ErreurApi)) throw faute;
      this.moi = null;
    }
  }

  /** A request that only says that someone is at work. */
  async entretenir(): Promise<void> {
    if (this.etat !== 'ouverte') return;
    try {
      await lireJson<Session>(SESSION, new AbortController().signal);
    } catch (faute) {
      if (!(faute instanceof ErreurApi)) throw faute;
    }
  }

  peut(droit: Droit): boolean {
    return this.moi?.droits.includes(droit) ?? false;
  }

  /** An invitation was followed: whoever was signed in here is no longer. */
  inviter(identifiant: string): void {
    this.invite = identifiant;
    this.compte = null;
    this.etat = 'absente';
  }

  async fermer(): Promise<void> {
    await ecrireJson<never>('DELETE', SESSION, null);
    oublierReponses();
    this.compte = null;
    this.moi = null;
    this.etat = 'absente';
  }
}

export const session = new EtatSession();
