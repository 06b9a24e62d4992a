// The table of a perimeter's schools.

import type { EtatPoint, TrancheEffectif } from './api/pilotage';
import { compte, nombre } from './formats/nombres';
import { typographier } from './formats/typographie';

export const COLONNES = [
  'etat',
  'visites',
  'evolution',
  'utilisateurs',
  'taux',
  'parutilisateur',
  'duree',
  'courbe',
] as const;
export type Colonne = (typeof COLONNES)[number];

export const textesEcoles = typographier({
  titre: 'Écoles et établissements',
  filtres: 'Filtrer les écoles',
  chercher: 'Nom, commune ou UAI',
  etat: 'ENT',
  type: 'Type',
  plateforme: 'Plateforme',
  priorite: 'Éducation prioritaire',
  taille: 'Taille',
  tous: 'Tous',
  toutes: 'Toutes',
  tailles: {
    '0-49': 'Moins de 50 élèves',
    '50-99': 'De 50 à 99 élèves',
    '100-199': 'De 100 à 199 élèves',
    '200-399': 'De 200 à 399 élèves',
    '400+': '400 élèves ou plus',
  } satisfies Record<TrancheEffectif, string>,
  secteur: 'Secteur',
  secteurs: { PU: 'Public', PR: 'Privé' } as Partial<Record<string, string>>,
  ecole: 'École',
  etats: {
    actif: 'actif',
    ouvert: 'ouvert, peu actif',
    jamais_visite: 'jamais visité',
    non_deploye: 'non déployé',
  } satisfies Record<EtatPoint, string>,
  etatOuverts: 'ouvert, actif ou non',
  colonnes: 'Choisir les colonnes',
  nomsColonnes: {
    etat: 'ENT',
    visites: 'Visites',
    evolution: 'Évolution',
    utilisateurs: 'Utilisateurs',
    taux: 'Taux d’utilisateurs',
    parutilisateur: 'Visites par utilisateur',
    duree: 'Durée moyenne',
    courbe: 'Visites par semaine',
  } satisfies Record<Colonne, string>,
  combien: (n: number, total: number): string =>
    n === total ? compte(total, 'école') : `${nombre(n)} sur ${compte(total, 'école')}`,
  vide: 'Aucune école ne correspond à ces filtres.',
  toutEffacer: 'Effacer les filtres',
  choisir: (nom: string): string => `Choisir ${nom}`,
  choisirToutes: (n: number): string =>
    n === 1 ? 'Choisir l’école affichée' : `Choisir les ${nombre(n)} écoles affichées`,
  choix: 'Écoles choisies',
  choisies: (n: number): string => `${compte(n, 'école')} ${n >= 2 ? 'choisies' : 'choisie'}`,
  aide: 'Cochez des écoles pour les comparer, ou pour en faire un ensemble que vous retrouverez.',
  oublier: 'Tout décocher',
  comparer: 'Comparer ces écoles',
  tropAComparer: (max: number): string => `La comparaison va jusqu’à ${max} écoles.`,
  nomEnsemble: 'Nom de l’ensemble',
  exemple: 'Écoles pilotes',
  enregistrer: 'Enregistrer l’ensemble',
  manque: 'Donnez un nom à l’ensemble.',
  enregistre: (nom: string): string => `« ${nom} » est enregistré.`,
  ouvrir: 'Ouvrir mes ensembles',
  legende:
    'Cliquez sur un en-tête de colonne pour trier. Les lignes s’affichent à mesure que la table défile.',
});
