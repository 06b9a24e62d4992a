// A figure beside the same school weeks of the year before, and beside the territory around.

import type { Rapports } from '../api/pilotage';
import type { LigneProfil, Mesures, Synthese } from '../api/types';
import { estNombre, type Valeur } from '../figures/valeurs';
import { intervalle } from '../formats/dates';
import { duree } from '../formats/durees';
import { compte, decimale, nombre, part } from '../formats/nombres';
import { textesAccueil } from '../textesAccueil';
import { ecrireRapport } from './blancs';
import { changement, fleche, LECTURES, parRapportA } from './comparaison';

const t = textesAccueil;

export type NomChiffre = keyof typeof LECTURES;

const ENGLOBANTS: Partial<Record<NomChiffre, (r: Rapports) => number | null>> = {
  utilisateurs: (r) => r.taux_utilisateurs,
  parUtilisateur: (r) => r.visites_par_utilisateur,
  dureeMoyenne: (r) => r.duree_moyenne_ms,
};

const ECRITURES: Record<NomChiffre, (n: number) => string> = {
  visites: nombre,
  utilisateurs: nombre,
  parUtilisateur: decimale,
  dureeMoyenne: duree,
};

/** What stands beside a key figure, one line each; nothing that is not known. */
export function reperes(
  nom: NomChiffre,
  synthese: Synthese,
  ligne: LigneProfil | undefined,
): string[] {
  const lignes = [anDernier(nom, synthese, ligne), autour(nom, synthese, ligne)];
  return lignes.filter((texte) => texte !== null);
}

/** « ▲ +8 % sur les mêmes semaines d’école de l’an dernier (11 240) » */
function anDernier(
  nom: NomChiffre,
  { an_dernier: etendue }: Synthese,
  ligne: LigneProfil | undefined,
): string | null {
  if (!etendue || !ligne?.an_dernier) return null;
  const avant = LECTURES[nom](ligne.an_dernier);
  const apres = ligne.comparees === null ? null : LECTURES[nom](ligne.comparees);
  const dit = ecrireRapport(avant, ECRITURES[nom]);
  const ecart = ecartDe(avant, apres);
  return ecart === null ? t.anDernierSeul(dit) : t.anDernier(ecart, dit);
}

function ecartDe(avant: Valeur | null, apres: Valeur | null): string | null {
  if (avant === null || apres === null || !estNombre(avant) || !estNombre(apres)) return null;
  const ecart = changement(avant, apres);
  return ecart === null ? null : `${fleche(ecart.sens)}\u00a0${ecart.texte}`;
}

function autour(
  nom: NomChiffre,
  { englobant }: Synthese,
  ligne: LigneProfil | undefined,
): string | null {
  const lire = ENGLOBANTS[nom];
  if (!englobant || !ligne?.englobant || lire === undefined) return null;
  const valeur = lire(ligne.englobant);
  if (valeur === null) return null;
  return nom === 'utilisateurs'
    ? t.tauxAutour(englobant.nom, part(valeur, 1))
    : t.autour(englobant.nom, ECRITURES[nom](valeur));
}

/** The change of a measure against another, in words for a table; a dash where there is none. */
export function ecartDit(avant: Mesures | null | undefined, apres: Mesures | null): string {
  if (!avant || apres === null) return '–';
  return ecartDe(LECTURES.visites(avant), LECTURES.visites(apres)) ?? '–';
}

/**
 * The period in two sentences: how many visits and people, whether it goes up, and whether more or
 * fewer than the year before.
 */
export function phraseAccueil(synthese: Synthese, profil: string, qui: string): string {
  const ligne = synthese.profils.find((p) => p.profil === profil);
  const visites = LECTURES.visites(ligne?.mesures);
  const personnes = LECTURES.utilisateurs(ligne?.mesures);
  if (!estNombre(visites) || !estNombre(personnes) || visites === 0) return '';
  const debut = t.combien(qui, compte(visites, 'visite'), compte(personnes, 'personne'));
  const avant = ecartPhrase(ligne?.precedentes ?? null, ligne?.comparees ?? null);
  const an = ecartPhrase(ligne?.an_dernier ?? null, ligne?.comparees ?? null);
  const suites = [
    avant === null ? null : `${avant} ${parRapportA(synthese.periode)}`,
    an === null ? null : t.anDernierPhrase(an),
  ].filter((s) => s !== null);
  return suites.length === 0 ? `${debut}.` : t.enchainer(debut, suites.join(', et '));
}

function ecartPhrase(avant: Mesures | null, apres: Mesures | null): string | null {
  if (avant === null || apres === null) return null;
  const [a, b] = [LECTURES.visites(avant), LECTURES.visites(apres)];
  if (!estNombre(a) || !estNombre(b)) return null;
  const ecart = changement(a, b);
  return ecart === null ? null : t.ecarts[ecart.sens](ecart.texte.replace(/^[+−]/u, ''));
}

/** Over which days a period that goes on is compared, or nothing when it is over. */
export function phraseEnCours({ periode }: Synthese): string {
  if (!periode.en_cours) return '';
  return periode.jours_ecoules === 0
    ? t.premierJour
    : t.joursEcoules(periode.jours_ecoules, periode.jours);
}

/** The days of the year before that are compared, in words; nothing when there are none. */
export function phraseAnDernier({ an_dernier: etendue }: Synthese): string {
  return etendue ? t.etendueAnDernier(intervalle(etendue.debut, etendue.fin)) : '';
}
