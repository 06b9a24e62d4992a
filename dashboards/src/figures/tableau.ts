// The rows of the table: filtered, then sorted.

import type { LigneTableau } from '../api/types';
import type { Tri, Vue } from '../etat/adresse';
import { variation } from '../formats/nombres';

type Cle = string | number | null;

const CLES: Record<Tri, (ligne: LigneTableau) => Cle> = {
  nom: (l) => l.nom,
  visites: (l) => l.mesures.visites,
  evolution: (l) => evolution(l),
  utilisateurs: (l) => l.mesures.utilisateurs,
  parutilisateur: (l) => rapport(l.mesures.visites, l.mesures.utilisateurs),
  duree: (l) => rapport(l.mesures.duree_ms, l.mesures.visites),
};

const ordre = new Intl.Collator('fr', { numeric: true, sensitivity: 'base' });

/** The change in visits over the compared days, in percent. */
export function evolution(ligne: LigneTableau): number | null {
  return ligne.precedentes === null || ligne.comparees === null
    ? null
    : variation(ligne.precedentes.visites, ligne.comparees.visites);
}

function rapport(numerateur: number, denominateur: number): number | null {
  return denominateur === 0 ? null : numerateur / denominateur;
}

/** Compares two keys; a row without the figure goes last, whatever the direction. */
function comparer(a: Cle, b: Cle, sens: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'string' || typeof b === 'string') {
    return sens * ordre.compare(String(a), String(b));
  }
  return sens * (a - b);
}

function sansAccent(texte: string): string {
  return texte.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The rows a view asks for, in its order. */
export function lignesVues(lignes: LigneTableau[], vue: Vue): LigneTableau[] {
  const mots = sansAccent(vue.filtre).split(/\s+/).filter(Boolean);
  const sens = vue.decroissant ? -1 : 1;
  const cle = CLES[vue.tri];
  return lignes
    .filter((ligne) => !vue.sansVisite || ligne.mesures.visites === 0)
    .filter((ligne) => {
      const texte = sansAccent(`${ligne.nom} ${ligne.precision ?? ''} ${ligne.code}`);
      return mots.every((mot) => texte.includes(mot));
    })
    .sort((a, b) => comparer(cle(a), cle(b), sens) || ordre.compare(a.nom, b.nom));
}
