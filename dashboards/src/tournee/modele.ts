// This week's list in words: the sentence above it, and its rows as a file.

import { RAISONS, type EcoleAVisiter, type Tournee } from '../api/accompagnement';
import { plus } from '../calendrier/jours';
import type { Donnees } from '../figure/donnees';
import { intervalle, jourLong } from '../formats/dates';
import { compte } from '../formats/nombres';
import { textesTournee } from '../textesTournee';

const t = textesTournee.tournee;

/** How many weeks a school that was seen may keep silent. */
export const SILENCES = [2, 4, 8, 12] as const;
export const SILENCE_INITIAL = 4;

export function lireSilence(texte: string | null): number {
  return SILENCES.find((n) => String(n) === texte) ?? SILENCE_INITIAL;
}

/** « 3 écoles à appeler, semaine du … : 2 n’ont jamais commencé, 1 est en baisse. » */
export function phraseTournee({ ecoles, semaine }: Tournee): string {
  const aAppeler = ecoles.filter((e) => e.vue_le === null);
  const jours = intervalle(semaine, plus(semaine, 6));
  if (aAppeler.length === 0) return t.aucune(jours);
  const raisons = RAISONS.flatMap((raison) => {
    const n = aAppeler.filter((e) => e.raison === raison).length;
    return n === 0 ? [] : [t.dites[raison](n)];
  });
  return t.phrase(compte(aAppeler.length, 'école'), jours, raisons.join(', '));
}

/** The list as a file, schools already seen included. */
export function tableTournee(ecoles: readonly EcoleAVisiter[]): Donnees {
  const jour = (texte: string | null): string => (texte === null ? '' : jourLong(texte));
  return {
    colonnes: [
      { nom: textesTournee.ecole, chiffre: false },
      { nom: 'UAI', chiffre: false },
      { nom: textesTournee.commune, chiffre: false },
      { nom: t.raison, chiffre: false },
      { nom: t.pourquoi, chiffre: false },
      { nom: t.depuis, chiffre: false },
      { nom: t.vueLe, chiffre: false },
    ],
    lignes: ecoles.map((e) => ({
      cle: e.uai,
      valeurs: [
        e.nom,
        e.uai,
        e.commune,
        t.raisons[e.raison],
        e.phrase,
        jour(e.depuis),
        jour(e.vue_le),
      ],
    })),
  };
}
