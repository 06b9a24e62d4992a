// Lists of schools as people paste them.

const LETTRES = 'ABCDEFGHJKLMNPRSTUVWXYZ';

/** Whether a text is a UAI: seven digits and the letter that checks them. */
export function estUai(texte: string): boolean {
  const [, chiffres, lettre] = /^(\d{7})([A-Z])$/.exec(texte) ?? [];
  return chiffres !== undefined && LETTRES[Number(chiffres) % LETTRES.length] === lettre;
}

/** What was pasted, piece by piece, in capitals. */
export function decouper(texte: string): string[] {
  return texte
    .split(/[\s,;]+/)
    .filter((morceau) => morceau !== '')
    .map((morceau) => morceau.toUpperCase());
}

/** A price typed in euros (« 45 », « 45,5 ») as the API writes it; null when it is not one. */
export function lirePrix(texte: string): string | null {
  const [, euros, centimes = ''] = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(texte.trim()) ?? [];
  return euros === undefined ? null : `${Number(euros)},${centimes.padEnd(2, '0')}`;
}

/** A SIRET without its spaces; null when it is not 14 digits. */
export function lireSiret(texte: string): string | null {
  const chiffres = texte.replace(/\s/g, '');
  return /^\d{14}$/.test(chiffres) ? chiffres : null;
}
