// Whom to call this week, what was done for each school, and how far each has come.

import type { Etape, Genre, Raison } from './api/accompagnement';
import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

const ETAPES: Record<Etape, string> = {
  convention: 'Convention signée',
  tag: 'Marqueur vu',
  comptes: 'Comptes ouverts',
  enseignant: 'Enseignant actif',
  parents: 'Parents actifs',
  regulier: 'Usage régulier',
};

/** What a school waits for at each step. */
const ATTENTES: Record<Etape, string> = {
  convention: 'le marqueur n’a pas encore été vu',
  tag: 'les comptes ne sont pas encore ouverts',
  comptes: 'aucun enseignant n’est encore venu',
  enseignant: 'aucun parent n’est encore venu',
  parents: 'enseignants et parents ne viennent pas encore chaque semaine',
  regulier: 'enseignants et parents viennent régulièrement',
};

const GENRES: Record<Genre, string> = {
  formation: 'Formation',
  visite: 'Visite',
  appel: 'Appel',
};

const RAISONS: Record<Raison, string> = {
  jamais_commence: 'Jamais commencé',
  chute: 'En baisse',
  sans_parents: 'Sans parents',
  exemple: 'Peut servir d’exemple',
};

/** The same reasons within a sentence, by number. */
const DITES: Record<Raison, (n: number) => string> = {
  jamais_commence: (n) => (n > 1 ? `${n} n’ont jamais commencé` : '1 n’a jamais commencé'),
  chute: (n) => (n > 1 ? `${n} sont en baisse` : '1 est en baisse'),
  sans_parents: (n) => (n > 1 ? `${n} sont sans parents` : '1 est sans parents'),
  exemple: (n) => (n > 1 ? `${n} peuvent servir d’exemple` : '1 peut servir d’exemple'),
};

