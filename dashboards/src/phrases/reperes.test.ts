import { describe, expect, it } from 'vitest';
import type { Indicateur } from '../api/pilotage';
import type { LigneProfil, Mesures, Synthese } from '../api/types';
import { ecrireIndicateur, positionDe } from '../figures/pairs';
import { phraseGroupe, phrasePairs } from './pairs';
import { ecartDit, phraseAccueil, phraseAnDernier, phraseEnCours, reperes } from './reperes';

const simple = (texte: string): string => texte.replace(/[\u00a0\u202f]/g, ' ');

function mesures(visites: number, utilisateurs = visites): Mesures {
  return { etat: 'mesure', visites, utilisateurs, duree_ms: visites * 60_000, evenements: 0 };
}
const MASQUE: Mesures = {
  etat: 'masque',
  visites: null,
  utilisateurs: null,
  duree_ms: null,
  evenements: null,
};

function ligne(champs: Partial<LigneProfil> = {}): LigneProfil {
  return {
    profil: 'TOUS',
    mesures: mesures(120, 40),
    comparees: mesures(110, 38),
    precedentes: mesures(100, 36),
    an_dernier: mesures(88, 30),
    englobant: { visites_par_utilisateur: 2.3, taux_utilisateurs: 0.31, duree_moyenne_ms: 95_000 },
    effectif: null,
    taux_utilisateurs: null,
    ...champs,
  };
}

function synthese(l: LigneProfil, enCours = false): Synthese {
  return {
    periode: {
      grain: 'semaine',
      debut: '2026-11-16',
      fin: '2026-11-22',
      en_cours: enCours,
      jours_ecoules: enCours ? 5 : 7,
      jours: 7,
    },
    precedente: { debut: '2026-11-09', fin: '2026-11-15' },
    an_dernier: { debut: '2025-11-17', fin: '2025-11-23', jours: 7 },
    englobant: { niveau: 'academie', code: '16', nom: 'Toulouse' },
    profils: [l],
    definitions: {},
  } as unknown as Synthese;
}

describe('what stands beside a key figure', () => {
  it('is the year before, on the same days, and the ratio of the territory around', () => {
    const l = ligne();
    expect(reperes('visites', synthese(l), l).map(simple)).toEqual([
      '▲ +25 % sur les mêmes semaines d’école de l’an dernier (88)',
    ]);
    expect(reperes('parUtilisateur', synthese(l), l).map(simple)).toContain('Toulouse : 2,3');
    expect(reperes('utilisateurs', synthese(l), l).map(simple)).toContain(
      'Toulouse : 31 % des personnes',
    );
    expect(reperes('dureeMoyenne', synthese(l), l).map(simple)).toContain('Toulouse : 1 min 35 s');
  });

  it('is nothing where nothing is known, and no change against a masked year', () => {
    const seule = ligne({ an_dernier: null, englobant: null });
    expect(reperes('visites', synthese(seule), seule)).toEqual([]);
    const masquee = ligne({ an_dernier: MASQUE });
    expect(reperes('visites', synthese(masquee), masquee).map(simple)).toEqual([
      'masqué sur les mêmes semaines d’école de l’an dernier',
    ]);
  });

  it('in a table is a change or a dash', () => {
    expect(simple(ecartDit(mesures(100), mesures(92)))).toBe('▼ −8 %');
    expect(ecartDit(null, mesures(92))).toBe('–');
    expect(ecartDit(MASQUE, mesures(92))).toBe('–');
  });
});

describe('the sentence of a period', () => {
  it('says how many came, and how that compares', () => {
    expect(simple(phraseAccueil(synthese(ligne()), 'TOUS', 'Tous les profils'))).toBe(
      'Tous les profils : 120 visites de 40 personnes. C’est 10 % de plus par rapport à la semaine précédente, et 25 % de plus que sur les mêmes semaines d’école de l’an dernier.',
    );
  });

  it('stops at what is known, and says nothing of what is masked', () => {
    const seule = ligne({ precedentes: null, an_dernier: null });
    expect(simple(phraseAccueil(synthese(seule), 'TOUS', 'Parents'))).toBe(
      'Parents : 120 visites de 40 personnes.',
    );
    expect(phraseAccueil(synthese(ligne({ mesures: MASQUE })), 'TOUS', 'Parents')).toBe('');
  });

  it('of a period that goes on says over which days it is compared', () => {
    expect(phraseEnCours(synthese(ligne()))).toBe('');
    expect(simple(phraseEnCours(synthese(ligne(), true)))).toBe(
      'Période en cours : les comparaisons portent sur les 5 jours écoulés, sur 7.',
    );
  });

  it('names the days of the year before', () => {
    expect(simple(phraseAnDernier(synthese(ligne())))).toContain(
      'du 17 au 23 novembre 2025, les mêmes semaines d’école',
    );
  });
});

describe('a school among its peers', () => {
  const indicateur = (nom: Indicateur['nom'], valeur: number | null): Indicateur => ({
    nom,
    valeur,
    q1: 2,
    mediane: 3,
    q3: 4,
  });

  it('is in a quarter or in the middle half, never at a rank', () => {
    expect([1, 2, 4, 5, null].map((v) => positionDe(indicateur('jours_actifs', v)))).toEqual([
      'bas',
      'milieu',
      'milieu',
      'haut',
      'inconnue',
    ]);
  });

  it('is told in words, the figures in the same place together', () => {
    const indicateurs = [
      indicateur('visites_par_utilisateur', 5),
      indicateur('jours_actifs', 6),
      indicateur('duree_moyenne_ms', 3),
    ];
    expect(simple(phrasePairs({ indicateurs }))).toBe(
      'Visites par utilisateur et jours actifs sont plus haut que les trois quarts des pairs ; durée moyenne est dans la moitié centrale des pairs.',
    );
  });

  it('writes each figure in its own unit', () => {
    expect(simple(ecrireIndicateur('taux_utilisateurs', 0.27))).toBe('27 %');
    expect(simple(ecrireIndicateur('duree_moyenne_ms', 231_000))).toBe('3 min 51 s');
    expect(ecrireIndicateur('jours_actifs', null)).toBe('–');
  });

  it('says who the peers are without naming one', () => {
    const groupe = {
      type: 'École élémentaire',
      taille: 'de 100 à 199 élèves',
      secteur: 'PU',
      territoire: { niveau: 'departement' as const, code: '031', nom: 'Haute-Garonne' },
      ecoles: 17,
    };
    expect(simple(phraseGroupe({ groupe }))).toBe(
      '17 écoles comparables : même type (École élémentaire), même taille (de 100 à 199 élèves), même secteur (public), Haute-Garonne.',
    );
  });
});
