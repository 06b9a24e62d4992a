// Numbers as French typography writes them: a narrow no-break space between thousands, a no-break
// space before a unit or a percent sign, a true minus sign.

const INSECABLE = '\u00a0';
const MOINS = '\u2212';

const entier = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat('fr-FR', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const abrege = new Intl.NumberFormat('fr-FR', {
  notation: 'compact',
  maximumSignificantDigits: 2,
});

export function nombre(n: number): string {
  return entier.format(n);
}

/** « 1,8 » */
export function decimale(n: number): string {
  return decimal.format(n);
}

/** A mean or a ratio, with one decimal; a dash where it cannot be computed. */
export function ratio(numerateur: number, denominateur: number): string {
  return denominateur === 0 ? '–' : decimal.format(numerateur / denominateur);
}

/** A number short enough for a chart: 950, 1,2 k, 3,4 M. */
export function court(n: number): string {
  return Math.abs(n) < 1000 ? entier.format(n) : abrege.format(n);
}

/** « 3 812 visites », « 1 visite », « 0 visite ». */
export function compte(n: number, singulier: string, pluriel = `${singulier}s`): string {
  return `${nombre(n)}${INSECABLE}${n >= 2 ? pluriel : singulier}`;
}

/** The change from one number to another, in percent; `null` when there is nothing to compare. */
export function variation(avant: number, apres: number): number | null {
  return avant === 0 ? null : ((apres - avant) / avant) * 100;
}

/** « +12 % », « −8 % », « +0,4 % », « stable ». */
export function pourcentSigne(valeur: number): string {
  const grandeur = Math.abs(valeur);
  const texte = grandeur < 1 ? decimal.format(grandeur) : entier.format(grandeur);
  if (texte === '0,0') return 'stable';
  return `${valeur < 0 ? MOINS : '+'}${texte}${INSECABLE}%`;
}

/** A share of a whole: « 44 % », « 0,4 % », « moins de 0,1 % ». */
export function part(n: number, total: number): string {
  if (total === 0) return '–';
  const valeur = (n / total) * 100;
  if (valeur > 0 && valeur < 0.1) return `moins de 0,1${INSECABLE}%`;
  const texte = valeur > 0 && valeur < 1 ? decimal.format(valeur) : entier.format(valeur);
  return `${texte}${INSECABLE}%`;
}
