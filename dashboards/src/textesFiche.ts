// A school's sheet: its sentences, and where it stands among its peers.

import type { NomIndicateur } from './api/pilotage';
import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesFiche = typographier({
  bref: 'En bref',
  pairs: {
    titre: 'L’école parmi ses pairs',
    groupe: (n: number, type: string, taille: string, secteur: string, territoire: string) =>
      `${compte(n, 'école comparable', 'écoles comparables')} : même type (${type}), même taille (${taille}), même secteur (${secteur}), ${territoire}.`,
    secteurs: { PU: 'public', PR: 'privé' } as Partial<Record<string, string>>,
    refus: 'Pas de comparaison',
    refusDetail:
      'Il faut au moins huit écoles semblables : avec moins, la comparaison désignerait l’une d’elles.',
    noms: {
      visites_par_utilisateur: 'Visites par utilisateur',
      taux_utilisateurs: 'Taux d’utilisateurs',
      visites_pour_100_eleves: 'Visites pour 100 élèves',
      duree_moyenne_ms: 'Durée moyenne',
      jours_actifs: 'Jours actifs',
    } satisfies Record<NomIndicateur, string>,
    indicateur: 'Indicateur',
    ecole: 'Cette école',
    q1: 'Un quart est sous',
    mediane: 'Moitié',
    q3: 'Un quart est au-dessus de',
    position: 'Position',
    positions: {
      bas: 'plus bas que les trois quarts des pairs',
      milieu: 'dans la moitié centrale des pairs',
      haut: 'plus haut que les trois quarts des pairs',
      inconnue: 'pas de chiffre à comparer',
    },
    sont: (noms: string, position: string, plusieurs: boolean): string =>
      `${noms} ${plusieurs ? 'sont' : 'est'} ${position}`,
    legendeEcole: 'Cette école',
    legendeBande: 'La moitié centrale des pairs',
    legendeMediane: 'Milieu (médiane)',
    definition:
      'Pairs : écoles du même type, de la même tranche d’effectif, du même secteur et d’un territoire de même nature. Jamais un classement : les autres écoles ne sont ni nommées ni rangées.',
  },
});
