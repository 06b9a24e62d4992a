// The nature of a school, as published (capitals, cut short) made readable.

const NATURES: Record<string, string> = {
  'ECOLE MATERNELLE': 'École maternelle',
  'ECOLE MATERNELLE D APPLICATION': 'École maternelle d’application',
  'ECOLE DE NIVEAU ELEMENTAIRE': 'École élémentaire ou primaire',
  'ECOLE DE NIVEAU ELEMENTAIRE SPECIALISEE': 'École élémentaire spécialisée',
  'ECOLE ELEMENTAIRE D APPLICATION': 'École élémentaire d’application',
  COLLEGE: 'Collège',
  'LYCEE D ENSEIGNEMENT GENERAL': 'Lycée général',
  'LYCEE D ENSEIGNEMENT TECHNOLOGIQUE': 'Lycée technologique',
  'LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE': 'Lycée général et technologique',
  'LYCEE POLYVALENT': 'Lycée polyvalent',
  'LYCEE PROFESSIONNEL': 'Lycée professionnel',
};

/** The nature in words; one that is not known gives the type (`Ecole`, `Médico-social`…). */
export function natureLisible(nature: string, type: string): string {
  return NATURES[nature] ?? type.replace(/^Ecole/u, 'École');
}
