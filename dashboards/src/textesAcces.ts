// Signing in, one-time codes, invitations.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesAcces = typographier({
  avec: (nom: string): string => `Se connecter avec ${nom}`,
  ou: 'ou avec un mot de passe',
  moyen: 'Votre mot de passe est celui de',
  local: 'votre compte FréquENT',
  annuaireConseil:
    'Ce sont l’identifiant et le mot de passe de l’annuaire. En cas d’oubli, adressez-vous à qui le gère.',
  patienter: (secondes: number): string =>
    secondes >= 60
      ? `Nouvel essai possible dans ${compte(Math.ceil(secondes / 60), 'minute')}.`
      : `Nouvel essai possible dans ${compte(secondes, 'seconde')}.`,
  reessayer: 'Vous pouvez réessayer.',

  consigne: {
    tous: 'Tous les champs sont obligatoires.',
    facultatifs: 'Tous les champs sont obligatoires, sauf ceux marqués « facultatif ».',
  },

  code: {
    titre: 'Code à usage unique',
    aide: 'Ouvrez votre application d’authentification et saisissez le code à 6 chiffres de FréquENT.',
    libelle: 'Code à 6 chiffres',
    secours: 'Utiliser un code de secours',
    application: 'Utiliser le code de l’application',
    aideSecours:
      'Saisissez l’un des codes de secours reçus à l’inscription. Chacun ne sert qu’une fois.',
    libelleSecours: 'Code de secours',
    perdu:
      'Plus de téléphone ni de code de secours ? La personne qui gère vos accès peut remettre vos codes à zéro.',
    bouton: 'Valider le code',
    retour: 'Revenir au mot de passe',
    manque: 'Saisissez les 6 chiffres affichés par l’application.',
    manqueSecours: 'Saisissez un code de secours.',
    refuse: 'Ce code n’est pas le bon',
    refuseConseil:
      'Un code dure 30 secondes : attendez le suivant. S’il est toujours refusé, vérifiez que l’heure du téléphone est réglée automatiquement.',
  },

  motDePasse: {
    nouveau: 'Nouveau mot de passe',
    encore: 'Le même, une seconde fois',
    afficher: 'Afficher le mot de passe',
    regles: 'Ce que doit être le mot de passe',
    longueur: (n: number): string => `au moins ${n} caractères`,
    different: 'différent de l’identifiant et du nom',
    varie: 'pas une suite du même caractère',
    identiques: 'les deux saisies sont identiques',
    remplie: 'respecté',
    aRemplir: 'à respecter',
    conseil: 'Le plus simple : quatre ou cinq mots sans rapport entre eux.',
    manque: 'Le mot de passe ne respecte pas encore toutes les règles.',
  },

  invitation: {
    titre: 'Bienvenue',
    pour: (nom: string, identifiant: string): string =>
      `${nom}, choisissez le mot de passe de votre compte « ${identifiant} ».`,
    bouton: 'Enregistrer le mot de passe',
    enCours: 'Enregistrement…',
    faite: 'Votre mot de passe est enregistré. Connectez-vous pour commencer.',
    perimee: 'Cette invitation n’est plus valable',
    perimeeConseil:
      'Elle a déjà servi, ou elle a expiré. Demandez un nouveau lien à la personne qui vous l’a envoyée ; si vous avez déjà choisi un mot de passe, connectez-vous.',
    connexion: 'Aller à la connexion',
  },

  inscription: {
    titre: 'Activer le code à usage unique',
    pourquoi:
      'Votre rôle demande, en plus du mot de passe, un code que votre téléphone affiche et qui change toutes les 30 secondes.',
    etape1:
      'Dans une application d’authentification (FreeOTP, Aegis, Google Authenticator…), ajoutez un compte en lisant ce dessin.',
    dessin: 'QR code à lire avec l’application d’authentification',
    secret: 'Ou saisissez cette clé à la main :',
    lien: 'Ouvrir dans l’application de cet appareil',
    etape2: 'Saisissez le code à 6 chiffres qu’elle affiche.',
    bouton: 'Activer',
    annuler: 'Annuler',
    deconnexion: 'Se déconnecter',
    codesTitre: 'Vos codes de secours',
    codesAide:
      'Ils remplacent le téléphone si vous le perdez. Chacun ne sert qu’une fois. Ils ne seront plus jamais affichés.',
    copier: 'Copier',
    copies: 'Codes copiés.',
    nonCopies: 'Copie impossible ici : sélectionnez les codes et copiez-les.',
    telecharger: 'Télécharger',
    imprimer: 'Imprimer',
    fichier: 'codes-de-secours-frequent.txt',
    entete: (identifiant: string): string =>
      `FréquENT – codes de secours de « ${identifiant} ». Chacun ne sert qu’une fois.`,
    ranges: 'J’ai mis ces codes en lieu sûr',
    manque: 'Mettez les codes en lieu sûr, puis cochez la case.',
    continuer: 'Continuer',
  },
});
