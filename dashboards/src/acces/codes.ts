// One-time codes, secrets and passwords as people type and read them.

/** Digits of a one-time code. */
export const CHIFFRES = 6;
/** Least length of a password, in characters; the server has the last word. */
export const MOT_DE_PASSE_MIN = 12;

/** What is typed or pasted (« 123 456 », « code : 123456 »), as digits. */
export function chiffresDuCode(texte: string): string {
  return texte.replace(/\D/g, '').slice(0, CHIFFRES);
}

/** A secret in groups of four, easier to copy by hand. */
export function parGroupes(secret: string): string {
  return secret.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 ');
}

export interface Regles {
  longueur: boolean;
  different: boolean;
  varie: boolean;
  identiques: boolean;
}

/** Which rules a password typed twice follows so far. */
export function regles(motDePasse: string, encore: string, propres: string[]): Regles {
  const simple = motDePasse.trim().toLowerCase();
  return {
    longueur: Array.from(motDePasse).length >= MOT_DE_PASSE_MIN,
    different: simple !== '' && !propres.some((nom) => nom.trim().toLowerCase() === simple),
    varie: new Set(motDePasse).size >= 4,
    identiques: motDePasse !== '' && motDePasse === encore,
  };
}
