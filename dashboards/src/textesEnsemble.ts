// A named set of schools, looked at over any days.

import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesEnsemble = typographier({
  genre: 'Ensemble d’écoles',
  chargement: 'Ensemble d’écoles',
  jours: 'Jours et profil',
  aide: 'Les utilisateurs sont comptés une fois sur tous les jours et toutes les écoles.',
  ecoles: (n: number): string => compte(n, 'école'),
  territoires: 'Territoires entiers',
  chiffres: (jours: string): string => `Chiffres ${jours}`,
  mes: 'Mes ensembles d’écoles',
});
