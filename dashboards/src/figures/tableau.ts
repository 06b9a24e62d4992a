// The rows of the table: filtered, then sorted.

import type { LigneTableau } from '../api/types';
import type { Tri, Vue } from '../etat/adresse';
import { variation } from '../formats/nombres';
import { chercher } from '../formats/recherche';
import { LECTURES } from '../phrases/comparaison';
import { BLANCS, estNombre, type Valeur } from './valeurs';

/** What a row is sorted by; null where it cannot be told. */
type Cle = { texte: string } | { valeur: Valeur | null };

const CLES: Record<Tri, (ligne: LigneTableau) => Cle> = {
  nom: (l) => ({ texte: l.nom }),
  visites: (l) => ({ valeur: LECTURES.visites(l.mesures) }),
  evolution: (l) => ({ valeur: evolution(l) }),
  utilisateurs: (l) => ({ valeur: LECTURES.utilisateurs(l.mesures) }),
  parutilisateur: (l) => ({ valeur: LECTURES.parUtilisateur(l.mesures) }),
  duree: (l) => ({ valeur: LECTURES.dureeMoyenne(l.mesures) }),
};

const ordre = new Intl.Collator('fr', { numeric: true, sensitivity: 'base' });

/** The change in visits over the compared days, in percent, or the blank of one of its sides. */
export function evolution({ precedentes, comparees }: LigneTableau): Valeur | null {
  if (precedentes === null || comparees === null) return null;
  const [avant, apres] = [LECTURES.visites(precedentes), LECTURES.visites(comparees)];
  if (!estNombre(apres)) return apres;
  return estNombre(avant) ? variation(avant, apres) : avant;
}

/** Numbers in the order asked for; rows without one always last, by reason. */
function comparer(a: Cle, b: Cle, sens: number): number {
  if ('texte' in a || 'texte' in b) {
    return 'texte' in a && 'texte' in b ? sens * ordre.compare(a.texte, b.texte) : 0;
  }
  const [x, y] = [a.valeur, b.valeur];
  if (typeof x === 'number' && typeof y === 'number') return sens * (x - y);
  return rangDeFin(x) - rangDeFin(y);
}

function rangDeFin(valeur: Valeur | null): number {
  if (valeur === null) return 1;
  return estNombre(valeur) ? 0 : 2 + BLANCS.indexOf(valeur);
}

/** The rows a view asks for, in its order. */
export function lignesVues(lignes: LigneTableau[], vue: Vue): LigneTableau[] {
  const trouve = chercher(vue.filtre);
  const sens = vue.decroissant ? -1 : 1;
  const cle = CLES[vue.tri];
  return lignes
    .filter((ligne) => !vue.sansVisite || ligne.mesures.visites === 0)
    .filter((ligne) => trouve(`${ligne.nom} ${ligne.precision ?? ''} ${ligne.code}`))
    .sort((a, b) => comparer(cle(a), cle(b), sens) || ordre.compare(a.nom, b.nom));
}
