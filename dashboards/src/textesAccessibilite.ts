// The declaration of accessibility, in the form that the RGAA gives it: what was found on the sample,
// by whom and how. The grid of the criteria is in docs/accessibilite.md, which a test holds this to.

import { typographier } from './formats/typographie';

/** What the grid says, criterion by criterion. */
export const BILAN = { conformes: 74, nonConformes: 1, nonApplicables: 31 } as const;

const applicables = BILAN.conformes + BILAN.nonConformes;
/** In tenths of a percent, never rounded up. */
const taux = (Math.floor((BILAN.conformes / applicables) * 1000) / 10).toString().replace('.', ',');

export const textesAccessibilite = typographier({
  titre: 'Déclaration d’accessibilité',
  intro:
    'FréquENT s’engage à rendre cette console accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005. Cette déclaration s’applique à la console FréquENT servie à cette adresse.',

  etat: {
    titre: 'État de conformité',
    texte:
      'La console FréquENT est partiellement conforme au référentiel général d’amélioration de l’accessibilité (RGAA), version 4.1.2, en raison de la non-conformité énumérée ci-dessous.',
  },

  resultats: {
    titre: 'Résultats des tests',
    texte: `L’auto-évaluation menée par l’équipe qui développe FréquENT, le 26 novembre 2026, révèle que ${taux} % des critères du RGAA 4.1.2 applicables sont respectés : ${BILAN.conformes.toString()} sur ${applicables.toString()} ; ${BILAN.nonApplicables.toString()} autres ne s’appliquent pas. Ce n’est pas un audit externe, et aucun lecteur d’écran n’a été écouté : ce qui touche à la restitution est jugé sur le code et sur l’arbre d’accessibilité du navigateur.`,
  },

  contenus: {
    titre: 'Contenus non accessibles',
    nonConformites: {
      titre: 'Non-conformités',
      points: [
        'Limites de temps (critère 13.1) : la session se ferme sans prévenir après une heure sans geste, et après douze heures dans tous les cas, sauf autre réglage du serveur. On se retrouve au même endroit après s’être reconnecté, mais ce qui était saisi est perdu.',
      ],
    },
    derogations: {
      titre: 'Dérogations pour charge disproportionnée',
      points: ['Aucune.'],
    },
    exemptes: {
      titre: 'Contenus non soumis à l’obligation d’accessibilité',
      points: [
        'Les pages de connexion du fournisseur d’identité de l’académie, quand il y en a un : elles ne dépendent pas de cette console.',
      ],
    },
  },

  etabli: {
    titre: 'Établissement de cette déclaration',
    texte: 'Cette déclaration a été établie le 26 novembre 2026.',
    parties: [
      {
        titre: 'Technologies utilisées',
        points: ['HTML', 'CSS', 'SVG', 'JavaScript', 'WAI-ARIA', 'PDF (rapports)'],
      },
      {
        titre: 'Environnement de test',
        points: [
          'Chromium 156 sous Linux, à 1 440, 390 et 320 pixels de large, en clair et en sombre, au clavier seul et à la souris.',
          'Aucune technologie d’assistance : ni lecteur d’écran, ni commande vocale, ni loupe logicielle ; aucun essai avec des personnes handicapées.',
        ],
      },
      {
        titre: 'Outils',
        points: [
          'axe-core 4.14.1',
          'Vérificateur HTML du W3C (Nu Html Checker 26.9.27)',
          'Arbre d’accessibilité de Chromium, lu par Playwright 1.65.1',
          'Calcul des contrastes sur les couleurs de la feuille de style',
          'pdfinfo et pdfua 0.1.3 pour les PDF, que les tests du projet font aussi juger par veraPDF',
        ],
      },
      {
        titre: 'Pages vérifiées',
        points: [
          'Connexion, session expirée, page qui n’existe pas',
          'Territoire : accueil, évolution, services, moments et appareils, écoles, carte',
          'Fiche d’une école',
          'Comparer, Ma tournée, Suivi, incidents et ruptures de série',
          'Conventions : liste, fiche, saisie, import ; déploiement',
          'Rapports, et la lettre et le rapport de comité en HTML et en PDF',
          'Administration, qualité du marquage, intégration',
          'Mon compte, avec l’inscription au code à usage unique',
          'Choix d’un territoire, plan du site, déclaration d’accessibilité',
        ],
      },
    ],
  },

  contact: {
    titre: 'Retour d’information et contact',
    texte:
      'Si vous n’arrivez pas à accéder à un contenu ou à un service, écrivez à la personne qui a créé votre compte, ou au service académique chargé du numérique : ils vous orienteront vers une alternative accessible, ou vous donneront le contenu sous une autre forme.',
  },

  recours: {
    titre: 'Voies de recours',
    texte:
      'Cette procédure est à utiliser dans le cas suivant : vous avez signalé au responsable du service un défaut d’accessibilité qui vous empêche d’accéder à un contenu ou à un service, et vous n’avez pas obtenu de réponse satisfaisante. Vous pouvez :',
    moyens: [
      'écrire un message au Défenseur des droits (formulaire.defenseurdesdroits.fr) ;',
      'contacter le délégué du Défenseur des droits dans votre région (www.defenseurdesdroits.fr/saisir/delegues) ;',
      'envoyer un courrier par la poste, gratuit, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.',
    ],
  },

  retour: 'Revenir à la console',
});
