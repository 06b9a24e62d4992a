// The columns of a file of conventions, and a file to begin from.

export const COLONNES = {
  exigees: ['autorite', 'fournisseur', 'plateforme', 'uai', 'debut', 'fin'],
  facultatives: ['convention', 'siret', 'entree', 'sortie', 'prix'],
} as const;

const EXEMPLE: Record<string, string> = {
  convention: 'boulou-2026',
  autorite: '66024',
  siret: '',
  fournisseur: 'Édifice',
  plateforme: 'ONE-OCC',
  uai: '0660713S',
  entree: '',
  sortie: '',
  debut: '01/09/2026',
  fin: '31/07/2027',
  prix: '45,00',
};

/** A header and one line, as spreadsheets open them. */
export function modele(): string {
  const noms = Object.keys(EXEMPLE);
  return `\ufeff${noms.join(';')}\r\n${noms.map((nom) => EXEMPLE[nom]).join(';')}\r\n`;
}
