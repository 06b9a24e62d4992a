// The shape of measures over any days: what the console reads of them.

import type { Ecrit, Schemas } from './types';

export type MesuresLibres = Pick<
  Ecrit<Schemas['ReponseMesures']>,
  'couverture' | 'etat' | 'cellules'
>;
