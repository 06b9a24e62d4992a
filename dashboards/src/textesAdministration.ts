// Accounts, perimeters, the audit trail, destructions.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesAdministration = typographier({
  titre: 'Administration',
  rubriques: {
    comptes: 'Comptes',
    perimetres: 'Ensembles d’écoles',
    journal: 'Journal des accès',
    destructions: 'Destructions',
  },

  comptes: {
    intro:
      'Les comptes de votre périmètre. On y entre par un lien d’invitation : la personne choisit elle-même son mot de passe.',
    titre: 'Comptes',
    recherche: 'Chercher : nom, identifiant, périmètre',
    nom: 'Nom',
    role: 'Rôle',
    perimetre: 'Périmètre',
    etat: 'État',
    connexion: 'Dernière connexion',
    jamais: 'jamais',
    actions: 'Actions',
    etats: {
      actif: 'actif',
      invite: 'invité',
      expire: 'invitation expirée',
    },
    codeActif: 'code à usage unique',
    vide: 'Aucun autre compte dans votre périmètre. Invitez la première personne.',
    aucun: 'Aucun compte ne correspond.',
    gerer: (nom: string): string => `Gérer le compte de ${nom}`,
    gererCourt: 'Gérer',
    fermer: 'Fermer',
    inviter: 'Inviter une personne',
    nombre: (n: number): string => compte(n, 'compte'),
  },

  invitation: {
    titre: 'Inviter une personne',
    identifiant: 'Identifiant',
    identifiantAide: 'Ce qu’elle saisira pour se connecter : « c.durand ».',
    nom: 'Nom ou fonction',
    role: 'Rôle',
    perimetre: 'Ce qu’elle verra',
    chercher: 'Chercher un territoire ou une école de votre périmètre',
    ensembles: 'ou un ensemble d’écoles',
    plateformes: 'Plateformes',
    plateformesAide: 'Une par ligne. Pour un compte d’éditeur.',
    retirer: (nom: string): string => `Retirer ${nom}`,
    retirerCourt: 'Retirer',
    bouton: 'Créer le lien d’invitation',
    annuler: 'Annuler',
    manque:
      'Donnez un identifiant, un nom et au moins un territoire, un ensemble ou une plateforme.',
    lien: 'Lien d’invitation',
    lienAide: (expire: string): string =>
      `Transmettez ce lien à la personne, et à elle seule. Il sert une fois et expire le ${expire}.`,
    range: 'C’est fait',
  },

  actions: {
    reinviter: 'Nouveau lien d’invitation',
    code: 'Remettre le code à usage unique à zéro',
    codeFait: 'Le code à usage unique est remis à zéro : il sera redemandé à la connexion.',
    sessions: 'Fermer ses sessions',
    sessionsFait: 'Ses sessions sont fermées.',
    supprimer: 'Supprimer le compte',
    confirmer: (identifiant: string): string =>
      `Pour confirmer, recopiez l’identifiant : ${identifiant}`,
    supprimerBouton: 'Supprimer définitivement',
    renoncer: 'Renoncer',
    supprime: 'Compte supprimé.',
    manque: 'L’identifiant recopié n’est pas le bon.',
  },

  perimetres: {
    intro:
      'Un ensemble d’écoles est un périmètre fait à la main : les écoles d’une ville, d’un réseau, d’une expérimentation. On peut en confier un à un compte.',
    titre: 'Ensembles d’écoles',
    vide: 'Aucun ensemble. Créez-en un pour suivre des écoles qui ne forment pas un territoire.',
    nouveau: 'Créer un ensemble',
    nom: 'Nom',
    ecoles: 'Écoles',
    modifier: 'Modifier',
    modifierDe: (nom: string): string => `Modifier « ${nom} »`,
    supprimer: 'Supprimer',
    supprimerDe: (nom: string): string => `Supprimer « ${nom} »`,
    confirmer: (nom: string): string =>
      `Supprimer « ${nom} » ? Les comptes qui n’ont que lui ne verront plus rien.`,
    oui: 'Oui, supprimer',
    non: 'Non',
    enregistrer: 'Enregistrer',
    annuler: 'Annuler',
    retirer: (nom: string): string => `Retirer ${nom}`,
    manque: 'Donnez un nom à l’ensemble et ajoutez au moins une école.',
    fait: 'Ensemble enregistré.',
    supprime: 'Ensemble supprimé.',
  },

  journal: {
    intro:
      'Qui s’est connecté, a lu une école, exporté, changé un droit ou détruit des données. Chaque ligne est enchaînée à la précédente : rien ne s’y efface.',
    titre: 'Journal des accès',
    du: 'Du',
    au: 'au',
    acteur: 'Compte',
    action: 'Action',
    toutes: 'Toutes',
    instant: 'Instant',
    objet: 'Objet',
    vide: 'Aucun événement ne correspond.',
    csv: 'Télécharger (CSV)',
    suite: 'Plus anciens',
    debut: 'Les plus récents',
    actions: {
      connexion: 'connexion',
      connexion_refusee: 'connexion refusée',
      session_fermee: 'session fermée',
      lecture_ecole: 'lecture d’une école',
      export: 'téléchargement',
      compte_cree: 'compte créé',
      compte_modifie: 'compte modifié',
      compte_supprime: 'compte supprimé',
      invitation: 'invitation',
      mot_de_passe: 'mot de passe changé',
      codes: 'codes à usage unique',
      perimetre: 'ensemble d’écoles',
      jeton_api: 'jeton d’accès',
      convention: 'convention',
      destruction: 'destruction',
      sauvegarde: 'sauvegarde',
      incident: 'incident',
      export_audit: 'téléchargement du journal',
    } as Partial<Record<string, string>>,
  },

  destructions: {
    intro:
      'Chaque destruction laisse un certificat : quoi, quand, combien de lignes, par quelle règle.',
    titre: 'Certificats de destruction',
    vide: 'Aucune destruction jusqu’ici.',
    instant: 'Le',
    quoi: 'Quoi',
    regle: 'Règle',
    lignes: 'Lignes',
  },
});
