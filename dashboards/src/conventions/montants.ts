// Amounts as the API writes them (« 45.00 ») in French typography.

const euros = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });

/** « 45,00 € » */
export function montant(texte: string): string {
  const n = Number(texte.replace(',', '.'));
  return Number.isFinite(n) ? euros.format(n) : texte;
}
