import { expect, it } from 'vitest';
import type { Action } from '../api/accompagnement';
import { lireVueJournal, regarder } from './journal';

const action = (id: string, nom: string, jour: string, genre: Action['genre']): Action => ({
  id,
  uai: nom,
  nom,
  jour,
  genre,
  note: nom === 'Molière' ? 'Réunion de rentrée' : '',
  par: null,
  modifiable: false,
  effet: null,
  refus: '',
});

const ACTIONS = [
  action('a', 'Molière', '2026-09-10', 'visite'),
  action('b', 'Buffon', '2026-10-02', 'appel'),
  action('c', 'Molière', '2026-10-20', 'visite'),
];

const vus = (q: string) =>
  regarder(ACTIONS, lireVueJournal(new URLSearchParams(q))).map((a) => a.id);

it('shows the latest first, or school by school', () => {
  expect(vus('')).toEqual(['c', 'b', 'a']);
  expect(vus('tri=ecole')).toEqual(['b', 'c', 'a']);
});

it('keeps one kind of action, and what a word of the school or the note finds', () => {
  expect(vus('genre=appel')).toEqual(['b']);
  expect(vus('filtre=reunion')).toEqual(['c', 'a']);
  expect(vus('genre=inconnu&filtre=zola')).toEqual([]);
});
