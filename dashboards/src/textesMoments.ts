// The view of when visits happen, how long they last and from what.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

/** What the view shows: when, or the members of an axis. */
export const LECTURES_MOMENTS = [
  'heures',
  'appareil',
  'tranche_duree',
  'os',
  'navigateur',
] as const;
export type LectureMoments = (typeof LECTURES_MOMENTS)[number];
export type AxeMoments = Exclude<LectureMoments, 'heures'>;

export const textesMoments = typographier({
  axes: 'Ce qui est montré',
  nomsAxes: {
    heures: 'Jours et heures',
    appareil: 'Appareils',
    tranche_duree: 'Durée des visites',
    os: 'Systèmes',
    navigateur: 'Navigateurs',
  } satisfies Record<LectureMoments, string>,
  titres: {
    appareil: 'Appareils par profil',
    tranche_duree: 'Durée des visites par profil',
    os: 'Systèmes d’exploitation par profil',
    navigateur: 'Navigateurs par profil',
  } satisfies Record<AxeMoments, string>,
  tetes: {
    appareil: 'Appareil',
    tranche_duree: 'Durée',
    os: 'Système',
    navigateur: 'Navigateur',
  } satisfies Record<AxeMoments, string>,
  tendances: {
    appareil: 'Tendance des appareils',
    tranche_duree: 'Tendance des durées',
    os: 'Tendance des systèmes',
    navigateur: 'Tendance des navigateurs',
  } satisfies Record<AxeMoments, string>,
  note: 'Part des visites de chaque profil : chaque colonne fait 100 %.',
  premier: (profil: string, membre: string, part: string): string =>
    `${profil} : ${membre}, ${part} des visites`,
  tendance: (qui: string, membre: string, avant: string, apres: string, n: number): string =>
    `${qui}, sur ${compte(n, 'période')} : ${membre} passe de ${avant} à ${apres} des visites.`,
  stable: (qui: string, membre: string, part: string, n: number): string =>
    `${qui}, sur ${compte(n, 'période')} : ${membre} reste à ${part} des visites.`,
  tendanceCourte: 'Une seule période est mesurée : la tendance viendra avec les suivantes.',
  periode: 'Période',
  definitionTranche:
    'Durée d’une visite : du premier au dernier événement. Une visite d’une seule page dure 0 seconde et compte dans la première tranche.',
});
