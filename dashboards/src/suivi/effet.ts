// An action's before and after, in words and as a table.

import type { Action, Effet } from '../api/accompagnement';
import type { Donnees } from '../figure/donnees';
import { compte, decimale, pourcentSigne, variation } from '../formats/nombres';
import { typographie } from '../formats/typographie';
import { textesTournee } from '../textesTournee';

const t = textesTournee.suivi;

/** Points of difference under which two changes are told alike. */
const ECART_MIN = 10;

type Verdict = keyof typeof t.verdicts;

/** How the school changed beside its peers; null when one of them had no visit before. */
export function verdict({ avant, apres, avant_pairs, apres_pairs }: Effet): Verdict | null {
  const [sienne, paires] = [variation(avant, apres), variation(avant_pairs, apres_pairs)];
  if (sienne === null || paires === null) return null;
  if (Math.abs(sienne - paires) < ECART_MIN) return 'comme';
  if (sienne > paires) return sienne < 0 ? 'mieux' : paires < 0 ? 'contre' : 'plus';
  return sienne >= 0 ? 'moins' : paires >= 0 ? 'recul' : 'pire';
}

/** « (+46 %) », or nothing from zero. */
function entreParentheses(avant: number, apres: number): string {
  const change = variation(avant, apres);
  return change === null ? '' : ` (${pourcentSigne(change)})`;
}

export function phraseEffet(effet: Effet): string {
  const { avant, apres, avant_pairs, apres_pairs, ecoles_pairs } = effet;
  const juge = verdict(effet);
  return [
    t.phraseEffet(decimale(avant), decimale(apres), entreParentheses(avant, apres)),
    t.phrasePairs(
      compte(ecoles_pairs, 'école semblable', 'écoles semblables'),
      decimale(avant_pairs),
      decimale(apres_pairs),
      entreParentheses(avant_pairs, apres_pairs),
    ),
    juge === null ? '.' : `. ${t.verdicts[juge]}`,
  ].join('');
}

/** The before and after of an action, or why there is none. */
export function phraseAction({ effet, refus }: Pick<Action, 'effet' | 'refus'>): string {
  if (effet !== null) return phraseEffet(effet);
  return t.sansEffet(minuscule(typographie(refus ?? '')));
}

function minuscule(texte: string): string {
  return texte.replace(/^./u, (lettre) => lettre.toLowerCase());
}

export function tableEffet(effet: Effet): Donnees {
  const change = (avant: number, apres: number): string => {
    const valeur = variation(avant, apres);
    return valeur === null ? '–' : pourcentSigne(valeur);
  };
  const { avant, apres, avant_pairs, apres_pairs, ecoles_pairs } = effet;
  return {
    colonnes: [
      { nom: t.qui, chiffre: false },
      { nom: t.quatreAvant, chiffre: true },
      { nom: t.quatreApres, chiffre: true },
      { nom: t.evolution, chiffre: true },
    ],
    lignes: [
      {
        cle: 'ecole',
        valeurs: [t.sienne, decimale(avant), decimale(apres), change(avant, apres)],
      },
      {
        cle: 'pairs',
        valeurs: [
          t.pairs(ecoles_pairs),
          decimale(avant_pairs),
          decimale(apres_pairs),
          change(avant_pairs, apres_pairs),
        ],
      },
    ],
  };
}
