// The first view of a territory.

import { compte, nombre } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesAccueil = typographier({
  anDernier: (ecart: string, avant: string): string =>
    `${ecart} sur les mêmes semaines d’école de l’an dernier (${avant})`,
  anDernierSeul: (avant: string): string =>
    `${avant} sur les mêmes semaines d’école de l’an dernier`,
  etendueAnDernier: (jours: string): string =>
    `L’an dernier : ${jours}, les mêmes semaines d’école une fois les vacances alignées.`,
  autour: (nom: string, valeur: string): string => `${nom} : ${valeur}`,
  tauxAutour: (nom: string, part: string): string => `${nom} : ${part} des personnes`,

  combien: (qui: string, visites: string, personnes: string): string =>
    `${qui} : ${visites} de ${personnes}`,
  ecarts: {
    hausse: (part: string): string => `${part} de plus`,
    baisse: (part: string): string => `${part} de moins`,
    stable: (): string => 'autant',
  },
  anDernierPhrase: (ecart: string): string =>
    `${ecart} que sur les mêmes semaines d’école de l’an dernier`,
  enchainer: (debut: string, suite: string): string => `${debut}. C’est ${suite}.`,
  joursEcoules: (ecoules: number, jours: number): string =>
    ecoules === 1
      ? `Période en cours : les comparaisons portent sur le seul jour écoulé, sur ${nombre(jours)}.`
      : `Période en cours : les comparaisons portent sur les ${nombre(ecoules)} jours écoulés, sur ${nombre(jours)}.`,
  premierJour: 'Période en cours : rien à comparer avant la fin du premier jour.',

  profils: {
    titre: 'Fréquentation par profil',
    profil: 'Profil',
    evolution: 'Évolution',
    anDernier: 'Sur un an',
    taux: 'Taux d’utilisateurs',
    effectif: 'Effectif',
    autour: (nom: string): string => `Taux : ${nom}`,
    comptes: (jour: string): string => `Effectifs comptés le ${jour}.`,
    sansEffectif:
      'Aucun effectif connu pour ce territoire : le taux d’utilisateurs ne peut pas être calculé.',
    premier: (nom: string, part: string): string =>
      `${nom} : le profil qui vient le plus, ${part} des visites.`,
    definitionTaux:
      'Taux d’utilisateurs : part des personnes du profil venues au moins une fois sur la période.',
  },

  courbe: {
    titre: 'Déploiement, mois par mois',
    deployees: 'Déployées',
    visitees: 'Visitées dans le mois',
    jamais: 'Jamais visitées',
    mois: 'Mois',
    depuis: (deployees: string, mois: string, ensuite: string, dernier: string): string =>
      `${deployees} en ${mois}, ${ensuite} en ${dernier}`,
    dont: (visitees: number, jamais: number): string =>
      `${compte(visitees, 'visitée', 'visitées')} ce mois-là, ${nombre(jamais)} jamais`,
  },

  deploiement: {
    titre: 'ENT ouverts et actifs',
    actives: (actives: number, ouvertes: number): string =>
      `${compte(actives, 'ENT actif', 'ENT actifs')} sur ${compte(ouvertes, 'ouvert')}`,
    jamais: (n: number): string =>
      n === 0
        ? 'aucun n’est resté sans visite'
        : n === 1
          ? '1 n’a jamais été visité'
          : `${nombre(n)} n’ont jamais été visités`,
    noms: {
      ouvertes: 'ENT ouverts',
      actives: 'ENT actifs',
      jamais: 'Jamais visités',
    },
    etat: 'État',
    ecoles: 'Écoles',
    voir: 'Voir ces écoles',
    detail: 'Déploiement en détail',
    sans: 'Aucune convention n’est enregistrée pour ce territoire : on ne sait pas quelles écoles ont un ENT. Enregistrez une convention pour suivre leur ouverture.',
  },
});
