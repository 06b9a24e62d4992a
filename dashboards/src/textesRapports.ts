// Reports that are sent: which, to whom, how often, how the last one went.

import type { EtatEnvoi, Rythme } from './api/rapports';
import type { Modele } from './api/types';
import { typographier } from './formats/typographie';

export const textesRapports = typographier({
  titre: 'Rapports',
  intro:
    'Un rapport se calcule avec les droits de la personne qui le reçoit : ce qui est masqué pour elle y est masqué.',
  modeles: {
    lettre: 'Lettre de la semaine',
    comite: 'Rapport de comité de pilotage',
  } satisfies Record<Modele, string>,
  quoi: {
    lettre: 'La semaine passée en une page, chaque lundi matin.',
    comite:
      'Le semestre, à côté du même semestre un an avant : déploiement, fréquentation, écoles à accompagner. En janvier et en juillet.',
  } satisfies Record<Modele, string>,
  rythmes: {
    hebdomadaire: 'chaque lundi',
    semestriel: 'en janvier et en juillet',
    a_la_demande: 'à la demande',
  } satisfies Record<Rythme, string>,
  etats: {
    envoye: 'Envoyé',
    depose: 'Déposé dans le dossier',
    echec: 'Échec',
  } satisfies Record<EtatEnvoi, string>,
  vide: {
    titre: 'Aucun rapport n’est encore envoyé',
    detail:
      'Choisissez un territoire, un rapport et un rythme : vous le recevrez sans avoir à y penser. Vous pouvez aussi le lire tout de suite.',
  },
  colonnes: {
    rapport: 'Rapport',
    territoire: 'Territoire',
    destinataire: 'Destinataire',
    dernier: 'Dernier envoi',
    prochain: 'Prochain envoi',
    actions: 'Actions',
  },
  legende: 'Rapports envoyés',
  jamais: 'jamais',
  dossier: 'dossier du serveur',
  nouvelEssai: (quand: string): string => `Nouvel essai : ${quand}.`,
  lire: 'Lire',
  lireDe: (quoi: string): string => `Lire maintenant : ${quoi} (nouvel onglet)`,
  pdf: 'PDF',
  pdfDe: (quoi: string): string => `Télécharger en PDF : ${quoi}`,
  envoyer: 'Envoyer',
  envoyerDe: (quoi: string): string => `Envoyer maintenant : ${quoi}`,
  supprimer: 'Supprimer',
  supprimerDe: (quoi: string): string => `Supprimer, ne plus envoyer : ${quoi}`,
  confirmer: (nom: string): string => `Supprimer « ${nom} » ?`,
  oui: 'Oui, supprimer',
  envoye: (quoi: string): string => `Parti : ${quoi}.`,
  echoue: (quoi: string): string => `Non envoyé : ${quoi}. La raison est dans la liste.`,
  supprime: (quoi: string): string => `Ce rapport ne sera plus envoyé : ${quoi}.`,
  enEnvoi: 'Envoi en cours…',
  nouveau: 'Nouveau rapport',
  formulaire: {
    titre: 'Nouveau rapport',
    modele: 'Quel rapport ?',
    territoire: 'Quel territoire ?',
    chercher: 'Chercher une commune, une circonscription, un département',
    choisi: (nom: string): string => `Territoire choisi : ${nom}`,
    rythme: 'Quand ?',
    destinataire: 'Pour qui ?',
    moi: 'Moi',
    courriel: 'Adresse de courriel (facultatif)',
    courrielAide:
      'Sans adresse, le rapport est déposé dans le dossier prévu par l’administrateur du serveur.',
    sansCourriel: 'Ce serveur n’envoie pas de courriel : le rapport sera déposé dans son dossier.',
    sansRemise:
      'Ce serveur n’a ni courriel ni dossier réglé : vous pouvez lire les rapports ici, pas les recevoir. Demandez à son administrateur de remplir [rapports].',
    semestre: 'Semestre de l’aperçu',
    semestreAide: 'L’envoi, lui, porte sur le semestre du jour où il part.',
    unSemestre: (rang: 1 | 2, annee: string): string =>
      `${rang === 1 ? 'Premier' : 'Second'} semestre ${annee}`,
    apercu: 'Lire l’aperçu (nouvel onglet)',
    apercuPdf: 'Télécharger l’aperçu en PDF',
    creer: 'Programmer l’envoi',
    annuler: 'Annuler',
    manque: 'Choisissez un territoire.',
    cree: (nom: string): string => `C’est programmé : ${nom}.`,
  },
});
