// The texts of the integration page.

import { typographier } from './formats/typographie';

export const textesIntegration = typographier({
  titre: 'Intégration',
  intro:
    'Ce qu’il faut poser sur vos pages ou dans vos serveurs. Trois voies existent ; une seule suffit pour une même page.',
  plateformes: (noms: string) => `Plateformes : ${noms}`,
  aucunePlateforme:
    'Aucune plateforme n’est encore déclarée : créez une clé (frequent provider add) ou un site (frequent site add).',
  copie: {
    copier: 'Copier',
    copierDe: (titre: string) => `Copier : ${titre}`,
    copie: 'Copié.',
    choisi: 'Le texte est sélectionné : appuyez sur Ctrl+C (⌘C sur Mac) pour le copier.',
  },
  tag: {
    titre: 'Depuis une page : le marqueur tag.js',
    detail:
      'Moins de 2 ko, ni cookie ni stockage. Il suit les applications à page unique et respecte le refus de la personne. Remplacez ce qui est entre accolades : l’identifiant doit être interne à l’ENT, jamais un nom, un courriel ou un INE.',
    site: (numero: number) => `Site ${String(numero)}`,
    essai: 'essai : jugé, jamais compté',
    extrait: (numero: number) => `Code à coller dans les pages du site ${String(numero)}`,
    service: 'Quand un autre service s’ouvre sans changer de page',
    origines: (origines: string) => `Pages admises : ${origines}.`,
    sansOrigine: (numero: number) =>
      `Aucune origine n’est déclarée : les pages de ce site seront refusées. Faites-la déclarer : frequent site add ${String(numero)} … --origine https://ent.exemple.fr`,
    aucun: 'Aucun site n’est déclaré pour vos plateformes. Demandez-en un à l’exploitant.',
  },
  smarttag: {
    titre: 'Depuis une page : votre SmartTag (XiTi) actuel',
    detail:
      'Changez seulement le domaine de collecte dans la configuration du marqueur, et rien d’autre : numéro de site, propriétés et appels restent les mêmes.',
    domaine: 'Domaine de collecte',
    sites: (numeros: string) => `Numéros de site connus : ${numeros}.`,
  },
  serveur: {
    titre: 'De serveur à serveur : l’API d’événements',
    detail:
      'Un objet par ligne (NDJSON), un tableau ou un objet seul ; gzip et zstd admis. La réponse 202 veut dire que tout est enregistré, et nomme chaque ligne refusée avec son champ et sa raison.',
    extrait: 'Envoyer un premier événement',
    cle: 'Mettez votre clé dans la variable CLE : elle ne s’affiche qu’à sa création et n’est connue que de vous. Perdue, elle se remplace.',
  },
  cles: {
    titre: 'Vos clés',
    table: 'Tableau des clés',
    nom: 'Nom',
    plateformes: 'Plateformes',
    creee: 'Créée',
    etat: 'État',
    enVigueur: 'en vigueur',
    essai: 'clé d’essai : jugée, jamais comptée',
    revoquee: (jour: string) => `révoquée le ${jour}`,
    aucune: 'Aucune clé n’est déclarée pour vos plateformes. Demandez-en une à l’exploitant.',
  },
  verifier: {
    titre: 'Essayer et vérifier',
    essai:
      'Avec une clé d’essai, le même envoi est jugé champ par champ, en français, et n’est ni compté ni gardé. Demandez-en une à l’exploitant (frequent provider add … --essai) et mettez-la à la place de la vôtre.',
    qualite: 'Ce qui est compté se voit en moins d’une minute sur la page',
    qualiteLien: 'Qualité du marquage',
    recu: 'Chaque jour, un reçu signé dit ce qui a été reçu, accepté et refusé pour votre clé. Il est définitif deux heures après minuit, et se vérifie sans réseau.',
    extraitRecu: 'Prendre le reçu d’hier et le vérifier',
  },
} as const);