export const textesTournee = typographier({
  lieu: {
    aria: 'Territoire regardé',
    mien: 'Mon territoire',
    autre: 'Choisir un autre territoire',
    changer: 'Changer de territoire',
    vide: 'Choisissez un territoire',
    videDetail:
      'Cherchez ci-dessus une commune, une circonscription ou un département : la page montre ses écoles.',
    frequentation: 'Fréquentation',
    deploiement: 'Déploiement',
  },
  imprimer: 'Imprimer',
  annuler: 'Annuler',
  fermer: 'Fermer',
  ecole: 'École',
  commune: 'Commune',
  tournee: {
    titre: 'Ma tournée',
    de: (nom: string): string => `Ma tournée – ${nom}`,
    liste: 'Écoles à appeler cette semaine',
    phrase: (combien: string, semaine: string, raisons: string): string =>
      `${combien} à appeler, semaine ${semaine} : ${raisons}.`,
    aucune: (semaine: string): string => `Plus aucune école à appeler, semaine ${semaine}.`,
    note: 'La liste change chaque lundi, jamais en cours de semaine. Elle compte dix écoles au plus.',
    raisons: RAISONS,
    dites: DITES,
    raison: 'Raison',
    pourquoi: 'Pourquoi',
    depuis: 'Depuis',
    depuisLe: (jour: string): string => `depuis le ${jour}`,
    vueLe: 'Vue le',
    silence: 'Après « Vu », ne plus la proposer pendant',
    semaines: (n: number): string => compte(n, 'semaine'),
    vu: 'Vu',
    vuDe: (nom: string): string => `Vu : ${nom}`,
    vueDite: (nom: string, semaines: string): string =>
      `${nom} : vue. Elle ne sera plus proposée pendant ${semaines}.`,
    remise: (nom: string): string => `${nom} est de nouveau dans la liste.`,
    remettre: 'Remettre dans la liste',
    remettreDe: (nom: string): string => `Remettre dans la liste : ${nom}`,
    noter: 'Noter une action',
    noterDe: (nom: string): string => `Noter une action : ${nom}`,
    vues: 'Vues cette semaine',
    vueJour: (jour: string): string => `vue le ${jour}`,
    vuesAide: 'Elles ne reviendront pas les semaines suivantes, tant que dure leur silence.',
    silencieuses: (n: number): string =>
      n > 1
        ? `${n} écoles vues les semaines passées ne sont pas proposées pour l’instant.`
        : '1 école vue les semaines passées n’est pas proposée pour l’instant.',
    avancees: 'Elles ont avancé depuis',
    avanceesAide:
      'Vues dans les douze dernières semaines, elles n’ont plus de raison d’être appelées.',
    vide: 'Aucune école à appeler cette semaine',
    videDetail:
      'Une école vient ici quand elle est sous convention et n’a jamais commencé, quand ses visites ont chuté, quand les enseignants viennent sans les parents, ou quand elle peut servir d’exemple. Rien de tel cette semaine : la liste se renouvelle lundi.',
    toutVu: 'Toute la liste de la semaine est vue. La prochaine arrive lundi.',
  },
  suivi: {
    titre: 'Suivi',
    de: (nom: string): string => `Suivi – ${nom}`,
    intro:
      'Le journal des formations, des visites et des appels, école par école, et ce que sont devenues les visites de l’ENT ensuite.',
    nouvelle: 'Noter une action',
    correction: 'Modifier l’action',
    quelle: 'Chercher l’école',
    changerEcole: 'Changer d’école',
    ecoleInconnue: 'Cette école n’est pas dans votre périmètre. Cherchez-en une autre.',
    jour: 'Date',
    genre: 'Nature',
    genres: GENRES,
    note: 'Note (facultatif)',
    noteAide:
      'Quelques mots sur l’action, 1 000 caractères au plus. N’écrivez ni nom, ni adresse, ni numéro de téléphone : le journal ne doit contenir aucune donnée personnelle.',
    enregistrer: 'Enregistrer',
    manqueEcole: 'Choisissez d’abord l’école.',
    notee: (nom: string): string => `L’action est notée pour ${nom}.`,
    corrigee: 'L’action est modifiée.',
    supprimee: 'L’action est supprimée.',
    annulee: 'C’est annulé.',
    modifier: 'Modifier',
    supprimer: 'Supprimer',
    modifierDe: (quoi: string): string => `Modifier : ${quoi}`,
    supprimerDe: (quoi: string): string => `Supprimer : ${quoi}`,
    action: (genre: string, jour: string, nom: string): string => `${genre} du ${jour}, ${nom}`,
    journal: 'Journal',
    phrase: (actions: string, ecoles: string, mesurees: string): string =>
      `${actions} dans ${ecoles}, ${mesurees}.`,
    mesurees: (n: number): string =>
      n === 0 ? 'aucune avec un avant et un après' : `dont ${n} avec un avant et un après`,
    rien: 'Rien ne correspond à ce choix.',
    limite: 'Le journal montre les cent dernières actions, sur deux ans.',
    filtre: 'Nom de l’école ou mot de la note',
    tous: 'Toutes',
    classer: 'Classer par',
    parDate: 'date',
    parEcole: 'école',
    par: 'Notée par',
    effet: 'Avant et après',
    parQui: (qui: string): string => `notée par ${qui}`,
    compteSupprime: 'un compte supprimé',
    sansNote: 'Sans note.',
    sansEffet: (raison: string): string => `Pas d’avant/après : ${raison}`,
    montrer: 'Montrer l’avant et l’après',
    montrerDe: (quoi: string): string => `Montrer l’avant et l’après : ${quoi}`,
    figure: (quoi: string): string => `Avant et après – ${quoi}`,
    avant: 'Avant',
    apres: 'Après',
    evolution: 'Évolution',
    quatreAvant: '4 semaines avant',
    quatreApres: '4 semaines après',
    qui: 'Qui',
    sienne: 'Cette école',
    pairs: (n: number): string => `Médiane de ${compte(n, 'école semblable', 'écoles semblables')}`,
    phraseEffet: (avant: string, apres: string, sienne: string): string =>
      `Visites par semaine : de ${avant} à ${apres} dans l’école${sienne}`,
    phrasePairs: (n: string, avant: string, apres: string, paires: string): string =>
      `, de ${avant} à ${apres} pour la médiane de ${n}${paires}`,
    verdicts: {
      plus: 'L’école progresse plus que ses semblables.',
      moins: 'L’école progresse moins que ses semblables.',
      comme: 'L’école évolue comme ses semblables.',
      mieux: 'L’école baisse moins que ses semblables.',
      pire: 'L’école baisse plus que ses semblables.',
      contre: 'L’école progresse quand ses semblables baissent.',
      recul: 'L’école baisse quand ses semblables progressent.',
    },
    noteVerdict:
      'Moins de dix points d’écart entre les deux évolutions : « comme ses semblables ».',
    vide: 'Le journal est vide',
    videDetail:
      'Notez ici une formation, une visite ou un appel. Quatre semaines de classe plus tard, vous verrez si les visites de l’école ont changé, à côté d’écoles semblables.',
  },
  parcours: {
    titre: 'Où en sont les écoles',
    etapes: ETAPES,
    attentes: ATTENTES,
    etape: 'Étape',
    ecoles: 'Écoles',
    mediane: 'Médiane des jours à cette étape',
    phrase: (total: string, regulieres: string, plein: string, combien: string): string =>
      `Sur ${total} sous convention, ${regulieres} ; l’étape qui en retient le plus est « ${plein} » (${combien}).`,
    toutes: (total: string): string => `${total} sous convention, toutes en usage régulier.`,
    regulieres: (n: number): string =>
      n > 1
        ? `${n} sont en usage régulier`
        : n === 1
          ? '1 est en usage régulier'
          : 'aucune n’est en usage régulier',
    bloquees: (ecoles: string, jours: string): string => `${ecoles} · ${jours} (médiane)`,
    liste: 'Écoles par étape',
    phraseListe: (ecoles: string, attente: string): string => `${ecoles} : ${attente}.`,
    phraseToutes: (ecoles: string): string =>
      `${ecoles} sous convention, celles qui attendent depuis le plus longtemps d’abord.`,
    choix: 'Étape',
    tous: 'Toutes les étapes',
    depuis: 'À cette étape depuis le',
    jours: 'Jours',
    rien: 'Aucune école à cette étape.',
    noteDepuis: (jour: string): string =>
      `Ce qui a été atteint avant le ${jour} est daté de ce jour.`,
    vide: 'Aucune école sous convention dans ce territoire : il n’y a pas de parcours à montrer.',
  },
});
