// Which territory one's round and log are about: the address says, else the account's own.

import type { PerimetreNomme } from '../api/comptes';
import type { Cadre } from '../api/requetes';
import { ajuster, NIVEAUX } from '../etat/adresse';

/** `departement:031` → a territory; null for a set of schools. */
export function lireTerritoire(perimetre: string): Cadre | null {
  const [nom, code = ''] = perimetre.split(':');
  const niveau = NIVEAUX.find((n) => n === nom);
  return niveau === undefined || code === '' ? null : { niveau, code };
}

/** The territory of a query, or that of the account's home page, or the first it was given. */
export function lieuDe(
  q: URLSearchParams,
  accueil: Cadre | null,
  perimetres: readonly PerimetreNomme[],
): Cadre | null {
  const demande = lireTerritoire(`${q.get('niveau') ?? ''}:${q.get('code') ?? ''}`);
  if (demande !== null) return demande;
  if (accueil !== null) return { niveau: accueil.niveau, code: accueil.code };
  return perimetres.map((p) => lireTerritoire(p.perimetre)).find((lieu) => lieu !== null) ?? null;
}

/** A query about another territory: what it said of a school or an action is of the former one. */
export function changerLieu(recherche: string, { niveau, code }: Cadre): string {
  return ajuster(recherche, { niveau, code, ecole: '', action: '', filtre: '' });
}

/** A query about a territory and nothing else. */
export function requeteDe({ niveau, code }: Cadre): string {
  return new URLSearchParams({ niveau, code }).toString();
}
