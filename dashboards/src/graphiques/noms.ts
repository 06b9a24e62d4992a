// Names on a map: each beside its mark where no other name nor mark is, or left out.

/** Width of a letter in pixels, at the size of the map's names: wide enough for most. */
const LETTRE = 7;
/** Height of a line. */
const LIGNE = 15;
/** Between a name and its mark. */
const ECART = 3;

export interface Marque {
  cle: string;
  nom: string;
  x: number;
  y: number;
  /** Radius of the mark; 0 for a name that stands where its place is, without one. */
  r: number;
}

export interface NomPlace {
  cle: string;
  nom: string;
  /** Middle of the base line of the name. */
  x: number;
  y: number;
}

interface Boite {
  /** Whose mark it is; absent for a name. */
  cle?: string;
  gauche: number;
  droite: number;
  haut: number;
  bas: number;
}

/**
 * Where the names stand, the first ones served first: below their mark, else above, right or left
 * of it, else on it. A name that would cover another, another mark, or leave the drawing, is left out.
 */
export function placerNoms(marques: Marque[], [largeur, hauteur]: [number, number]): NomPlace[] {
  const prises: Boite[] = marques.filter(({ r }) => r > 0).map(boiteDeMarque);
  const places: NomPlace[] = [];
  for (const marque of marques) {
    const libre = candidats(marque).find(({ boite }) => {
      const dedans =
        boite.gauche >= 0 && boite.droite <= largeur && boite.haut >= 0 && boite.bas <= hauteur;
      return (
        dedans && !prises.some((prise) => prise.cle !== marque.cle && seTouchent(prise, boite))
      );
    });
    if (libre === undefined) continue;
    prises.push(libre.boite);
    places.push({ cle: marque.cle, nom: marque.nom, x: libre.x, y: libre.y });
  }
  return places;
}

/** A circle's corners are free: the square inside it, with a little more. */
function boiteDeMarque({ cle, x, y, r }: Marque): Boite {
  const demi = r * 0.85;
  return { cle, gauche: x - demi, droite: x + demi, haut: y - demi, bas: y + demi };
}

function candidats({ nom, x, y, r }: Marque): { x: number; y: number; boite: Boite }[] {
  const demi = (nom.length * LETTRE) / 2;
  const dessous = y + r + ECART + LIGNE / 2;
  const dessus = y - r - ECART - LIGNE / 2;
  const milieux: [number, number][] =
    r === 0
      ? [
          [x, y],
          [x, y - LIGNE],
          [x, y + LIGNE],
          [x + demi, y],
          [x - demi, y],
        ]
      : [
          [x, dessous],
          [x, dessus],
          [x + r + ECART + demi, y],
          [x - r - ECART - demi, y],
          [x + r / 2 + demi, dessous],
          [x - r / 2 - demi, dessous],
          [x + r / 2 + demi, dessus],
          [x - r / 2 - demi, dessus],
          [x, y],
        ];
  return milieux.map(([cx, cy]) => ({
    x: cx,
    y: cy + LIGNE * 0.3,
    boite: {
      gauche: cx - demi,
      droite: cx + demi,
      haut: cy - LIGNE / 2,
      bas: cy + LIGNE / 2,
    },
  }));
}

function seTouchent(a: Boite, b: Boite): boolean {
  return a.gauche < b.droite && b.gauche < a.droite && a.haut < b.bas && b.haut < a.bas;
}
