// The one-sentence description of each figure, generated from what it shows.

import type { Membre, Moments } from '../api/types';
import { plus } from '../calendrier/jours';
import { intervalle } from '../formats/dates';
import { compte, part } from '../formats/nombres';
import type { Semaine } from '../figures/evolution';
import type { LigneAppareils } from '../figures/appareils';
import type { LigneService } from '../figures/services';
import { typographie } from '../formats/typographie';
import { textes } from '../textes';

/** The busiest week of a profile, and the last whole one. */
export function phraseEvolution(semaines: Semaine[], profil: Membre, mesure: string): string {
  const [premiere, ...autres] = semaines;
  if (premiere === undefined) return textes.vide.rien;
  const lire = (s: Semaine): number => s.valeurs.get(profil.code) ?? 0;
  const dire = (s: Semaine): string => compte(lire(s), mesure.replace(/s$/, ''));
  const sommet = autres.reduce((a, b) => (lire(b) > lire(a) ? b : a), premiere);
  const complete = semaines.filter((s) => !s.enCours).at(-1);
  const qui = profil.code === 'TOUS' ? 'Sur' : `${profil.libelle} : sur`;
  const nombre = `${qui} ${compte(semaines.length, 'semaine')} ${semaines.length >= 2 ? 'mesurées' : 'mesurée'}`;
  const haute = `la plus fréquentée est celle ${intervalle(sommet.debut, plus(sommet.debut, 6))} (${dire(sommet)})`;
  const suite =
    complete === undefined || complete === sommet
      ? ''
      : ` ; la dernière semaine complète compte ${dire(complete)}`;
  return typographie(`${nombre}, ${haute}${suite}.`);
}

/** How many services were used, and the three most visited. */
export function phraseServices(lignes: LigneService[]): string {
  const utilises = lignes.filter((l) => l.visites > 0);
  if (utilises.length === 0) return textes.vide.rien;
  const premiers = [...utilises].sort((a, b) => b.visites - a.visites).slice(0, 3);
  const noms = enumerer(premiers.map((l) => `${l.libelle} (${compte(l.visites, 'visite')})`));
  const combien = `${compte(utilises.length, 'service')} sur ${lignes.length} ${utilises.length >= 2 ? 'ont servi' : 'a servi'}`;
  const suite = premiers.length === 1 ? ` : ${noms}.` : ` ; les plus visités sont ${noms}.`;
  return typographie(combien + suite);
}

/** The main device of the profiles that visited most. */
export function phraseAppareils(lignes: LigneAppareils[]): string {
  const phrases = lignes
    .filter((ligne) => ligne.code !== 'TOUS' && ligne.total > 0)
    .sort((a, b) => b.total - a.total)
    .slice(0, 3)
    .map((ligne) => {
      const principal = ligne.parts.reduce((a, b) => (b.visites > a.visites ? b : a));
      return `${ligne.libelle} : ${part(principal.visites, ligne.total)} des visites depuis ${article(principal)}`;
    });
  return phrases.length === 0 ? textes.vide.rien : typographie(`${phrases.join(' ; ')}.`);
}

function article(appareil: Membre): string {
  const nom = appareil.libelle.toLowerCase();
  return appareil.code === 'TABLETTE' ? `une ${nom}` : `un ${nom}`;
}

/** The busiest hour, and the share of the week-end. */
export function phraseMoments(jours: Moments['jours']): string {
  const cases = jours.flatMap(({ jour, heures }) =>
    heures.map((visites, heure) => ({ jour, heure, visites })),
  );
  const total = somme(cases.map((c) => c.visites));
  if (total === 0) return textes.vide.rien;
  const sommet = cases.reduce((a, b) => (b.visites > a.visites ? b : a));
  const jour = textes.moments.jours[sommet.jour - 1] ?? '';
  const plage = `de ${textes.moments.plage(sommet.heure)} à ${textes.moments.plage(sommet.heure + 1)}`;
  const weekend = somme(cases.filter((c) => c.jour >= 6).map((c) => c.visites));
  return typographie(
    `L’heure la plus fréquentée est le ${jour} ${plage} (${compte(sommet.visites, 'visite')}) ; ${part(weekend, total)} des visites ont lieu le samedi ou le dimanche.`,
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
