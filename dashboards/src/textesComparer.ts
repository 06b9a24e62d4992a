// Several places side by side.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesComparer = typographier({
  titre: 'Comparer',
  lieux: 'Lieux comparés',
  ajouter: 'Ajouter une école ou un territoire',
  retirer: (nom: string): string => `Retirer ${nom}`,
  retirerCourt: 'Retirer',
  ensemble: 'Ajouter un ensemble d’écoles',
  ajouterEnsemble: 'Ajouter cet ensemble',
  choisirEnsemble: 'Choisir un ensemble…',
  complet: (max: number): string =>
    `La comparaison va jusqu’à ${max} lieux : retirez-en un pour en ajouter un autre.`,
  vide: 'Rien à comparer pour l’instant',
  videDetail:
    'Cherchez une école, une commune, une circonscription ou un département pour le mettre en regard d’un autre. On y vient aussi par l’onglet « Comparer » d’un territoire, ou en cochant des écoles dans la vue « Écoles ».',
  tableau: 'Chiffres côte à côte',
  lieu: 'Lieu',
  niveau: 'Niveau',
  niveauEnsemble: 'Ensemble d’écoles',
  taux: 'Taux d’utilisateurs',
  evolution: 'Visites par semaine',
  semaine: 'Semaine',
  phrase: (premier: string, n: string, dernier: string, m: string): string =>
    `Visites par utilisateur : de ${m} (${dernier}) à ${n} (${premier}).`,
  unSeul: 'Un seul lieu : ajoutez-en un autre pour comparer.',
  egaux: (n: string): string => `Visites par utilisateur : ${n} partout.`,
  phraseSerie: (n: number, sommet: string, jours: string, combien: string): string =>
    `${compte(n, 'semaine')} ; la semaine la plus haute est celle ${jours}, ${sommet} (${combien}).`,
  note: 'Des lieux de tailles différentes se comparent par les rapports (visites par utilisateur, taux, durée), non par les nombres de visites.',
});
