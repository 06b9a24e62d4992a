// A refused request, as a form shows it.

import { ErreurApi } from '../api/client';

export interface Refus {
  titre: string;
  conseil: string;
  /** Seconds to wait before trying again. */
  attente?: number | null;
}

/** The refusal of a failed request; anything else is a fault of the console, and is thrown on. */
export function refusDe(faute: unknown): Refus {
  if (!(faute instanceof ErreurApi)) throw faute;
  const { titre, detail, conseil, attente } = faute;
  return { titre, conseil: detail === '' || detail === titre ? conseil : detail, attente };
}
