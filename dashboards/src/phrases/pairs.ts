// A school among its peers, in words: never a rank, never another school's name.

import type { Indicateur, Pairs } from '../api/pilotage';
import { positionDe, type Position } from '../figures/pairs';
import { typographie } from '../formats/typographie';
import { textesFiche } from '../textesFiche';
import { enumerer } from './figures';

const t = textesFiche.pairs;
const ORDRE: readonly Position[] = ['haut', 'milieu', 'bas'];

/** « Visites par utilisateur et durée moyenne sont dans la moitié centrale des pairs ; … » */
export function phrasePairs({ indicateurs }: Pick<Pairs, 'indicateurs'>): string {
  const phrases = ORDRE.flatMap((position) => {
    const noms = indicateurs.filter((i) => positionDe(i) === position).map(nomDe);
    return noms.length === 0
      ? []
      : [t.sont(enumerer(noms), t.positions[position], noms.length > 1)];
  });
  if (phrases.length === 0) return typographie(`${majuscule(t.positions.inconnue)}.`);
  return typographie(`${majuscule(phrases.join(' ; '))}.`);
}

function nomDe({ nom }: Indicateur): string {
  return t.noms[nom].replace(/^./u, (lettre) => lettre.toLowerCase());
}

function majuscule(texte: string): string {
  return texte.replace(/^./u, (lettre) => lettre.toUpperCase());
}

/** Who the peers are: type, size, sector, place. */
export function phraseGroupe({ groupe }: Pick<Pairs, 'groupe'>): string {
  const secteur = t.secteurs[groupe.secteur] ?? groupe.secteur;
  return t.groupe(groupe.ecoles, groupe.type, groupe.taille, secteur, groupe.territoire.nom);
}
