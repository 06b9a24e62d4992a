/** A figure's data table: what the drawing shows, in words and numbers. */
export interface Donnees {
  colonnes: { nom: string; chiffre: boolean }[];
  lignes: { cle: string; valeurs: string[] }[];
}
