// A convention being typed, and what stands in the way of saving it.

import type { Convention, SaisieConvention } from '../api/conventions';
import type { Jour } from '../calendrier/jours';
import { anneeScolaire } from '../calendrier/periodes';
import { textesConventions } from '../textesConventions';
import { lirePrix, lireSiret } from './uais';

export interface EcoleSaisie {
  uai: string;
  nom: string;
  /** Empty: with the convention. */
  entree: string;
  sortie: string;
}

export interface Brouillon {
  /** A commune's code, or the name of another authority. */
  autorite: string;
  autoriteNom: string;
  commune: boolean;
  siret: string;
  fournisseur: string;
  plateforme: string;
  debut: string;
  fin: string;
  prix: string;
  ecoles: EcoleSaisie[];
}

/** A new one begins today and lasts to the end of the school year. */
export function brouillonVide(aujourdhui: Jour): Brouillon {
  const [, an = ''] = anneeScolaire(aujourdhui).split('-');
  return {
    autorite: '',
    autoriteNom: '',
    commune: true,
    siret: '',
    fournisseur: '',
    plateforme: '',
    debut: aujourdhui,
    fin: `${an}-07-31`,
    prix: '',
    ecoles: [],
  };
}

export function brouillonDe(c: Convention): Brouillon {
  return {
    autorite: c.autorite,
    autoriteNom: c.autorite_nom,
    commune: /^(\d{2}|2[AB])\d{3}$/.test(c.autorite),
    siret: c.siret ?? '',
    fournisseur: c.fournisseur,
    plateforme: c.plateforme,
    debut: c.debut,
    fin: c.fin,
    prix: c.prix,
    ecoles: c.ecoles.map((e) => ({
      uai: e.uai,
      nom: e.nom ?? e.uai,
      entree: e.entree === c.debut ? '' : e.entree,
      sortie: e.sortie ?? '',
    })),
  };
}

/** What is missing or wrong, in the order of the form. */
export function fautes(b: Brouillon): string[] {
  const m = textesConventions.saisie.manque;
  return [
    b.autorite.trim() === '' ? m.autorite : '',
    b.siret.trim() !== '' && lireSiret(b.siret) === null ? m.siret : '',
    b.fournisseur.trim() === '' ? m.fournisseur : '',
    b.plateforme.trim() === '' ? m.plateforme : '',
    b.debut === '' || b.fin === '' || b.fin < b.debut ? m.dates : '',
    b.prix.trim() !== '' && lirePrix(b.prix) === null ? m.prix : '',
    b.ecoles.length === 0 ? m.ecoles : '',
  ].filter((faute) => faute !== '');
}

/** As the API takes it; only once nothing is wrong. */
export function corpsDe(b: Brouillon): SaisieConvention {
  return {
    autorite: b.autorite.trim(),
    siret: lireSiret(b.siret),
    fournisseur: b.fournisseur.trim(),
    plateforme: b.plateforme.trim(),
    prix: lirePrix(b.prix),
    debut: b.debut,
    fin: b.fin,
    ecoles: b.ecoles.map(({ uai, entree, sortie }) => ({
      uai,
      entree: entree === '' ? b.debut : entree,
      sortie: sortie === '' ? null : sortie,
    })),
  };
}
