// The support log as one looks at it: filtered, sorted, and as a file.

import { GENRES, type Action, type Genre } from '../api/accompagnement';
import type { Donnees } from '../figure/donnees';
import { jourLong } from '../formats/dates';
import { compte } from '../formats/nombres';
import { chercher } from '../formats/recherche';
import { textesTournee } from '../textesTournee';
import { phraseAction } from './effet';

const t = textesTournee.suivi;

export interface VueJournal {
  genre: Genre | null;
  filtre: string;
  parEcole: boolean;
}

export function lireVueJournal(q: URLSearchParams): VueJournal {
  return {
    genre: GENRES.find((g) => g === q.get('genre')) ?? null,
    filtre: q.get('filtre') ?? '',
    parEcole: q.get('tri') === 'ecole',
  };
}

/** The actions one looks at: the latest first, or school by school. */
export function regarder(actions: readonly Action[], vue: VueJournal): Action[] {
  const trouve = chercher(vue.filtre);
  const gardees = actions.filter(
    (a) => (vue.genre === null || a.genre === vue.genre) && trouve(`${a.nom} ${a.uai} ${a.note}`),
  );
  const parDate = (a: Action, b: Action): number => b.jour.localeCompare(a.jour);
  const parEcole = (a: Action, b: Action): number =>
    a.nom.localeCompare(b.nom, 'fr') || a.uai.localeCompare(b.uai) || parDate(a, b);
  return gardees.sort(vue.parEcole ? parEcole : parDate);
}

/** « Visite du 12 octobre 2026, Molière » */
export function nomAction(a: Action): string {
  return t.action(t.genres[a.genre], jourLong(a.jour), a.nom);
}

export function phraseJournal(actions: readonly Action[]): string {
  if (actions.length === 0) return t.rien;
  const ecoles = new Set(actions.map((a) => a.uai)).size;
  const mesurees = actions.filter((a) => a.effet !== null).length;
  return t.phrase(compte(actions.length, 'action'), compte(ecoles, 'école'), t.mesurees(mesurees));
}

export function tableJournal(actions: readonly Action[]): Donnees {
  return {
    colonnes: [t.jour, textesTournee.ecole, 'UAI', t.genre, t.note, t.par, t.effet].map((nom) => ({
      nom,
      chiffre: false,
    })),
    lignes: actions.map((a) => ({
      cle: a.id,
      valeurs: [
        jourLong(a.jour),
        a.nom,
        a.uai,
        t.genres[a.genre],
        a.note,
        a.par ?? t.compteSupprime,
        phraseAction(a),
      ],
    })),
  };
}
