// The texts of the pages for integrators: tagging quality and integration.

import { compte, nombre } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesMarquage = typographier({
  qualite: {
    titre: 'Qualité du marquage',
    intro:
      'Ce que vos pages et vos serveurs ont envoyé, ce qui en a été compté, et ce qu’il faut corriger.',
    reglages: 'Plateforme et jours',
    plateforme: 'Plateforme',
    toutes: 'Toutes les plateformes',
    jours: 'Jours de réception',
    aujourdhui: 'Aujourd’hui',
    semaine: '7 jours',
    mois: '30 jours',
    annee: 'Année scolaire',
    du: 'Du',
    au: 'Au',
    actualiser: 'Actualiser',
  },
  chiffres: {
    titre: 'Chiffres clés',
    recus: 'Événements reçus',
    recusDefinition:
      'Tout ce que vos émetteurs ont envoyé, bien ou mal formé. Ce sont des pages et des services consultés, pas des visites.',
    acceptes: 'Acceptés',
    acceptesDefinition:
      'Bien formés et enregistrés. Un événement envoyé deux fois est accepté deux fois et compté une seule.',
    refuses: 'Refusés',
    refusesDefinition:
      'Impossibles à compter : chaque raison est expliquée plus bas, avec ce qu’il faut corriger.',
    sansClient: 'Sans identifiant de navigateur',
    sansClientDefinition:
      'Part des événements acceptés qui ne disent pas de quel navigateur ou de quelle session ils viennent. Sans lui, les appareils d’une même personne se mêlent en une seule visite.',
    dernier: 'Dernier événement reçu',
    dernierDefinition: 'Quand le dernier événement est arrivé, accepté ou non, à l’heure d’ici.',
    delai: 'Reçus en moins d’une minute',
    delaiDefinition:
      'Part des événements acceptés qui sont arrivés moins d’une minute après avoir eu lieu. Le marqueur d’une page est toujours immédiat ; un serveur peut envoyer plus tard.',
    desRecus: (part: string) => `${part} des événements reçus`,
    surAcceptes: (sans: number, acceptes: number) =>
      `${nombre(sans)} sur ${compte(acceptes, 'accepté')}`,
    doublons: (n: number) => `dont ${compte(n, 'reçu')} plus d’une fois`,
    sansAcces: (n: number) => `et ${compte(n, 'clic')} sans consultation`,
    tardifs: (n: number) => `${compte(n, 'événement')} d’un jour passé`,
    jamais: 'aucun sur ces jours',
  },
  reception: {
    titre: 'Réception jour par jour',
    jour: 'Jour',
    recus: 'Reçus',
    acceptes: 'Acceptés',
    refuses: 'Refusés',
    doublons: 'En double',
    tardifs: 'Tardifs',
    sansClient: 'Sans navigateur',
    definition:
      'Le jour est celui de la réception, à l’heure de Paris ; un événement tardif est compté dans la fréquentation du jour où il a eu lieu.',
  },
  refus: {
    titre: 'Ce qui est refusé, et pourquoi',
    aucun: 'Rien n’a été refusé sur ces jours.',
    part: (nombre: string, part: string) => `${nombre}, soit ${part} des événements reçus`,
    champ: 'Champ',
    nombre: 'Refus',
    exemples: 'Valeurs reçues',
    sansExemple: 'non gardées',
    entier: 'l’envoi entier',
    faire: 'À faire :',
    table: (raison: string) => `Champs en cause : ${raison}`,
  },
  identifiants: {
    titre: 'Identifiants de personnes à revoir',
    aucun: 'Les identifiants de personnes examinés n’ont rien de personnel.',
    note: 'Vos identifiants sont transformés à l’arrivée et jamais gardés tels quels, mais ce qui est personnel ne doit pas être envoyé du tout.',
    compte: (n: number, examines: number) =>
      `${nombre(n)} sur ${compte(examines, 'identifiant')} ${examines >= 2 ? 'examinés' : 'examiné'}`,
  },
  emetteurs: {
    titre: 'Par émetteur',
    table: 'Tableau des émetteurs',
    emetteur: 'Émetteur',
    plateforme: 'Plateforme',
    sansPlateforme: 'illisible',
    dernier: 'Dernier reçu',
    genres: {
      cle: (nom: string) => `Clé « ${nom} »`,
      site: (nom: string) => `Site ${nom}`,
      sites_inconnus: () => 'Sites non déclarés',
      kafka: (nom: string) => `Sujet Kafka ${nom}`,
      fichier: (nom: string) => `Fichiers ${nom}`,
    } as Record<string, (nom: string) => string>,
    converti: 'Service converti',
  },
  ecoles: {
    titre: 'Par école',
    table: 'Tableau des écoles',
    ecole: 'École',
    plateforme: 'Plateforme',
    recus: 'Reçus',
    acceptes: 'Acceptés',
    refuses: 'Refusés',
    tardifs: 'Tardifs',
    sansClient: 'Sans navigateur',
    dernier: 'Dernier reçu',
    inconnue: 'inconnue de l’annuaire',
    inconnues: (n: number) => `Inconnues de l’annuaire (${nombre(n)})`,
    avis: (ecoles: number, evenements: number) =>
      ecoles === 1
        ? `1 école n’est pas dans l’annuaire en vigueur (${compte(evenements, 'événement')}). Ses événements sont gardés et comptés pour elle seule, jusqu’à ce que l’annuaire la connaisse : vérifiez son UAI.`
        : `${nombre(ecoles)} écoles ne sont pas dans l’annuaire en vigueur (${compte(evenements, 'événement')}). Leurs événements sont gardés et comptés pour elles seules, jusqu’à ce que l’annuaire les connaisse : vérifiez leurs UAI.`,
    filtre: 'Filtrer par nom, commune ou UAI',
    nombre: (n: number) => compte(n, 'école'),
    vide: 'Aucune école ne correspond.',
    legende: 'Cliquez sur un en-tête de colonne pour trier.',
    pages: 'Pages du tableau des écoles',
    page: (page: number, pages: number) => `Page ${nombre(page)} sur ${nombre(pages)}`,
    precedente: 'Page précédente',
    suivante: 'Page suivante',
    csv: 'Télécharger toutes les écoles (CSV)',
  },
  vide: {
    titre: 'Aucun événement reçu sur ces jours',
    detail:
      'Ni marqueur ni serveur n’a envoyé quoi que ce soit pour cette plateforme. Voici comment envoyer le premier.',
    etapes: [
      'Ouvrez la page Intégration : elle donne le code à coller, avec votre numéro de site ou votre clé.',
      'Posez-le sur une page, ou envoyez un événement depuis votre serveur.',
      'Revenez ici et actualisez : ce qui arrive se voit en moins d’une minute.',
    ],
    lien: 'Voir comment envoyer le premier événement',
  },
  temps: {
    instant: 'à l’instant',
  },
} as const);
