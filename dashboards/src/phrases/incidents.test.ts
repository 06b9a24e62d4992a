import { describe, expect, it } from 'vitest';
import type { Incident } from '../api/pilotage';
import type { Portee } from '../api/incidents';
import { avertissement, ecolesConcernees, quand } from './incidents';

const simple = (texte: string): string => texte.replace(/[\u00a0\u202f]/g, ' ');
const PANNE: Incident = {
  id: 'i1',
  nature: 'incident',
  titre: 'Marquage interrompu',
  explication: '',
  du: '2026-10-05',
  au: '2026-10-09',
};
const PORTEE = { plateforme: null, niveau: null, code: null, ecoles: [] };

describe('an incident in words', () => {
  it('says its days, and that one lasts', () => {
    expect(simple(quand(PANNE))).toBe('du 5 au 9 octobre 2026');
    expect(simple(quand({ ...PANNE, au: null }))).toBe('depuis le 5 octobre 2026');
    expect(simple(quand({ ...PANNE, nature: 'rupture' }))).toBe('à partir du 5 octobre 2026');
  });

  it('warns of what lacks, or of what does not compare', () => {
    expect(simple(avertissement(PANNE))).toBe(
      'Incident du 5 au 9 octobre 2026 : Marquage interrompu. Des visites manquent sur ces jours.',
    );
    expect(simple(avertissement({ ...PANNE, nature: 'rupture' }))).toContain(
      'Ne comparez pas l’avant et l’après',
    );
  });

  it('says which schools, without those one may not see', () => {
    expect(ecolesConcernees({ ...PORTEE, genre: 'toutes' }, null)).toBe('toutes les écoles');
    expect(
      ecolesConcernees({ ...PORTEE, genre: 'plateforme', plateforme: 'ONE-OCC' }, null),
    ).toContain('ONE-OCC');
    expect(
      simple(
        ecolesConcernees({ ...PORTEE, genre: 'ecoles', ecoles: ['0310100R', '0310101S'] }, null),
      ),
    ).toBe('2 écoles');
    const commune: Portee = { ...PORTEE, genre: 'territoire', niveau: 'commune', code: '66136' };
    expect(simple(ecolesConcernees(commune, 'Perpignan'))).toBe('Commune : Perpignan');
    expect(simple(ecolesConcernees(commune, null))).toBe('Commune : 66136');
    expect(ecolesConcernees({ ...PORTEE, genre: 'ecoles' }, null)).toContain(
      'hors de votre périmètre',
    );
  });
});
