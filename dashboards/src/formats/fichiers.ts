/** Offers a text to be saved as a file. */
export function offrir(nom: string, texte: string, type: string): void {
  const adresse = URL.createObjectURL(new Blob([texte], { type: `${type};charset=utf-8` }));
  const lien = document.createElement('a');
  lien.href = adresse;
  lien.download = nom;
  lien.click();
  URL.revokeObjectURL(adresse);
}

/** A table as the CSV file that spreadsheets open in French: semicolons, and accents kept. */
export function tableauCsv(colonnes: string[], lignes: string[][]): string {
  const ecrire = (ligne: string[]): string => ligne.map(cellule).join(';');
  return `\ufeff${[colonnes, ...lignes].map(ecrire).join('\r\n')}\r\n`;
}

/** No-break spaces between thousands keep a spreadsheet from reading a number: they go. */
function cellule(texte: string): string {
  const nu = /^[+−]?[\d\u202f\u00a0 ]+(,\d+)?$/u.test(texte)
    ? texte.replace(/[\u202f\u00a0 ]/g, '').replace('−', '-')
    : texte;
  const formule = /^[=@\t\r+-]/.test(nu) && !/^[+-]\d[\d\s]*(,\d+)?\s*%?$/.test(nu);
  const sur = formule ? `'${nu}` : nu;
  return /[";\r\n]/.test(sur) ? `"${sur.replaceAll('"', '""')}"` : sur;
}

/** A name for a file or an anchor: « Services utilisés » → `services-utilises`. */
export function nomSimple(texte: string): string {
  return texte
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
