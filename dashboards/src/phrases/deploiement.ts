// The sentence of the deployment curve.

import type { PointRentree } from '../api/conventions';
import type { Jour } from '../calendrier/jours';
import { compte } from '../formats/nombres';
import { typographie } from '../formats/typographie';
import { textesConventions } from '../textesConventions';

/** The rentrées that have been: one to come says what is signed, not what is there. */
export function rentreesPassees(courbe: PointRentree[], aujourdhui: Jour): PointRentree[] {
  return courbe.filter(({ annee }) => `${annee.slice(0, 4)}-09-01` <= aujourdhui);
}

/** From the first school year to the last: « De 12 écoles en 2024-2025 à 36 en 2026-2027. » */
export function phraseDeploiement(courbe: PointRentree[]): string {
  const premier = courbe.find((p) => p.deployees > 0);
  const dernier = courbe.at(-1);
  if (premier === undefined || dernier === undefined) {
    return `${textesConventions.deploiement.aucune}.`;
  }
  if (premier === dernier) {
    return typographie(`${compte(dernier.deployees, 'école')} à la rentrée ${dernier.annee}.`);
  }
  return typographie(
    `De ${compte(premier.deployees, 'école')} à la rentrée ${premier.annee} à ${compte(dernier.deployees, 'école')} à la rentrée ${dernier.annee}.`,
  );
}
