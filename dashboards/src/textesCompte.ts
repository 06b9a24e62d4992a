// My account, and the accounts one administers.

import type { Droit, Portee, Role } from './api/comptes';
import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesCompte = typographier({
  titre: 'Mon compte',
  roles: {
    conseiller: 'Conseiller de circonscription',
    dsden: 'DSDEN',
    drane: 'DRANE (région académique)',
    commune: 'Référent de commune',
    directeur: 'Directeur d’école',
    fournisseur: 'Éditeur',
    national: 'Unité nationale',
    administrateur: 'Administrateur de la plateforme',
  } satisfies Record<Role, string>,
  droits: {
    chiffres: 'Lire les chiffres',
    export: 'Télécharger les chiffres',
    qualite: 'Lire la qualité du marquage',
    comptes: 'Gérer des comptes et des périmètres',
    conventions_lecture: 'Lire les conventions',
    conventions_ecriture: 'Saisir et terminer des conventions',
    accompagnement: 'Suivre les écoles et noter les actions menées',
    incidents: 'Déclarer des incidents',
    conservation: 'Décider des destructions',
    audit: 'Lire le journal des accès',
  } satisfies Record<Droit, string>,

  identite: {
    titre: 'Qui je suis',
    identifiant: 'Identifiant',
    nom: 'Nom',
    role: 'Rôle',
    perimetre: 'Périmètre',
    plateformes: 'Plateformes',
    aucun: 'aucun territoire',
    droits: 'Ce que je peux faire',
    changer: 'Une erreur ? La personne qui gère votre compte peut la corriger.',
  },

  motDePasse: {
    titre: 'Mot de passe',
    actuel: 'Mot de passe actuel',
    changer: 'Changer le mot de passe',
    fait: 'Mot de passe changé. Vos autres sessions ont été fermées.',
    manque: 'Saisissez votre mot de passe actuel.',
    ouvrir: 'Changer mon mot de passe',
  },

  totp: {
    titre: 'Code à usage unique',
    actif: 'Actif : un code de votre téléphone est demandé à chaque connexion.',
    inactif: 'Non activé : le mot de passe seul ouvre votre compte.',
    requis: 'Votre rôle l’exige.',
    restants: (n: number): string => `Il vous reste ${compte(n, 'code')} de secours.`,
    activer: 'Activer',
    refaire: 'Changer de téléphone ou de codes de secours',
    prouver:
      'Saisissez d’abord un code de votre téléphone actuel. Il reste valable tant que le nouveau n’est pas confirmé.',
    prouverSecours: 'Saisissez l’un de vos codes de secours : il ne servira plus ensuite.',
    continuer: 'Continuer',
    change:
      'Votre nouveau téléphone est en place. Vos autres sessions et vos anciens codes de secours ne servent plus.',
    perdu:
      'Plus de téléphone ni de code de secours ? La personne qui gère vos accès peut remettre vos codes à zéro : vous en recevrez de nouveaux à la connexion suivante.',
    fermer: 'Annuler',
    fait: 'Code à usage unique activé.',
  },

  sessions: {
    titre: 'Sessions ouvertes',
    aide: 'Un appareil que vous ne reconnaissez pas ? Fermez sa session, puis changez de mot de passe.',
    ouverte: 'Ouverte le',
    vue: 'Vue le',
    appareil: 'Appareil',
    courante: 'session en cours',
    fermer: 'Fermer',
    fermerDu: (instant: string): string => `Fermer la session ouverte le ${instant}`,
    autres: 'Fermer toutes les autres',
    fermees: 'Session fermée.',
    toutesFermees: 'Les autres sessions sont fermées.',
    seule: 'Aucune autre session n’est ouverte.',
  },

  jetons: {
    titre: 'Jetons d’accès à l’API',
    aide: 'Un jeton permet à un programme de lire vos chiffres à votre place. Donnez-lui le moins de droits et de temps possible.',
    aucun:
      'Aucun jeton. Créez-en un pour qu’un tableur ou un programme lise les chiffres par l’API.',
    nom: 'Nom du jeton',
    nomAide: 'Ce qui s’en servira : « tableau de bord de la DSDEN ».',
    portees: 'Ce qu’il permet',
    noms: {
      chiffres: 'lire les chiffres',
      export: 'télécharger des fichiers',
      qualite: 'lire la qualité du marquage',
      conventions_lecture: 'lire les conventions',
    } satisfies Record<Portee, string>,
    perimetre: 'Périmètre',
    toutPerimetre: 'tout mon périmètre',
    expiration: 'Expire le',
    creation: 'Créé le',
    utilise: 'Dernier usage',
    jamais: 'jamais',
    nouveau: 'Créer un jeton',
    creer: 'Créer',
    annuler: 'Annuler',
    unique: 'Voici le jeton. Il ne sera plus jamais affiché : copiez-le maintenant.',
    titreJeton: 'Jeton',
    ranger: 'C’est fait',
    revoquer: 'Révoquer',
    revoquerDe: (nom: string): string => `Révoquer le jeton « ${nom} »`,
    confirmer: (nom: string): string =>
      `Révoquer « ${nom} » ? Le programme qui s’en sert ne pourra plus lire les chiffres.`,
    oui: 'Oui, révoquer',
    revoque: 'Jeton révoqué.',
    manque: 'Donnez un nom au jeton, cochez au moins un droit et choisissez une date à venir.',
  },
});
