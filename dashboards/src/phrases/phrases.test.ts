import { describe, expect, it } from 'vitest';
import type { Synthese } from '../api/types';
import { plus } from '../calendrier/jours';
import type { Semaine } from '../figures/evolution';
import { changement, incomparables, parRapportA } from './comparaison';
import {
  enumerer,
  phraseAppareils,
  phraseEvolution,
  phraseMoments,
  phraseServices,
} from './figures';

const simple = (texte: string): string => texte.replace(/[\u00a0\u202f]/g, ' ');

describe('a comparison', () => {
  const periode: Synthese['periode'] = {
    grain: 'semaine',
    debut: '2026-11-16',
    fin: '2026-11-22',
    en_cours: false,
    jours_ecoules: 7,
    jours: 7,
  };

  it('names the span before', () => {
    expect(parRapportA(periode)).toBe('par rapport à la semaine précédente');
    expect(parRapportA({ ...periode, grain: 'annee' })).toBe(
      'par rapport à l’année scolaire précédente',
    );
  });

  it('of an unfinished period says over which days', () => {
    const enCours = { ...periode, en_cours: true };
    expect(simple(parRapportA({ ...enCours, jours_ecoules: 5 }))).toBe(
      'sur les 5 premiers jours, par rapport à la semaine précédente',
    );
    expect(parRapportA({ ...enCours, jours_ecoules: 1 })).toBe(
      'sur le premier jour, par rapport à la semaine précédente',
    );
  });

  it('has a direction, unless nothing was there before', () => {
    expect(changement(100, 112)).toEqual({ sens: 'hausse', texte: '+12\u00a0%' });
    expect(changement(100, 92)?.sens).toBe('baisse');
    expect(changement(100, 100)).toEqual({ sens: 'stable', texte: 'stable' });
    expect(changement(0, 10)).toBeNull();
  });
});

const TOUS = { code: 'TOUS', libelle: 'Tous les profils' };

describe('the sentence of a figure', () => {
  const semaine = (debut: string, total: number, enCours = false): Semaine => ({
    debut,
    fin: plus(debut, 6),
    enCours,
    valeurs: new Map([
      ['TOUS', total],
      ['PARENT', 2],
    ]),
  });

  it('tells the busiest week and the last whole one', () => {
    const semaines = [
      semaine('2026-11-02', 40),
      semaine('2026-11-09', 1),
      semaine('2026-11-16', 12, true),
    ];
    expect(simple(phraseEvolution(semaines, TOUS, 'visites'))).toBe(
      'Sur 3 semaines mesurées, la plus fréquentée est celle du 2 au 8 novembre 2026 (40 visites) ; la dernière semaine complète compte 1 visite.',
    );
  });

  it('does not say twice that the last whole week is the busiest', () => {
    const semaines = [semaine('2026-11-02', 4), semaine('2026-11-09', 10)];
    expect(simple(phraseEvolution(semaines, TOUS, 'utilisateurs'))).toBe(
      'Sur 2 semaines mesurées, la plus fréquentée est celle du 9 au 15 novembre 2026 (10 utilisateurs).',
    );
  });

  it('tells the weeks of the profile looked at', () => {
    const parents = { code: 'PARENT', libelle: 'Parents' };
    expect(simple(phraseEvolution([semaine('2026-11-02', 40)], parents, 'visites'))).toBe(
      'Parents : sur 1 semaine mesurée, la plus fréquentée est celle du 2 au 8 novembre 2026 (2 visites).',
    );
  });

  it('counts the services used and names the first three', () => {
    const ligne = (libelle: string, visites: number) => ({
      code: libelle,
      libelle,
      theme: '',
      visites,
      utilisateurs: 0,
      duree: null,
    });
    const lignes = [ligne('Notes', 3), ligne('Accueil', 9), ligne('CDI', 0), ligne('Absences', 1)];
    expect(simple(phraseServices(lignes))).toBe(
      '3 services sur 4 ont servi ; les plus visités sont Accueil (9 visites), Notes (3 visites) et Absences (1 visite).',
    );
    expect(simple(phraseServices([ligne('Notes', 3), ligne('CDI', 0)]))).toBe(
      '1 service sur 2 a servi : Notes (3 visites).',
    );
  });

  it('gives the main device of the profiles that came most', () => {
    const parts = [
      { code: 'ORDINATEUR', libelle: 'Ordinateur', visites: 2 },
      { code: 'TABLETTE', libelle: 'Tablette', visites: 6 },
    ];
    const lignes = [
      { code: 'TOUS', libelle: 'Tous', total: 8, parts },
      { code: 'ELEVE', libelle: 'Élèves', total: 8, parts },
    ];
    expect(simple(phraseAppareils(lignes))).toBe('Élèves : 75 % des visites depuis une tablette.');
  });

  it('gives the busiest hour and the share of the week-end', () => {
    const heures = (rang: number, n: number) =>
      Array.from({ length: 24 }, (_, h) => (h === rang ? n : 0));
    const jours = [
      { jour: 2, heures: heures(17, 30) },
      { jour: 6, heures: heures(9, 10) },
    ];
    expect(simple(phraseMoments(jours))).toBe(
      'L’heure la plus fréquentée est le mardi de 17 h à 18 h (30 visites) ; 25 % des visites ont lieu le samedi ou le dimanche.',
    );
  });

  it('says so when there is nothing to show', () => {
    const rien = 'Aucune visite à montrer sur cette période.';
    expect(phraseEvolution([], TOUS, 'visites')).toBe(rien);
    expect(phraseServices([])).toBe(rien);
    expect(phraseAppareils([])).toBe(rien);
    expect(phraseMoments([])).toBe(rien);
  });
});

