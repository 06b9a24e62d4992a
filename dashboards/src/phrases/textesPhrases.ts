// How a generated sentence says what is masked; nothing when nothing is.

import { compte } from '../formats/nombres';
import { typographier } from '../formats/typographie';

export const textesPhrases = typographier({
  periodesMasquees: {
    semaine: (n: number): string =>
      n === 0 ? '' : `${compte(n, 'semaine')} ${n >= 2 ? 'masquées' : 'masquée'}`,
    mois: (n: number): string =>
      n === 0 ? '' : `${compte(n, 'mois', 'mois')} ${n >= 2 ? 'masqués' : 'masqué'}`,
  },
  mesurees: {
    semaine: (n: number): string =>
      `sur ${compte(n, 'semaine')} ${n >= 2 ? 'mesurées' : 'mesurée'}`,
    mois: (n: number): string =>
      `sur ${compte(n, 'mois', 'mois')} ${n >= 2 ? 'mesurés' : 'mesuré'}`,
  },
  sommet: {
    semaine: (jours: string, combien: string): string =>
      `la plus fréquentée est celle ${jours} (${combien})`,
    mois: (mois: string, combien: string): string => `le plus fréquenté est ${mois} (${combien})`,
  },
  complete: {
    semaine: (combien: string): string => `la dernière semaine complète compte ${combien}`,
    mois: (combien: string): string => `le dernier mois complet compte ${combien}`,
  },
  servicesMasques: (n: number): string =>
    n === 0 ? '' : `${compte(n, 'service')} ${n >= 2 ? 'masqués' : 'masqué'}`,
  heuresMasquees: (n: number): string =>
    n === 0 ? '' : `${compte(n, 'heure')} ${n >= 2 ? 'masquées' : 'masquée'}`,
  appareilsMasques: 'Trop peu de personnes : les appareils principaux sont masqués.',
});
