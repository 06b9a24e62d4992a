// The schools of a perimeter as rows: what each did, its state, and the filters on them.

import type { EcoleDeployee, EtatEcole } from '../api/conventions';
import type { LigneTableau } from '../api/types';
import type { Vue } from '../etat/adresse';
import { lignesVues } from './tableau';

export const ETATS: readonly EtatEcole[] = ['active', 'ouverte', 'jamais_visitee', 'non_deployee'];

/** Bands of pupils, the last one open. */
export const TAILLES = ['0-49', '50-99', '100-199', '200-299', '300-'] as const;
export type Taille = (typeof TAILLES)[number];

/** A school of the table; its directory's particulars where the answer has them. */
export interface LigneEcole extends LigneTableau {
  etat: EtatEcole | null;
  plateforme: string | null;
  effectif?: number | null;
  education_prioritaire?: string | null;
}

/** The rows of the table with the state that the deployment gives each. */
export function lignesEcoles(lignes: LigneTableau[], ecoles: EcoleDeployee[]): LigneEcole[] {
  const connues = new Map(ecoles.map((e) => [e.uai, e]));
  return lignes.map((ligne) => {
    const ecole = connues.get(ligne.code);
    return {
      ...ligne,
      etat: ecole?.etat ?? (ecoles.length === 0 ? null : 'non_deployee'),
      plateforme: ecole?.plateforme ?? null,
    };
  });
}

export function tailleDe(effectif: number): Taille {
  const trouvee = TAILLES.find((taille) => {
    const [, au = ''] = taille.split('-');
    return au === '' || effectif <= Number(au);
  });
  return trouvee ?? '300-';
}

/** The values that a filter may take, each once, in order; one value alone is nothing to choose. */
export function valeursDe(lignes: LigneEcole[], lire: (l: LigneEcole) => string | null): string[] {
  const valeurs = new Set(lignes.map(lire).filter((v) => v !== null && v !== ''));
  return [...(valeurs as Set<string>)].sort((a, b) => a.localeCompare(b, 'fr'));
}

type Filtre = 'etat' | 'type' | 'plateforme' | 'priorite' | 'taille';

const LIRE: Record<Filtre, (l: LigneEcole) => string | null> = {
  etat: (l) => l.etat,
  type: (l) => l.type,
  plateforme: (l) => l.plateforme,
  priorite: (l) => l.education_prioritaire ?? null,
  taille: (l) => (typeof l.effectif === 'number' ? tailleDe(l.effectif) : null),
};

/** What a filter reads of a school. */
export function lireFiltre(filtre: Filtre): (l: LigneEcole) => string | null {
  return LIRE[filtre];
}

/** The schools that a view asks for, in its order. */
export function ecolesVues(lignes: LigneEcole[], vue: Vue): LigneEcole[] {
  const demandes = (Object.keys(LIRE) as Filtre[]).flatMap((nom) => {
    const voulu = vue.options[nom];
    return voulu === undefined || voulu === '' ? [] : [{ lire: LIRE[nom], voulu }];
  });
  const gardees = lignes.filter((l) => demandes.every(({ lire, voulu }) => lire(l) === voulu));
  return lignesVues(gardees, vue) as LigneEcole[];
}
