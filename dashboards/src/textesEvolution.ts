// The view of how a territory's figures go, week after week and year after year.

import type { Pas } from './figures/evolution';
import { typographier } from './formats/typographie';

export const FORMES = ['lignes', 'empile', 'annees'] as const;
export type Forme = (typeof FORMES)[number];

export const textesEvolution = typographier({
  titre: {
    semaine: (annee: string): string => `Évolution par semaine, ${annee}`,
    mois: (annee: string): string => `Évolution par mois, ${annee}`,
  } satisfies Record<Pas, (annee: string) => string>,
  titreAnnees: {
    semaine: 'Années scolaires superposées, par semaine',
    mois: 'Années scolaires superposées, par mois',
  } satisfies Record<Pas, string>,
  pas: 'Pas de la courbe',
  nomsPas: { semaine: 'Par semaine', mois: 'Par mois' } satisfies Record<Pas, string>,
  formes: 'Dessin',
  nomsFormes: {
    lignes: 'En lignes',
    empile: 'Empilé',
    annees: 'Années superposées',
  } satisfies Record<Forme, string>,
  colonnes: { semaine: 'Semaine', mois: 'Mois' } satisfies Record<Pas, string>,
  enCours: 'en cours',
  pointEnCours: { semaine: 'Semaine en cours', mois: 'Mois en cours' } satisfies Record<
    Pas,
    string
  >,
  vacances: (zone: string | null): string =>
    zone === null ? 'Vacances scolaires' : `Vacances scolaires, zone ${zone}`,
  sansEmpilement:
    'Les utilisateurs ne s’empilent pas : une personne vue sous deux profils compterait deux fois. Les lignes sont dessinées.',
  empileMasque:
    'Un profil masqué n’a pas de hauteur dans l’empilement : le total peut dépasser la pile.',

  rang: { semaine: 'Semaine d’école', mois: 'Mois' } satisfies Record<Pas, string>,
  numero: (n: number): string => `s. ${n}`,
  alignement:
    'Les années sont alignées sur la semaine de la rentrée (celle du 1er septembre) : la semaine 1 d’une année est sous la semaine 1 d’une autre. Les vacances dessinées sont celles de l’année choisie.',
  alignementMois: 'Chaque mois est sous le même mois des autres années.',
  uneAnnee: (annee: string): string =>
    `Seule l’année ${annee} est mesurée : il n’y a pas encore d’année à lui superposer.`,
  comparees: (annees: string, sommet: string, combien: string): string =>
    `${annees} superposées ; le plus haut point est en ${sommet} (${combien}).`,

  marques: {
    aucun: 'Aucun incident ni rupture de série déclaré sur ces jours.',
    note: 'Un incident : des jours où les visites ne sont pas arrivées. Une rupture : un changement de méthode, qui empêche de comparer l’avant et l’après.',
    legendeIncident: 'Incident (voir la liste)',
    legendeRupture: 'Rupture de série (voir la liste)',
  },
});
