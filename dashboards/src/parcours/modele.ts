// The ladder in words and as tables.

import type { EcoleEnRoute, Etape, EtapeComptee, Parcours } from '../api/accompagnement';
import type { Donnees } from '../figure/donnees';
import { jourLong } from '../formats/dates';
import { compte, nombre } from '../formats/nombres';
import { textesTournee } from '../textesTournee';

const t = textesTournee.parcours;

/** Where most of the schools that are not there yet are stopped. */
export function phraseParcours({ ecoles, etapes }: Pick<Parcours, 'ecoles' | 'etapes'>): string {
  const total = compte(ecoles.length, 'école');
  const avant = etapes.filter((e) => e.etape !== 'regulier' && e.ecoles > 0);
  if (avant.length === 0) return t.toutes(total);
  const plein = avant.reduce((a, b) => (b.ecoles > a.ecoles ? b : a));
  const regulieres = etapes.find((e) => e.etape === 'regulier')?.ecoles ?? 0;
  return t.phrase(
    total,
    t.regulieres(regulieres),
    t.etapes[plein.etape],
    compte(plein.ecoles, 'école'),
  );
}

/** « 12 écoles · 34 jours (médiane) », or the number alone where there is no median. */
export function ecrireEtape({ ecoles, jours_medians }: EtapeComptee): string {
  const combien = compte(ecoles, 'école');
  return jours_medians === null ? combien : t.bloquees(combien, compte(jours_medians, 'jour'));
}

export function tableEtapes(etapes: readonly EtapeComptee[]): Donnees {
  return {
    colonnes: [
      { nom: t.etape, chiffre: false },
      { nom: t.ecoles, chiffre: true },
      { nom: t.mediane, chiffre: true },
    ],
    lignes: etapes.map((e) => ({
      cle: e.etape,
      valeurs: [
        t.etapes[e.etape],
        nombre(e.ecoles),
        e.jours_medians === null ? '–' : nombre(e.jours_medians),
      ],
    })),
  };
}

/** The schools at a step, or at any, those that have waited longest first. */
export function auxEtapes(ecoles: readonly EcoleEnRoute[], etape: Etape | null): EcoleEnRoute[] {
  return ecoles
    .filter((e) => etape === null || e.etape === etape)
    .sort((a, b) => b.jours - a.jours || a.nom.localeCompare(b.nom, 'fr'));
}

export function tableEcoles(ecoles: readonly EcoleEnRoute[]): Donnees {
  return {
    colonnes: [
      { nom: textesTournee.ecole, chiffre: false },
      { nom: 'UAI', chiffre: false },
      { nom: textesTournee.commune, chiffre: false },
      { nom: t.etape, chiffre: false },
      { nom: t.depuis, chiffre: false },
      { nom: t.jours, chiffre: true },
    ],
    lignes: ecoles.map((e) => ({
      cle: e.uai,
      valeurs: [e.nom, e.uai, e.commune, t.etapes[e.etape], jourLong(e.depuis), nombre(e.jours)],
    })),
  };
}
