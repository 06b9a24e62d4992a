/** Offers a text to be saved as a file. */
export function offrir(nom: string, texte: string, type: string): void {
  const adresse = URL.createObjectURL(new Blob([texte], { type: `${type};charset=utf-8` }));
  const lien = document.createElement('a');
  lien.href = adresse;
  lien.download = nom;
  lien.click();
  URL.revokeObjectURL(adresse);
}
