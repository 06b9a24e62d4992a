// The view of what is used.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const AXES_SERVICES = ['service', 'outil'] as const;
export type AxeServices = (typeof AXES_SERVICES)[number];

export const LECTURES_SERVICES = ['portee', 'visites', 'utilisateurs'] as const;
export type LectureServices = (typeof LECTURES_SERVICES)[number];

export const textesServices = typographier({
  resume:
    'Les services sont rangés par thème : une ligne nomme le thème, les suivantes ses services.',
  axes: 'Services ou outils',
  nomsAxes: {
    service: 'Les 25 services du plan',
    outil: 'Outils tiers',
  } satisfies Record<AxeServices, string>,
  titres: {
    service: 'Services par thème',
    outil: 'Outils tiers ouverts depuis l’ENT',
  } satisfies Record<AxeServices, string>,
  titresProfils: {
    service: 'Services par profil',
    outil: 'Outils tiers par profil',
  } satisfies Record<AxeServices, string>,
  tetes: { service: 'Service', outil: 'Outil' } satisfies Record<AxeServices, string>,
  portee: 'Portée',
  lecture: 'Ce que montrent les cases',
  lectures: {
    portee: 'Portée',
    visites: 'Visites',
    utilisateurs: 'Utilisateurs',
  } satisfies Record<LectureServices, string>,
  definitionPortee:
    'Portée : part des utilisateurs de la période qui se sont servis du service au moins une fois.',
  definitionOutil:
    'Outil tiers : service d’un autre fournisseur, ouvert depuis l’ENT, sous le nom que lui donne le marquage.',
  courbe: (n: number): string => `Visites, ${compte(n, 'période')}`,
  phraseOutils: (n: number, noms: string): string =>
    `${compte(n, 'outil tiers', 'outils tiers')} ${n >= 2 ? 'ont servi' : 'a servi'} : ${noms}.`,
  phraseProfils: (phrases: string): string =>
    `Hors page d’accueil, ce qui touche le plus de monde : ${phrases}.`,
  pourProfil: (profil: string, service: string, part: string): string =>
    `${profil}, ${service} (${part})`,
  sansOutil: 'Aucun outil tiers sur cette période',
  sansOutilDetail:
    'Un outil tiers apparaît ici quand l’ENT envoie son nom avec le type TIERS. S’il y en a dans vos écoles, demandez à l’éditeur de renseigner ce nom dans son marquage.',
});
