// A figure in words: its number, or why there is none.

import type { Couverture } from '../api/contrat';
import { blancsParmi, estNombre, type Valeur } from '../figures/valeurs';
import { duree } from '../formats/durees';
import { nombre } from '../formats/nombres';
import { textesBlancs } from '../textesBlancs';

export function ecrireValeur(valeur: Valeur, ecrire: (n: number) => string = nombre): string {
  return estNombre(valeur) ? ecrire(valeur) : textesBlancs.noms[valeur];
}

/** A ratio in words: a dash where it divides by zero. */
export function ecrireRapport(valeur: Valeur | null, ecrire: (n: number) => string): string {
  return valeur === null ? '–' : ecrireValeur(valeur, ecrire);
}

/** A mean duration in words, from milliseconds. */
export function ecrireDuree(valeur: Valeur | null): string {
  return ecrireRapport(valeur, duree);
}

/** What the words used in place of figures mean; nothing when there are none. */
export function expliquerBlancs(valeurs: Iterable<Valeur>): string[] {
  const presents = blancsParmi(valeurs);
  if (presents.length === 0) return [];
  return [textesBlancs.zero, ...presents.map((blanc) => textesBlancs.explications[blanc])];
}

/**
 * « 34 écoles mesurées sur 36 déployées », and how many are measured though no convention has them;
 * nothing while no convention is recorded, nor of one school that is measured.
 */
export function phraseCouverture(couverture: Couverture): string | null {
  const { ecoles_mesurees: mesurees, ecoles_deployees: deployees } = couverture;
  if (deployees === null) return null;
  const ailleurs = couverture.mesurees_sans_convention ?? 0;
  if (deployees === 0) {
    return ailleurs === 0 ? textesBlancs.sansEcole : textesBlancs.sansConvention(ailleurs);
  }
  if (deployees === 1 && mesurees === 1 && ailleurs === 0) return null;
  const phrase = textesBlancs.couverture(mesurees, deployees);
  return ailleurs === 0 ? phrase : `${phrase}${textesBlancs.autres(ailleurs)}`;
}
