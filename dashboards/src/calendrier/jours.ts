// Calendar days written AAAA-MM-JJ, as everywhere in the API. They are days of a school's local
// calendar, not instants: the arithmetic is done in UTC so that no clock change ever moves one.

export type Jour = string;

const MS_PAR_JOUR = 86_400_000;

export function estJour(texte: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(texte) && enTexte(enDate(texte)) === texte;
}

export function enDate(jour: Jour): Date {
  return new Date(`${jour}T00:00:00Z`);
}

function enTexte(date: Date): Jour {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

export function plus(jour: Jour, jours: number): Jour {
  return enTexte(new Date(enDate(jour).getTime() + jours * MS_PAR_JOUR));
}

/** Days from one day to another, 0 for the same day. */
export function ecart(du: Jour, au: Jour): number {
  return Math.round((enDate(au).getTime() - enDate(du).getTime()) / MS_PAR_JOUR);
}

/** The Monday of a day's week. */
export function lundi(jour: Jour): Jour {
  return plus(jour, -((enDate(jour).getUTCDay() + 6) % 7));
}

export function plusMois(jour: Jour, mois: number): Jour {
  const date = enDate(jour);
  return enTexte(new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + mois, 1)));
}

/** Today on the reader's own calendar: only a first guess, the API says what today is. */
export function aujourdhuiLocal(): Jour {
  const maintenant = new Date();
  return enTexte(
    new Date(Date.UTC(maintenant.getFullYear(), maintenant.getMonth(), maintenant.getDate())),
  );
}
