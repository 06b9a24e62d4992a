// Incidents and series breaks.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';
import type { Genre } from './api/incidents';

export const textesIncidents = typographier({
  titre: 'Incidents et ruptures de série',
  intro:
    'Ce registre dit quels jours les chiffres sont faux ou ne se comparent plus, et pourquoi. Chaque chiffre touché porte une marque.',
  introPlateformes:
    'Dites ici quels jours les visites de vos plateformes ne sont pas arrivées, ou ont changé de méthode. Chaque chiffre touché portera une marque.',
  definitions: {
    incident:
      'Incident : des jours où les visites ne sont pas arrivées (panne, marquage arrêté). Une école dont rien n’est arrivé se lit « non mesuré », et non zéro.',
    rupture:
      'Rupture de série : un changement de méthode à partir d’un jour. Les chiffres d’avant et d’après sont justes, mais ne se comparent pas.',
  },

  filtres: {
    choisir: 'Voir un autre territoire ou une école',
    ici: (nom: string): string => `Territoire : ${nom}`,
  },

  liste: {
    titre: 'Registre',
    nombre: (n: number): string => compte(n, 'déclaration'),
    vide: 'Rien à signaler',
    videDetail:
      'Aucun incident ni rupture de série ne touche ce territoire sur ces jours : ses chiffres se lisent et se comparent sans réserve.',
    videPlateformes:
      'Rien n’est déclaré sur vos plateformes. Déclarez les jours où des visites ne sont pas arrivées : les chiffres de ces jours porteront un avertissement.',
    jours: 'Jours',
    quoi: 'Ce qui s’est passé',
    ecoles: 'Écoles concernées',
    par: 'Déclaré par',
    modifier: 'Modifier',
    modifierDe: (titre: string): string => `Modifier « ${titre} »`,
    retirer: 'Retirer',
    retirerDe: (titre: string): string => `Retirer « ${titre} »`,
    depuis: (jour: string): string => `depuis le ${jour}`,
    aPartir: (jour: string): string => `à partir du ${jour}`,
    csv: 'Télécharger (CSV)',
    fichier: 'frequent-incidents.csv',
  },
  natures: { incident: 'Incident', rupture: 'Rupture de série' },

  portees: {
    toutes: 'toutes les écoles',
    plateforme: (nom: string): string => `les écoles de la plateforme ${nom}`,
    territoire: (niveau: string, nom: string): string => `${niveau} : ${nom}`,
    ecoles: (n: number): string => compte(n, 'école'),
    aucune: 'des écoles hors de votre périmètre',
  },

  saisie: {
    ouvrir: 'Déclarer un incident ou une rupture',
    nouvelle: 'Déclarer un incident ou une rupture',
    modifier: 'Modifier la déclaration',
    nature: 'De quoi s’agit-il ?',
    natures: {
      incident: 'Un incident : des visites ne sont pas arrivées',
      rupture: 'Une rupture de série : la façon de compter a changé',
    },
    titre: 'En quelques mots',
    titreExemple: 'Par exemple : « Marquage interrompu sur l’application mobile ».',
    explication: 'Explication (facultatif)',
    explicationAide:
      'Ce qui s’est passé, et ce qu’il faut en penser en lisant les chiffres. N’y nommez personne.',
    du: 'Premier jour',
    premierApres: 'Premier jour de la nouvelle façon de compter',
    au: 'Dernier jour (facultatif)',
    auAide: 'Laissez vide tant que l’incident dure.',
    portee: 'Quelles écoles ?',
    genres: {
      territoire: 'Celles d’un territoire',
      ecoles: 'Des écoles choisies',
      plateforme: 'Celles d’une plateforme',
      toutes: 'Toutes',
    } satisfies Record<Genre, string>,
    territoire: 'Chercher un territoire ou une école',
    choisi: (nom: string): string => `Territoire : ${nom}`,
    plateforme: 'Plateforme',
    plateformeAide: 'Le nom que portent les événements : « ONE-OCC ».',
    retirer: (nom: string): string => `Retirer ${nom}`,
    retirerCourt: 'Retirer',
    enregistrer: 'Enregistrer',
    annuler: 'Renoncer',
    faite: 'Déclaration enregistrée : les chiffres touchés portent une marque.',
    retiree: (titre: string): string => `« ${titre} » est retiré du registre.`,
    remettre: 'Annuler le retrait',
    remise: 'La déclaration est remise au registre.',
    manque: {
      titre: 'Dites en quelques mots ce qui s’est passé.',
      du: 'Indiquez le premier jour.',
      au: 'Le dernier jour doit suivre le premier.',
      territoire: 'Choisissez le territoire.',
      ecoles: 'Ajoutez au moins une école.',
      plateforme: 'Indiquez la plateforme.',
    },
  },

  marque: {
    titre: 'À lire avant ces chiffres',
    incident: (titre: string, quand: string): string =>
      `Incident ${quand} : ${titre}. Des visites manquent sur ces jours.`,
    rupture: (titre: string, quand: string): string =>
      `Rupture de série ${quand} : ${titre}. Ne comparez pas l’avant et l’après.`,
    registre: 'Voir le registre',
  },
});
