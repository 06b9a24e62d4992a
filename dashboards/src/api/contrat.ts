// Figures that may be withheld, and what stands beside them.

import type { Ecrit, Schemas } from './types';

/** Four numbers, or why there are none. */
export type Mesures = Ecrit<Schemas['MesuresRendues']>;
/** Why a figure is not shown; a zero is shown, as a number. */
export type Blanc = Exclude<Mesures['etat'], 'mesure'>;

/** How many people a rate is out of, and when they were counted. */
export type Effectif = Ecrit<Schemas['EffectifRendu']>;

export type Couverture = Ecrit<Schemas['Couverture']>;
