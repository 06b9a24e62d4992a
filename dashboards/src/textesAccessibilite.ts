// The declaration of accessibility, as the RGAA asks for it: what was tested, how, what lacks.

import { typographier } from './formats/typographie';

export const textesAccessibilite = typographier({
  titre: 'Déclaration d’accessibilité',
  intro:
    'FréquENT s’engage à rendre cette console accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005. Cette déclaration s’applique à la console FréquENT servie à cette adresse.',

  etat: {
    titre: 'État de conformité',
    texte:
      'La console est déclarée non conforme au référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.2, parce qu’aucun audit n’en a encore été fait : sans audit, le référentiel ne permet pas de se dire autre chose. Ce qui suit dit ce que l’équipe a vérifié elle-même, et ce qui manque.',
  },

  resultats: {
    titre: 'Ce qui a été vérifié, et comment',
    points: [
      'Chaque page passe le contrôle automatique axe-core (règles WCAG 2.1 A et AA, et bonnes pratiques) dans Chromium, à 1 440, 390 et 320 pixels de large, en clair et en sombre. Un tel contrôle ne voit qu’une partie des défauts.',
      'La recherche d’une école, la connexion et la lecture d’un territoire se font au clavier seul dans les tests automatiques.',
      'Aucune page ne déborde à 320 pixels, ce qui correspond à un zoom de 400 % sur un écran de 1 280 pixels.',
      'Chaque graphique a une phrase qui le résume et un tableau de ses données ; les couleurs sont doublées d’un motif, d’une forme ou d’un mot.',
      'Un chiffre masqué, non mesuré, non déployé ou nul se lit et se dit autrement : aucun n’est une case vide.',
    ],
  },

  defauts: {
    titre: 'Ce qui manque',
    points: [
      'Aucun essai n’a été mené avec un lecteur d’écran (NVDA, JAWS, VoiceOver), ni avec des personnes handicapées : les annonces des listes de recherche et des messages de chargement restent à vérifier.',
      'Les 106 critères du RGAA n’ont pas été passés un à un : aucun taux de conformité ne peut être donné.',
      'Les graphiques ne se parcourent pas au clavier point par point ; leur tableau de données donne les mêmes nombres.',
      'Les fichiers PDF, quand il y en a, ne sont pas vérifiés ; les mêmes contenus existent en page web et en CSV.',
      'Les documents déposés par des tiers et les pages du fournisseur d’identité ne dépendent pas de cette console.',
    ],
  },

  etabli: {
    titre: 'Établissement de cette déclaration',
    texte:
      'Cette déclaration a été établie le 25 novembre 2026. Technologies : HTML, CSS, SVG, JavaScript. Navigateur d’essai : Chromium.',
  },

  contact: {
    titre: 'Retour d’information et contact',
    texte:
      'Si vous n’arrivez pas à accéder à un contenu ou à un service, écrivez à la personne qui a créé votre compte, ou au service académique chargé du numérique : ils vous orienteront vers une alternative accessible, ou vous donneront le contenu sous une autre forme.',
  },

  recours: {
    titre: 'Voies de recours',
    texte:
      'Si vous avez signalé un défaut d’accessibilité qui vous empêche d’accéder à un contenu et que vous n’avez pas reçu de réponse satisfaisante, vous pouvez :',
    moyens: [
      'écrire un message au Défenseur des droits (formulaire.defenseurdesdroits.fr) ;',
      'contacter le délégué du Défenseur des droits dans votre région ;',
      'envoyer un courrier, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
    ],
  },

  retour: 'Revenir à la console',
});
