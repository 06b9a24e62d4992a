// The views of a territory: their names, and the texts that several of them share.

import type { Section } from './etat/adresse';
import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesVues = typographier({
  navigation: 'Vues de ce territoire',
  noms: {
    accueil: 'Accueil',
    evolution: 'Évolution',
    services: 'Services',
    moments: 'Moments et appareils',
    ecoles: 'Écoles',
    carte: 'Carte',
  } satisfies Record<Section, string>,
  comparer: 'Comparer',

  profil: 'Profil',
  part: 'Part',
  tendance: 'Tendance',
  tendanceDe: (n: number): string => `Tendance sur ${compte(n, 'période')}`,
  evolution: 'Évolution',
  evolutionEnCours: 'Période en cours : l’évolution compare les deux dernières périodes terminées.',
  evolutionDefinition:
    'Évolution : écart entre la période et celle d’avant, en pourcentage. Un tiret quand il n’y a rien à comparer.',
  avant: 'Période précédente',
  lien: 'Lien permanent',
  lienVers: (titre: string): string => `Lien permanent vers : ${titre}`,
  csvDe: (titre: string): string => `Télécharger les données (CSV) : ${titre}`,
});
