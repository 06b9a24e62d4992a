// Days and periods in words: « 12 sept. », « 1er sept. 2026 », « Semaine du 16 au 22 nov. 2026 ».

import { enDate, type Jour } from '../calendrier/jours';
import { anneeScolaire, type Periode } from '../calendrier/periodes';

const INSECABLE = '\u00a0';

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', ...options });
}

const moisCourt = format({ month: 'short' });
const moisLong = format({ month: 'long' });
const semaine = format({ weekday: 'long' });
const instantLocal = new Intl.DateTimeFormat('fr-FR', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

const heureLocale = new Intl.DateTimeFormat('fr-FR', { hour: '2-digit', minute: '2-digit' });

function quantieme(jour: Jour): string {
  const n = enDate(jour).getUTCDate();
  return n === 1 ? '1er' : String(n);
}

function annee(jour: Jour): string {
  return jour.slice(0, 4);
}

/** « 12 sept. » */
export function jourCourt(jour: Jour): string {
  return `${quantieme(jour)}${INSECABLE}${moisCourt.format(enDate(jour))}`;
}

/** « 12 septembre 2026 » */
export function jourLong(jour: Jour): string {
  return `${quantieme(jour)}${INSECABLE}${moisLong.format(enDate(jour))}${INSECABLE}${annee(jour)}`;
}

/** « sept. » */
export function moisSeul(jour: Jour): string {
  return moisCourt.format(enDate(jour));
}

/** « sept. 2026 » */
export function moisCourtAn(jour: Jour): string {
  return `${moisSeul(jour)}${INSECABLE}${annee(jour)}`;
}

/** « novembre 2026 » */
export function moisLongAn(jour: Jour): string {
  return `${moisLong.format(enDate(jour))}${INSECABLE}${annee(jour)}`;
}

/** « du 16 au 22 novembre 2026 », « du 28 septembre au 4 octobre 2026 » */
export function intervalle(debut: Jour, fin: Jour): string {
  if (debut === fin) return `le ${jourLong(debut)}`;
  const [d, f] = [enDate(debut), enDate(fin)];
  const memeAnnee = annee(debut) === annee(fin);
  if (!memeAnnee) return `du ${jourLong(debut)} au ${jourLong(fin)}`;
  const premier =
    d.getUTCMonth() === f.getUTCMonth()
      ? quantieme(debut)
      : `${quantieme(debut)}${INSECABLE}${moisLong.format(d)}`;
  return `du ${premier} au ${jourLong(fin)}`;
}

/** The period as a heading: « Semaine du 16 au 22 novembre 2026 », « Novembre 2026 »… */
export function titrePeriode(p: Periode): string {
  switch (p.grain) {
    case 'jour':
      return majuscule(`${semaine.format(enDate(p.debut))} ${jourLong(p.debut)}`);
    case 'semaine':
      return `Semaine ${intervalle(p.debut, p.fin)}`;
    case 'mois':
      return majuscule(`${moisLong.format(enDate(p.debut))} ${annee(p.debut)}`);
    case 'annee':
      return `Année scolaire ${anneeScolaire(p.debut)}`;
  }
}

/** The period within a sentence: « semaine du 16 au 22 novembre 2026 », « novembre 2026 »… */
export function nomPeriode(p: Periode): string {
  return titrePeriode(p).replace(/^./u, (lettre) => lettre.toLowerCase());
}

/** A period short enough for an axis: « 16 nov. », « nov. », « 2026-2027 ». */
export function debutCourt({ grain, debut }: Periode): string {
  if (grain === 'annee') return anneeScolaire(debut);
  return grain === 'mois' ? moisSeul(debut) : jourCourt(debut);
}

/** An instant, in the reader's own time: « 21 nov., 14:05 ». */
export function instant(rfc3339: string): string {
  return instantLocal.format(new Date(rfc3339));
}

/** The day of an instant, in the reader's own time. */
export function jourDe(rfc3339: string): Jour {
  // Swedes write days as ISO 8601 does.
  return new Date(rfc3339).toLocaleDateString('sv-SE');
}

/** The hour of an instant, in the reader's own time: « 14:05 ». */
export function heure(rfc3339: string): string {
  return heureLocale.format(new Date(rfc3339));
}

/** A text whose days are written as people say them. */
export function datesEnClair(texte: string): string {
  return texte.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (jour) => jourLong(jour));
}

function majuscule(texte: string): string {
  return texte.replace(/^./u, (lettre) => lettre.toUpperCase());
}
