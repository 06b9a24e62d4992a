// The one-sentence descriptions of tagging quality, generated from what was received.

import type { Qualite, Releve, ReleveDuJour } from '../api/types';
import { jourLong } from '../formats/dates';
import { compte, nombre, part } from '../formats/nombres';
import { typographie } from '../formats/typographie';
import { textesMarquage } from '../textesMarquage';

/** How many events on how many days, the busiest day, and what was refused. */
export function phraseReception(jours: ReleveDuJour[]): string {
  const avec = jours.filter((j) => j.recus > 0);
  const [premier, ...autres] = avec;
  if (premier === undefined) return `${textesMarquage.vide.titre}.`;
  const sommet = autres.reduce((a, b) => (b.recus > a.recus ? b : a), premier);
  const recus = somme(avec.map((j) => j.recus));
  const refuses = somme(avec.map((j) => j.refuses));
  const sur =
    jours.length === 1
      ? `Le ${jourLong(premier.jour)}`
      : `Sur ${compte(jours.length, 'jour')}, ${nombre(avec.length)} avec des envois`;
  const haut =
    avec.length < 2
      ? ''
      : `, le plus chargé étant le ${jourLong(sommet.jour)} (${compte(sommet.recus, 'événement')})`;
  const rejet =
    refuses === 0
      ? 'rien n’a été refusé'
      : `${part(refuses, recus)} des événements ont été refusés`;
  return typographie(`${sur}${haut} ; ${rejet}.`);
}

/** Share of the accepted events whose delay is known that came within a minute. */
export function partImmediate({ delais }: Releve): string {
  const total =
    delais.une_minute + delais.dix_minutes + delais.une_heure + delais.un_jour + delais.plus;
  return part(delais.une_minute, total);
}

/** The slowest class that holds some events, in words; empty when all came within a minute. */
export function pireDelai({ delais }: Releve): string {
  const classes: [number, string][] = [
    [delais.plus, 'au-delà d’un jour'],
    [delais.un_jour, 'entre une heure et un jour'],
    [delais.une_heure, 'entre dix minutes et une heure'],
    [delais.dix_minutes, 'entre une et dix minutes'],
  ];
  const pire = classes.find(([n]) => n > 0);
  return pire === undefined ? '' : typographie(`${nombre(pire[0])} ${pire[1]}`);
}

/** What of the events received was neither accepted nor refused, and what came twice. */
export function precisionAcceptes(total: Releve): string {
  const { chiffres } = textesMarquage;
  const phrases = [
    part(total.acceptes, total.recus),
    ...(total.doublons > 0 ? [chiffres.doublons(total.doublons)] : []),
    ...(total.sans_acces > 0 ? [chiffres.sansAcces(total.sans_acces)] : []),
  ];
  return phrases.join(', ');
}

/** A sender in words: « Clé « Édifice » », « Site 365203 »… */
export function nomEmetteur({ genre, emetteur }: { genre: string; emetteur: string }): string {
  return textesMarquage.emetteurs.genres[genre]?.(emetteur) ?? emetteur;
}

/** Whether nothing at all came. */
export function rienRecu(qualite: Qualite): boolean {
  return qualite.total.recus === 0;
}

function somme(nombres: number[]): number {
  return nombres.reduce((a, b) => a + b, 0);
}