describe('the sentence of a figure that is masked in part', () => {
  it('says how many weeks are, and counts none of them as zero', () => {
    const semaines: Semaine[] = [
      {
        debut: '2026-11-02',
        fin: '2026-11-08',
        enCours: false,
        valeurs: new Map([['TOUS', 'masque']]),
      },
      { debut: '2026-11-09', fin: '2026-11-15', enCours: false, valeurs: new Map([['TOUS', 8]]) },
    ];
    expect(simple(phraseEvolution(semaines, TOUS, 'visites'))).toBe(
      'Sur 1 semaine mesurée, la plus fréquentée est celle du 9 au 15 novembre 2026 (8 visites) ; 1 semaine masquée.',
    );
    expect(simple(phraseEvolution(semaines.slice(0, 1), TOUS, 'visites'))).toBe(
      '1 semaine masquée.',
    );
  });

  it('names no main device that a masked one could exceed', () => {
    const ligne = (visites: number) => ({
      code: 'ELEVE',
      libelle: 'Élèves',
      total: 20,
      parts: [
        { code: 'ORDINATEUR', libelle: 'Ordinateur', visites },
        { code: 'TABLETTE', libelle: 'Tablette', visites: 'masque' as const },
      ],
    });
    expect(simple(phraseAppareils([ligne(15)]))).toContain('Élèves : 75 %');
    expect(simple(phraseAppareils([ligne(9)]))).toContain('masqués');
    const tous = { ...ligne(12), code: 'TOUS', libelle: 'Tous les profils' };
    expect(simple(phraseAppareils([tous, ligne(9)]))).toBe(
      'Tous les profils : 60 % des visites depuis un ordinateur.',
    );
  });

  it('says why two figures are not compared', () => {
    expect(incomparables('masque', 4)).toContain('la période précédente est masquée');
    expect(incomparables(4, 'masque')).toContain('cette période est masquée');
    expect(incomparables(4, 'non_mesure')).toContain('n’est pas mesurée');
    expect(incomparables(4, 0)).toBeNull();
  });
});

it('lists names as one writes them', () => {
  expect(enumerer([])).toBe('');
  expect(enumerer(['a'])).toBe('a');
  expect(enumerer(['a', 'b', 'c'])).toBe('a, b et c');
});
