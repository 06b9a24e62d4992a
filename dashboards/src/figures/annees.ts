// School years laid one upon another, by rank since the week of the rentrée, or by month.

import type { Cellules } from '../api/types';
import { ecart, lundi, plus, plusMois, type Jour } from '../calendrier/jours';
import { anneeScolaire, periode } from '../calendrier/periodes';
import type { NomMesure } from '../etat/adresse';
import type { Pas } from './evolution';
import { valeurDe, type Valeur } from './valeurs';

export interface AnneeSuperposee {
  annee: string;
  /** By rank; null before what was measured and after it. */
  valeurs: (Valeur | null)[];
}

const RANGS: Record<Pas, number> = { semaine: 48, mois: 12 };

/** First day of rank 0 in a school year: the week of 1 September, or the month of August. */
function origine(annee: string, pas: Pas): Jour {
  const an = annee.slice(0, 4);
  return pas === 'semaine' ? lundi(`${an}-09-01`) : `${an}-08-01`;
}

/** The first day of a rank of a school year. */
export function jourDuRang(annee: string, pas: Pas, rang: number): Jour {
  const debut = origine(annee, pas);
  return pas === 'semaine' ? plus(debut, 7 * rang) : plusMois(debut, rang);
}

/** The rank of a day in its school year; negative in the weeks of August. */
export function rangDe(annee: string, pas: Pas, jour: Jour): number {
  if (pas === 'semaine') return Math.floor(ecart(origine(annee, pas), lundi(jour)) / 7);
  return (Number(jour.slice(5, 7)) + 4) % 12;
}

/** Each school year that was measured, the oldest first, for one profile. */
export function anneesSuperposees(
  { cellules, couverture }: Pick<Cellules, 'cellules' | 'couverture'>,
  choix: { profil: string; mesure: NomMesure; pas: Pas; annees: string[] },
): AnneeSuperposee[] {
  const { premier_jour: premier, dernier_jour: dernier } = couverture;
  if (premier === null || dernier === null) return [];
  const valeurs = new Map(
    cellules
      .filter((c) => c.profil === choix.profil)
      .map((c) => [c.debut, valeurDe(c, choix.mesure)]),
  );
  return choix.annees
    .map((annee) => ({
      annee,
      valeurs: Array.from({ length: RANGS[choix.pas] }, (_, rang) => {
        const p = periode(choix.pas, jourDuRang(annee, choix.pas, rang));
        if (anneeScolaire(p.debut) !== annee || p.fin < premier || p.debut > dernier) return null;
        return valeurs.get(p.debut) ?? 0;
      }),
    }))
    .filter(({ valeurs: v }) => v.some((n) => n !== null && n !== 0));
}

/** The school year of so many years before. */
export function anneeAvant(annee: string, de: number): string {
  const an = Number(annee.slice(0, 4)) - de;
  return `${an}-${an + 1}`;
}
