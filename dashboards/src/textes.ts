// Every text of the console, in one place. Generated sentences are in `phrases/`.
// Plain, short French; `typographier` puts the no-break spaces.

import type { Grain, Niveau } from './api/types';
import { compte, nombre } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textes = typographier({
  produit: 'FréquENT',
  sousTitre: 'La fréquentation des ENT, école par école',
  titrePage: (titre: string) => `${titre} – FréquENT`,

  cadre: {
    evitement: 'Aller au contenu',
    accueil: 'FréquENT, accueil',
    compte: 'Mon compte',
    rapports: 'Rapports',
    monTerritoire: 'Mon territoire',
    choisir: 'Choisir un territoire',
    deconnexion: 'Se déconnecter',
    rubriques: 'Rubriques',
    tournee: 'Ma tournée',
    suivi: 'Suivi',
    conventions: 'Conventions',
    administration: 'Administration',
    qualite: 'Qualité du marquage',
    integration: 'Intégration',
    filAriane: 'Vous êtes ici',
    incidents: 'Incidents',
    accessibilite: 'Accessibilité : partiellement conforme',
    planDuSite: 'Plan du site',
    pied: 'Données pseudonymes, comptées selon le plan de marquage national.',
    plan: (version: string) => `Plan de marquage ${version}`,
  },

  non: 'Non',

  planDuSite: {
    intro:
      'Les pages de la console que votre compte peut ouvrir. Les écoles et les autres territoires se trouvent par la recherche, en haut de chaque page.',
    rubriques: 'Suivre et accompagner',
    ensembles: 'Ensembles d’écoles',
    console: 'La console',
    accessibilite: 'Déclaration d’accessibilité',
  },

  connexion: {
    titre: 'Se connecter',
    expiree: 'Votre session a expiré. Reconnectez-vous pour reprendre où vous en étiez.',
    identifiant: 'Identifiant',
    motDePasse: 'Mot de passe',
    afficher: 'Afficher le mot de passe',
    bouton: 'Se connecter',
    enCours: 'Connexion en cours…',
    refusee: 'Identifiant ou mot de passe incorrect',
    refuseeConseil:
      'Vérifiez les deux, majuscules comprises. En cas d’oubli, adressez-vous à la personne qui a créé votre compte.',
    manque: 'Saisissez votre identifiant et votre mot de passe.',
  },

  recherche: {
    libelle: 'Chercher une école ou un territoire',
    exemple: 'École, commune ou UAI…',
    aucun: (texte: string) =>
      `Rien ne correspond à « ${texte} ». Essayez le nom de la commune, ou l’UAI de l’école.`,
    nombre: (n: number) => compte(n, 'résultat'),
    enCours: 'Recherche…',
    echec: 'La recherche n’a pas abouti. Réessayez dans un instant.',
  },

  choix: {
    titre: 'Choisir un territoire',
    aide: 'Cherchez une école, une commune, une circonscription ou un département par son nom, ou descendez pas à pas.',
    descendre: 'Descendre pas à pas',
    ouvrir: (nom: string) => `Voir la fréquentation : ${nom}`,
    dans: (libelle: string, nom: string) => `${libelle} – ${nom}`,
  },

  niveaux: {
    national: 'France',
    region: 'Région académique',
    academie: 'Académie',
    departement: 'Département',
    circonscription: 'Circonscription',
    commune: 'Commune',
    ecole: 'Établissement',
  } satisfies Record<Niveau, string>,

  niveauxPluriel: {
    national: 'France',
    region: 'Régions académiques',
    academie: 'Académies',
    departement: 'Départements',
    circonscription: 'Circonscriptions',
    commune: 'Communes',
    ecole: 'Écoles et établissements',
  } satisfies Record<Niveau, string>,

  grains: {
    jour: 'Jour',
    semaine: 'Semaine',
    mois: 'Mois',
    annee: 'Année scolaire',
  } satisfies Record<Grain, string>,

  periode: {
    groupe: 'Durée de la période',
    precedente: {
      jour: 'Jour précédent',
      semaine: 'Semaine précédente',
      mois: 'Mois précédent',
      annee: 'Année précédente',
    } satisfies Record<Grain, string>,
    suivante: {
      jour: 'Jour suivant',
      semaine: 'Semaine suivante',
      mois: 'Mois suivant',
      annee: 'Année suivante',
    } satisfies Record<Grain, string>,
    enCours: {
      jour: 'Journée en cours',
      semaine: 'Semaine en cours',
      mois: 'Mois en cours',
      annee: 'Année en cours',
    } satisfies Record<Grain, string>,
    retour: {
      jour: 'Revenir à aujourd’hui',
      semaine: 'Revenir à la semaine en cours',
      mois: 'Revenir au mois en cours',
      annee: 'Revenir à l’année en cours',
    } satisfies Record<Grain, string>,
    profil: 'Profil',
    tousProfils: 'Tous les profils',
    reglages: 'Période et profil',
    du: 'Du',
    au: 'au',
  },

  ecole: {
    uai: 'UAI',
    type: 'Type',
    secteur: 'Secteur',
    public: 'Public',
    prive: 'Privé',
    commune: 'Commune',
    circonscription: 'Circonscription',
    effectif: 'Effectif',
    effectifInconnu: 'non communiqué',
    prioritaire: 'Éducation prioritaire',
    etat: 'État',
    etats: { 'A FERMER': 'fermeture annoncée', FERME: 'fermé' } as Partial<Record<string, string>>,
    imprimer: 'Imprimer cette page',
    deploiement: 'Déploiement',
  },

  chiffres: {
    titre: 'Chiffres clés',
    visites: 'Visites',
    utilisateurs: 'Utilisateurs',
    parUtilisateur: 'Visites par utilisateur',
    dureeMoyenne: 'Durée moyenne',
    definition: (nom: string) => `Définition : ${nom}`,
    contre: (avant: string) => `contre ${avant}`,
    valeurContre: (apres: string, avant: string) => `${apres} contre ${avant}`,
    premierJour: 'Rien à comparer avant la fin du premier jour',
    definitionParUtilisateur: 'Nombre de visites divisé par le nombre d’utilisateurs.',
    taux: (part: string, effectif: string, jour: string) =>
      `${part} des ${effectif} comptées le ${jour}`,
    definitionTaux:
      'Taux d’utilisateurs : nombre d’utilisateurs divisé par l’effectif du même profil et du même territoire, à la date du comptage. Absent quand l’effectif n’est pas connu.',
    depuis: (valeur: string) => `${valeur} sur la période précédente`,
    sansPrecedent: 'Rien de mesuré sur la période précédente',
  },

  couverture: {
    mesures: (jours: string) => `Mesures ${jours}`,
    sansMesure: 'Aucune mesure pour l’instant',
    calcul: (instant: string) => `comptées le ${instant}`,
    annuaire: (jour: string) => `annuaire du ${jour}`,
  },

  evolution: {
    mesure: 'Mesure',
    choisie: 'Période choisie',
    sansZone:
      'Les vacances de ce territoire ne suivent pas les zones A, B et C : elles ne sont pas dessinées.',
  },

  services: {
    note: 'Une visite compte pour chaque service qu’elle utilise : les lignes ne s’additionnent pas.',
    duree: 'Durée moyenne par visite',
  },

  appareils: {
    titre: 'Appareils par profil',
    profil: 'Profil',
    note: 'Part des visites de chaque profil.',
  },

  moments: {
    titre: 'Jours et heures des visites',
    note: 'Heure locale de l’école, au début de la visite.',
    heure: 'Heure',
    aVenir: 'à venir',
    legende: 'Visites dans l’heure :',
    jusqua: (borne: string) => `jusqu’à ${borne}`,
    jours: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
    joursCourts: ['lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.', 'dim.'],
    plage: (heure: number) => `${heure}\u00a0h`,
  },

  tableau: {
    niveaux: 'Niveau du tableau',
    nom: 'Nom',
    visites: 'Visites',
    evolution: 'Évolution',
    utilisateurs: 'Utilisateurs',
    parUtilisateur: 'Visites par utilisateur',
    duree: 'Durée moyenne',
    courbe: 'Visites par semaine',
    courbeDite: (premiere: string, derniere: string, plus: string) =>
      `De ${premiere} à ${derniere} visites, ${plus} au plus`,
    courbeMasquee: 'Aucun nombre à montrer',
    filtre: 'Filtrer par nom ou commune',
    sansVisite: (n: number) => `Sans visite (${n})`,
    aucuneVisite: 'Aucune visite',
    affiches: (n: number, total: number) => `${nombre(n)} sur ${nombre(total)}`,
    suite: (n: number) => `Afficher les ${n} suivantes`,
    vide: 'Aucune ligne ne correspond à ce filtre.',
    effacer: 'Effacer le filtre',
    legende: 'Cliquez sur un en-tête de colonne pour trier.',
  },

  figure: {
    voir: 'Voir les données',
    cacher: 'Cacher les données',
    tableau: (titre: string) => `Tableau : ${titre}`,
    donneesDe: (titre: string) => `Données : ${titre}`,
    csv: 'Télécharger (CSV)',
    dessin: (titre: string) =>
      `Graphique : ${titre}. Les mêmes données sont dans le tableau que montre le bouton « Voir les données », après le graphique.`,
    csvDe: (titre: string) => `Télécharger (CSV) : ${titre}`,
    definitions: 'Définitions',
  },

  attente: {
    courte: 'Chargement…',
    longue:
      'Le calcul prend plus de temps que d’habitude. La page s’affichera dès qu’il sera fini.',
  },

  vide: {
    sansDonnees: (annee: string) => `Aucune mesure en ${annee}`,
    sansDonneesDetail:
      'Rien n’a été compté cette année scolaire. Choisissez-en une autre, ou vérifiez que les ENT envoient leur marquage : les chiffres du jour arrivent en quelques minutes.',
    nonMesuree: 'Période non mesurée',
    nonMesureeDetail: (jours: string) => `Cette année scolaire, les mesures vont ${jours}.`,
    periode: 'Aucune visite sur cette période',
    periodeVacances: (nom: string) =>
      `Ce sont les ${nom}. Choisissez une autre période ou un autre profil.`,
    periodeDetail: 'Choisissez une autre période ou un autre profil.',
    jamais: (jour: string) => `Aucune visite mesurée depuis le ${jour}`,
    jamaisDetail:
      'L’ENT n’est peut-être pas ouvert, ou ses pages ne portent pas le marquage. Demandez à l’école si elle s’en sert, et à l’éditeur si le marquage est posé.',
    voirDerniere: 'Aller à la dernière période mesurée',
    rien: 'Aucune visite à montrer sur cette période.',
  },

  erreurs: {
    reessayer: 'Réessayer',
    reseau: {
      titre: 'Le serveur ne répond pas',
      detail: '',
      conseil: 'Vérifiez votre connexion, puis réessayez.',
    },
    defaut: (statut: number): { titre: string; conseil: string } => {
      if (statut === 403) {
        return {
          titre: 'Ce territoire n’est pas dans votre périmètre',
          conseil: 'Revenez à votre territoire, ou demandez l’accès à votre administrateur.',
        };
      }
      if (statut === 404) {
        return {
          titre: 'Ce territoire n’existe pas',
          conseil: 'Cherchez-le par son nom : son code a pu changer.',
        };
      }
      if (statut === 429 || statut === 503) {
        return {
          titre: 'Le serveur est très sollicité',
          conseil: 'Attendez quelques secondes, puis réessayez.',
        };
      }
      if (statut >= 500) {
        return {
          titre: 'Le serveur a rencontré une erreur',
          conseil: 'Réessayez dans un instant ; si cela dure, prévenez votre administrateur.',
        };
      }
      return {
        titre: 'La demande n’a pas été comprise',
        conseil: 'Revenez à la page précédente et recommencez.',
      };
    },
    page: {
      titre: 'Cette page n’existe pas',
      detail: 'L’adresse est incomplète ou a changé.',
      ailleurs: 'Où aller',
    },
  },
} as const);
