// The members of an axis (services, tools, devices…) over a few periods: what each counted, how many
// of the users it reached, and how it changes.

import type { Cellule, Cellules, Membre } from '../api/types';
import type { Jour } from '../calendrier/jours';
import { precedente, type Periode } from '../calendrier/periodes';
import { variation } from '../formats/nombres';
import { estNombre, rapport, valeurDe, type Valeur } from './valeurs';

/** How many periods a spark line spans. */
export const PERIODES = 8;

export interface Etendue {
  /** The periods drawn, the one looked at last. */
  periodes: Periode[];
  /** The two periods compared: whole ones, so not the one that goes on. */
  avant: Jour | null;
  apres: Jour | null;
}

/** The period looked at and those before it, from the first one measured. */
export function etendueDe(
  periode: Periode,
  aujourdhui: Jour,
  premierJour: Jour | null,
  combien = PERIODES,
): Etendue {
  const periodes = [periode];
  while (periodes.length < combien) {
    const avant = precedente(periodes[0] ?? periode);
    if (premierJour === null || avant.fin < premierJour) break;
    periodes.unshift(avant);
  }
  const finies = periodes.filter((p) => p.fin < aujourdhui);
  return {
    periodes,
    avant: finies.at(-2)?.debut ?? null,
    apres: finies.at(-1)?.debut ?? null,
  };
}

/** First day that a question must go back to, whatever was measured. */
export function debutEtendue(periode: Periode, combien = PERIODES): Jour {
  let p = periode;
  for (let n = 1; n < combien; n += 1) p = precedente(p);
  return p.debut;
}

export interface ParProfil {
  visites: Valeur;
  utilisateurs: Valeur;
  /** Users of the member out of the users who came; null where nobody came. */
  portee: Valeur | null;
  /** Visits of the member out of the visits; null where nobody came. */
  part: Valeur | null;
}

export interface LigneMembre extends Membre, ParProfil {
  duree: Valeur | null;
  /** Change in visits between the compared periods, in percent. */
  evolution: Valeur | null;
  /** Visits of each period of the span; null where they are not shown. */
  serie: (number | null)[];
  /** Share of the visits in each period of the span. */
  parts: (Valeur | null)[];
  parProfil: ReadonlyMap<string, ParProfil>;
}

type Connues = ReadonlyMap<string, Cellule>;

function parCle(cellules: Cellule[]): Connues {
  return new Map(cellules.map((c) => [`${c.debut} ${c.profil} ${c.membre}`, c]));
}

/** The rows of an axis for a profile; a member without a cell was measured and not used: zero. */
export function lignesMembres(
  membres: Membre[],
  axe: Pick<Cellules, 'cellules'>,
  totaux: Pick<Cellules, 'cellules'>,
  choix: { profil: string; profils: string[]; etendue: Etendue },
): LigneMembre[] {
  const { profil, profils, etendue } = choix;
  const connues = parCle(axe.cellules);
  const tous = parCle(totaux.cellules);
  const debut = etendue.periodes.at(-1)?.debut ?? '';
  const chiffres = (membre: string, p: string, jour: Jour): ParProfil => {
    const cellule = connues.get(`${jour} ${p} ${membre}`);
    const total = tous.get(`${jour} ${p} TOTAL`);
    const visites = valeurDe(cellule, 'visites');
    const utilisateurs = valeurDe(cellule, 'utilisateurs');
    return {
      visites,
      utilisateurs,
      portee: rapport(utilisateurs, valeurDe(total, 'utilisateurs')),
      part: rapport(visites, valeurDe(total, 'visites')),
    };
  };
  return membres.map(({ code, libelle }) => {
    const cellule = connues.get(`${debut} ${profil} ${code}`);
    const suite = etendue.periodes.map((p) => chiffres(code, profil, p.debut));
    return {
      code,
      libelle,
      ...chiffres(code, profil, debut),
      duree: rapport(valeurDe(cellule, 'duree_ms'), valeurDe(cellule, 'visites')),
      evolution: evolution(etendue, (jour) => chiffres(code, profil, jour).visites),
      serie: suite.map(({ visites }) => (estNombre(visites) ? visites : null)),
      parts: suite.map(({ part }) => part),
      parProfil: new Map(profils.map((p) => [p, chiffres(code, p, debut)])),
    };
  });
}

function evolution({ avant, apres }: Etendue, visites: (jour: Jour) => Valeur): Valeur | null {
  if (avant === null || apres === null) return null;
  const [a, b] = [visites(avant), visites(apres)];
  if (!estNombre(b)) return b;
  return estNombre(a) ? variation(a, b) : a;
}

/** The members found in an answer, by name: an axis that the plan does not close. */
export function membresTrouves({ cellules }: Pick<Cellules, 'cellules'>): Membre[] {
  const codes = new Set(cellules.map((c) => c.membre));
  return [...codes]
    .sort((a, b) => a.localeCompare(b, 'fr'))
    .map((code) => ({ code, libelle: code }));
}

/** The profiles that have a total in the answer, in the plan's order. */
export function profilsVenus(
  { cellules }: Pick<Cellules, 'cellules'>,
  debut: Jour,
  profils: Membre[],
): Membre[] {
  const venus = new Set(cellules.filter((c) => c.debut === debut).map((c) => c.profil));
  return profils.filter(({ code }) => venus.has(code));
}
