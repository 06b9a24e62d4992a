/** « Vacances de la Toussaint » → « Toussaint » */
export function nomCourtVacances(nom: string): string {
  const court = nom.replace(/^Vacances (de la |de |d['’])/u, '');
  return court.replace(/^./u, (lettre) => lettre.toUpperCase());
}
