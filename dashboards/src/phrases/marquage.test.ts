import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Releve, ReleveDuJour } from '../api/types';
import { conseilIdentifiant, conseilRefus } from './conseils';
import {
  nomEmetteur,
  partImmediate,
  phraseReception,
  pireDelai,
  precisionAcceptes,
} from './marquage';

const RIEN: Releve = {
  recus: 0,
  acceptes: 0,
  refuses: 0,
  sans_acces: 0,
  doublons: 0,
  tardifs: 0,
  sans_client: 0,
  service_converti: 0,
  delais: { une_minute: 0, dix_minutes: 0, une_heure: 0, un_jour: 0, plus: 0 },
  dernier: null,
};

const jour = (nom: string, recus: number, refuses: number): ReleveDuJour => ({
  jour: nom,
  ...RIEN,
  recus,
  refuses,
});

const simple = (texte: string) => texte.replace(/\s/g, ' ');

describe('the sentence of what was received', () => {
  it('names the busiest day and the share refused', () => {
    const jours = [
      jour('2026-11-18', 40, 2),
      jour('2026-11-19', 0, 0),
      jour('2026-11-20', 1_160, 58),
    ];
    expect(simple(phraseReception(jours))).toBe(
      'Sur 3 jours, 2 avec des envois, le plus chargé étant le 20 novembre 2026 (1 160 événements) ; 5 % des événements ont été refusés.',
    );
  });

  it('says that nothing was refused, of one day', () => {
    expect(simple(phraseReception([jour('2026-11-20', 7, 0)]))).toBe(
      'Le 20 novembre 2026 ; rien n’a été refusé.',
    );
  });

  it('says that nothing came', () => {
    expect(simple(phraseReception([jour('2026-11-20', 0, 0)]))).toBe(
      'Aucun événement reçu sur ces jours.',
    );
  });
});

describe('the details of key figures', () => {
  it('count the share that came at once, and the slowest', () => {
    const delais = { une_minute: 960, dix_minutes: 30, une_heure: 0, un_jour: 10, plus: 0 };
    const releve = { ...RIEN, delais };
    expect(simple(partImmediate(releve))).toBe('96 %');
    expect(simple(pireDelai(releve))).toBe('10 entre une heure et un jour');
    expect(pireDelai(RIEN)).toBe('');
  });

  it('say what came twice and what was only a click', () => {
    const releve = { ...RIEN, recus: 100, acceptes: 90, doublons: 2, sans_acces: 1 };
    expect(simple(precisionAcceptes(releve))).toBe(
      '90 %, dont 2 reçus plus d’une fois, et 1 clic sans consultation',
    );
    expect(simple(precisionAcceptes({ ...releve, doublons: 0, sans_acces: 0 }))).toBe('90 %');
  });

  it('name senders by their kind', () => {
    expect(simple(nomEmetteur({ genre: 'cle', emetteur: 'Édifice' }))).toBe('Clé « Édifice »');
    expect(nomEmetteur({ genre: 'site', emetteur: '365203' })).toBe('Site 365203');
    expect(nomEmetteur({ genre: 'nouveau', emetteur: 'x' })).toBe('x');
  });
});

// The codes are those of the sources: tests run in the console's own folder.
describe('advice', () => {
  it('is given for every reason that intake may refuse with', () => {
    const source = readFileSync('../plan/src/refus.rs', 'utf8');
    const raisons = [...source.matchAll(/^ {4}\w+ = "(\w+)",/gm)].map(([, code]) => code ?? '');
    expect(raisons.length).toBeGreaterThan(15);
    expect(raisons.filter((raison) => conseilRefus(raison) === '')).toEqual([]);
  });

  it('is given for every identifier warning', () => {
    const source = readFileSync('../ingest/src/qualite/mesure.rs', 'utf8');
    const alertes = [...source.matchAll(/"identifiant_(\w+)"/g)].map(([, code]) => code ?? '');
    const conseils = new Set(alertes.map(conseilIdentifiant));
    expect(alertes.length).toBeGreaterThan(3);
    expect(conseils.size).toBe(alertes.length);
    expect(conseils).not.toContain(conseilIdentifiant('inconnue'));
  });
});
