// What a report is called in a sentence.

import type { Rapport } from '../api/rapports';
import { textesRapports } from '../textesRapports';

export function nomDe(rapport: Rapport): string {
  const modele = textesRapports.modeles[rapport.modele];
  return `${modele}, ${rapport.nom}`;
}
