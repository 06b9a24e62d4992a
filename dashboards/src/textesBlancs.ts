// What is written where a figure is not shown, and why. Four things that are not one « 0 ».

import type { Blanc } from './api/contrat';
import { compte, nombre } from './formats/nombres';
import { typographier } from './formats/typographie';

function mesureesSeules(mesurees: number): string {
  return `${compte(mesurees, 'école')} ${mesurees >= 2 ? 'mesurées' : 'mesurée'}`;
}

export const textesBlancs = typographier({
  noms: {
    masque: 'masqué',
    non_mesure: 'non mesuré',
    non_deploye: 'non déployé',
  } satisfies Record<Blanc, string>,

  explications: {
    masque:
      'Masqué : trop peu de personnes pour être montré sans risquer d’en reconnaître une. D’autres chiffres sont masqués avec lui quand une soustraction suffirait à le retrouver. Ce n’est pas zéro.',
    non_mesure:
      'Non mesuré : aucun marquage reçu de la plateforme de cette école sur la période, ou incident déclaré. On ne sait pas si quelqu’un est venu.',
    non_deploye: 'Non déployé : aucune convention en vigueur. L’école n’a pas d’ENT à mesurer.',
  } satisfies Record<Blanc, string>,
  zero: '0 : mesuré, personne n’est venu.',

  titre: 'Que veulent dire « 0 », « masqué », « non mesuré », « non déployé » ?',
  legende: 'Valeur masquée',
  semaineMasquee: 'Semaine masquée',
  courbeCoupee: 'Une courbe qui s’interrompt : valeur masquée pour ce profil cette semaine-là.',

  chiffre: {
    masque: 'Trop peu de personnes pour montrer ce chiffre',
    non_mesure: 'Aucun marquage reçu sur la période',
    non_deploye: 'Aucune convention en vigueur',
  } satisfies Record<Blanc, string>,

  comparaison: {
    avant: 'Comparaison impossible : la période précédente est masquée',
    apres: 'Comparaison impossible : cette période est masquée',
    autre: 'Comparaison impossible : l’une des deux périodes n’est pas mesurée',
  },

  page: {
    masque: {
      titre: 'Chiffres masqués',
      detail:
        'Trop peu de personnes sont venues pour montrer ce détail sans risquer d’en reconnaître une. Choisissez une période plus longue, tous les profils, ou un territoire plus grand.',
    },
    non_mesure: {
      titre: 'Période non mesurée',
      detail:
        'Aucun marquage n’est arrivé de la plateforme de cette école sur la période, ou un incident a été déclaré : on ne sait pas si quelqu’un est venu. Demandez à l’éditeur si le marquage est posé.',
    },
    non_deploye: {
      titre: 'ENT non déployé',
      detail:
        'Aucune convention n’était en vigueur pour ce territoire à la fin de la période : il n’y a pas d’ENT à mesurer.',
    },
  } satisfies Record<Blanc, { titre: string; detail: string }>,

  couverture: (mesurees: number, deployees: number): string =>
    `${mesureesSeules(mesurees)} sur ${compte(deployees, 'déployée')}`,
  sansEcole: 'Aucune école déployée : aucune convention n’y est en vigueur',
  sansConvention: (mesurees: number): string =>
    `${mesureesSeules(mesurees)}, sans convention enregistrée`,
  autres: (mesurees: number): string =>
    ` ; aucune convention n’est enregistrée pour ${mesurees >= 2 ? `${nombre(mesurees)} autres écoles mesurées` : 'une autre école mesurée'}`,
  couvertureNom: 'écoles mesurées',
  couvertureDefinition:
    'École mesurée : au moins un marquage reçu sur la période. École déployée : une convention est en vigueur au dernier jour de la période.',
});
