// The views of a territory: their names, and the texts that several of them share.

import type { Section } from './etat/adresse';
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

  evolution: 'Évolution',
  evolutionEnCours: 'Période en cours : l’évolution compare les deux dernières périodes terminées.',
  evolutionDefinition:
    'Évolution : écart entre la période et celle d’avant, en pourcentage. Un tiret quand il n’y a rien à comparer.',
  lien: 'Lien permanent',
  lienVers: (titre: string): string => `Lien permanent vers : ${titre}`,
});
