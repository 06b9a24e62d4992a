// The one-sentence description of each figure, generated from what it shows.

import type { Membre, Moments } from '../api/types';
import { intervalle, moisLongAn } from '../formats/dates';
import { compte, part } from '../formats/nombres';
import { valeurSemaine, type Pas, type Semaine } from '../figures/evolution';
import type { LigneAppareils } from '../figures/appareils';
import { estNombre, nombreOuZero, type Valeur } from '../figures/valeurs';
import { typographie } from '../formats/typographie';
import { textes } from '../textes';
import { textesPhrases } from './textesPhrases';

/** The busiest week of a profile, the last whole one, and how many are masked. */
export function phraseEvolution(
  semaines: Semaine[],
  profil: Membre,
  mesure: string,
  pas: Pas = 'semaine',
): string {
  if (semaines.length === 0) return textes.vide.rien;
  const lire = (s: Semaine): number => nombreOuZero(valeurSemaine(s, profil.code));
  const dire = (s: Semaine): string => compte(lire(s), mesure.replace(/s$/, ''));
  const montrees = semaines.filter((s) => estNombre(valeurSemaine(s, profil.code)));
  const masquees = textesPhrases.periodesMasquees[pas](semaines.length - montrees.length);
  const [premiere, ...autres] = montrees;
  const qui = profil.code === 'TOUS' ? '' : `${profil.libelle} : `;
  if (premiere === undefined) return typographie(majuscule(`${qui}${masquees}.`));
  const sommet = autres.reduce((a, b) => (lire(b) > lire(a) ? b : a), premiere);
  const complete = montrees.filter((s) => !s.enCours).at(-1);
  const debut = textesPhrases.mesurees[pas](montrees.length);
  const haute = textesPhrases.sommet[pas](
    pas === 'mois' ? moisLongAn(sommet.debut) : intervalle(sommet.debut, sommet.fin),
    dire(sommet),
  );
  const suite =
    complete === undefined || complete === sommet
      ? ''
      : ` ; ${textesPhrases.complete[pas](dire(complete))}`;
  const reste = masquees === '' ? '' : ` ; ${masquees}`;
  return typographie(`${majuscule(`${qui}${debut}`)}, ${haute}${suite}${reste}.`);
}

/** A service and what it counted. */
interface LigneService {
  libelle: string;
  visites: Valeur;
}

/** How many services were used, the three most visited, and how many are masked. */
export function phraseServices(lignes: LigneService[]): string {
  const utilises = lignes.filter((l) => nombreOuZero(l.visites) > 0);
  const masquees = textesPhrases.servicesMasques(
    lignes.filter((l) => !estNombre(l.visites)).length,
  );
  if (utilises.length === 0) {
    return masquees === '' ? textes.vide.rien : typographie(majuscule(`${masquees}.`));
  }
  const visites = (l: LigneService): number => nombreOuZero(l.visites);
  const premiers = [...utilises].sort((a, b) => visites(b) - visites(a)).slice(0, 3);
  const noms = enumerer(premiers.map((l) => `${l.libelle} (${compte(visites(l), 'visite')})`));
  const combien = `${compte(utilises.length, 'service')} sur ${lignes.length} ${utilises.length >= 2 ? 'ont servi' : 'a servi'}`;
  const suite = premiers.length === 1 ? ` : ${noms}` : ` ; les plus visités sont ${noms}`;
  return typographie(`${combien}${suite}${masquees === '' ? '' : ` ; ${masquees}`}.`);
}

/** The main device of the profiles that visited most, where it is shown; else everyone's. */
export function phraseAppareils(lignes: LigneAppareils[]): string {
  const profils = appareilsPrincipaux(lignes.filter((ligne) => ligne.code !== 'TOUS'));
  const phrases =
    profils.length > 0 ? profils : appareilsPrincipaux(lignes.filter((l) => l.code === 'TOUS'));
  if (phrases.length > 0) return typographie(`${phrases.join(' ; ')}.`);
  return lignes.length === 0 ? textes.vide.rien : textesPhrases.appareilsMasques;
}

/** The main device of the three rows that have most visits, where it is known. */
function appareilsPrincipaux(lignes: LigneAppareils[]): string[] {
  return lignes
    .flatMap((ligne) => {
      const { total } = ligne;
      return estNombre(total) && total > 0 ? [{ ...ligne, total }] : [];
    })
    .sort((a, b) => b.total - a.total)
    .slice(0, 3)
    .flatMap((ligne) => {
      const lire = (p: LigneAppareils['parts'][number]): number => nombreOuZero(p.visites);
      const principal = ligne.parts.reduce((a, b) => (lire(b) > lire(a) ? b : a));
      // What is masked could be more than the largest device shown.
      const cache = ligne.total - somme(ligne.parts.map(lire));
      if (cache >= lire(principal)) return [];
      return `${ligne.libelle} : ${part(lire(principal), ligne.total)} des visites depuis ${article(principal)}`;
    });
}

function article(appareil: Membre): string {
  const nom = appareil.libelle.toLowerCase();
  return appareil.code === 'TABLETTE' ? `une ${nom}` : `un ${nom}`;
}

/** The busiest hour, and the share of the week-end unless hours are masked. */
export function phraseMoments(jours: Moments['jours']): string {
  const cases = jours.flatMap(({ jour, heures }) =>
    heures.map((visites, heure) => ({ jour, heure, visites })),
  );
  const masquees = textesPhrases.heuresMasquees(cases.filter((c) => c.visites === null).length);
  const montrees = cases.flatMap(({ visites, ...c }) =>
    visites === null ? [] : [{ ...c, visites }],
  );
  const total = somme(montrees.map((c) => c.visites));
  if (total === 0) {
    return masquees === '' ? textes.vide.rien : typographie(majuscule(`${masquees}.`));
  }
  const sommet = montrees.reduce((a, b) => (b.visites > a.visites ? b : a));
  const jour = textes.moments.jours[sommet.jour - 1] ?? '';
  const plage = `de ${textes.moments.plage(sommet.heure)} à ${textes.moments.plage(sommet.heure + 1)}`;
  const weekend = somme(montrees.filter((c) => c.jour >= 6).map((c) => c.visites));
  const suite =
    masquees === ''
      ? `${part(weekend, total)} des visites ont lieu le samedi ou le dimanche`
      : masquees;
  return typographie(
    `L’heure la plus fréquentée est le ${jour} ${plage} (${compte(sommet.visites, 'visite')}) ; ${suite}.`,
  );
}

/** « a, b et c » */
export function enumerer(noms: string[]): string {
  if (noms.length < 2) return noms.join('');
  return `${noms.slice(0, -1).join(', ')} et ${noms.at(-1) ?? ''}`;
}

function somme(nombres: number[]): number {
  return nombres.reduce((a, b) => a + b, 0);
}

function majuscule(texte: string): string {
  return texte.replace(/^./u, (lettre) => lettre.toUpperCase());
}
