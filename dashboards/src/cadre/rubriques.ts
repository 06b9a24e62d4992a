// The rubrics of the console, for its head and its site map.

import type { Rubrique as RubriqueAdministration } from '../etat/adresse';
import { session } from '../etat/session.svelte';
import { textes } from '../textes';

export interface Rubrique {
  /** The pages inside it. */
  pages: string[];
  href: string;
  nom: string;
}

const ACCOMPAGNEMENT: Rubrique[] = [
  { pages: ['tournee'], href: '/tournee', nom: textes.cadre.tournee },
  { pages: ['suivi'], href: '/suivi', nom: textes.cadre.suivi },
];
const CONVENTIONS: Rubrique = {
  pages: ['conventions', 'convention', 'nouvelle-convention', 'import-conventions', 'deploiement'],
  href: '/conventions',
  nom: textes.cadre.conventions,
};
const QUALITE: Rubrique[] = [
  { pages: ['qualite'], href: '/qualite', nom: textes.cadre.qualite },
  { pages: ['integration'], href: '/integration', nom: textes.cadre.integration },
];
const RAPPORTS: Rubrique = { pages: ['rapports'], href: '/rapports', nom: textes.cadre.rapports };
const INCIDENTS: Rubrique = {
  pages: ['incidents'],
  href: '/incidents',
  nom: textes.cadre.incidents,
};
const ADMINISTRATION: Rubrique = {
  pages: ['administration'],
  href: '/administration/comptes',
  nom: textes.cadre.administration,
};

/** What this account may see besides figures. */
export function rubriques(): Rubrique[] {
  return [
    ...(session.peut('accompagnement') ? ACCOMPAGNEMENT : []),
    ...(session.peut('conventions_lecture') ? [CONVENTIONS] : []),
    ...(session.peut('chiffres') ? [RAPPORTS] : []),
    ...(session.aDesIncidents ? [INCIDENTS] : []),
    ...(session.compte?.voit_qualite ? QUALITE : []),
    ...(session.peut('comptes') ? [ADMINISTRATION] : []),
  ];
}

/** What of the administration this account may open. */
export function rubriquesDAdministration(): RubriqueAdministration[] {
  return [
    'comptes',
    'perimetres',
    ...(session.peut('conventions_lecture') ? (['certificats'] as const) : []),
    ...(session.peut('audit') ? (['journal'] as const) : []),
    ...(session.peut('conservation') ? (['reglages'] as const) : []),
  ];
}
