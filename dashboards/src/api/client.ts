// How the console talks to the API: same origin, JSON, errors as problem+json.

import { typographie } from '../formats/typographie';
import { textes } from '../textes';
import type { Probleme } from './types';

/** A request that failed, in words fit to be shown: what happened, and what to do next. */
export class ErreurApi extends Error {
  constructor(
    /** HTTP status, or 0 when there was no answer. */
    readonly statut: number,
    readonly titre: string,
    readonly detail: string,
    readonly conseil: string,
    /** The problem's type, as `urn:frequent:probleme:…`, or empty. */
    readonly type = '',
    /** Seconds to wait before trying again, when the server says so. */
    readonly attente: number | null = null,
  ) {
    super(titre);
  }
}

/** The password is right, and a one-time code is asked for. */
export const CODE_REQUIS = 'urn:frequent:probleme:code-requis';

let auRefus: () => void = () => undefined;

/** Says whom to tell that the session is over (a 401 on any request but the sign-in). */
export function surSessionPerdue(action: () => void): void {
  auRefus = action;
}

export async function lireJson<T>(chemin: string, signal: AbortSignal): Promise<T> {
  const reponse = await envoyer(chemin, { signal });
  if (reponse.status === 401) auRefus();
  if (!reponse.ok) throw await erreurDe(reponse);
  return (await reponse.json()) as T;
}

/** A request that changes something; `null` stands for an empty answer. */
export async function ecrireJson<T>(
  methode: 'POST' | 'PUT' | 'DELETE',
  chemin: string,
  corps: unknown,
): Promise<T | null> {
  const reponse = await envoyer(chemin, {
    method: methode,
    headers: { 'Content-Type': 'application/json' },
    body: corps === null ? null : JSON.stringify(corps),
  });
  // A refused sign-in, or a wrong code, is no lost session.
  if (reponse.status === 401 && !/\/(session|connexion\/ldap)$/.test(chemin)) auRefus();
  if (!reponse.ok) throw await erreurDe(reponse);
  const vide = reponse.status === 204 || reponse.headers.get('Content-Length') === '0';
  return vide ? null : ((await reponse.json()) as T);
}

async function envoyer(chemin: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(chemin, { ...options, credentials: 'same-origin' });
  } catch (faute) {
    if (options.signal?.aborted) throw faute;
    const { titre, detail, conseil } = textes.erreurs.reseau;
    throw new ErreurApi(0, titre, detail, conseil);
  }
}

async function erreurDe(reponse: Response): Promise<ErreurApi> {
  const defaut = textes.erreurs.defaut(reponse.status);
  const attente = secondes(reponse.headers.get('Retry-After'));
  const type = reponse.headers.get('Content-Type') ?? '';
  if (!type.startsWith('application/problem+json')) {
    return new ErreurApi(reponse.status, defaut.titre, '', defaut.conseil, '', attente);
  }
  const probleme = (await reponse.json()) as Probleme;
  return new ErreurApi(
    reponse.status,
    typographie(probleme.title),
    typographie(probleme.detail ?? ''),
    defaut.conseil,
    probleme.type ?? '',
    attente,
  );
}

function secondes(texte: string | null): number | null {
  const n = Number(texte ?? NaN);
  return Number.isFinite(n) && n > 0 ? Math.ceil(n) : null;
}
