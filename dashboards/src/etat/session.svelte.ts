// Who is signed in. Losing the session shows the sign-in page in place of the current one, at the
// same address: signing in again brings back to where one was.

import { ecrireJson, ErreurApi, lireJson, surSessionPerdue } from '../api/client';
import { SESSION } from '../api/requetes';
import type { Session } from '../api/types';
import { oublierReponses } from './reponses';

type Etat = 'inconnue' | 'absente' | 'ouverte' | 'expiree' | 'injoignable';

class EtatSession {
  etat = $state<Etat>('inconnue');
  compte = $state.raw<Session | null>(null);
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
    } catch (faute) {
      if (!(faute instanceof ErreurApi)) throw faute;
      this.erreur = faute;
      this.etat = faute.statut === 401 ? 'absente' : 'injoignable';
    }
  }

  /** Signs in, or throws the error to show beside the form. */
  async ouvrir(identifiant: string, motDePasse: string): Promise<void> {
    const corps = { identifiant, mot_de_passe: motDePasse };
    const compte = await ecrireJson<Session>('POST', SESSION, corps);
    oublierReponses();
    this.compte = compte;
    this.etat = 'ouverte';
  }

  async fermer(): Promise<void> {
    await ecrireJson<never>('DELETE', SESSION, null);
    oublierReponses();
    this.compte = null;
    this.etat = 'absente';
  }
}

export const session = new EtatSession();
