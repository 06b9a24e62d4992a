// How a generated sentence says what is masked; nothing when nothing is.

import { compte } from '../formats/nombres';
import { typographier } from '../formats/typographie';

export const textesPhrases = typographier({
  semainesMasquees: (n: number): string =>
    n === 0 ? '' : `${compte(n, 'semaine')} ${n >= 2 ? 'masquées' : 'masquée'}`,
  servicesMasques: (n: number): string =>
    n === 0 ? '' : `${compte(n, 'service')} ${n >= 2 ? 'masqués' : 'masqué'}`,
  heuresMasquees: (n: number): string =>
    n === 0 ? '' : `${compte(n, 'heure')} ${n >= 2 ? 'masquées' : 'masquée'}`,
  appareilsMasques: 'Trop peu de personnes : les appareils principaux sont masqués.',
});
