import { describe, expect, it } from 'vitest';
import type { IncidentDeclare } from '../api/incidents';
import { brouillonDe, ecrit, manqueA, redeclarer, vierge } from './brouillon';

const TERRITOIRE = { niveau: 'departement', code: '031', nom: 'Haute-Garonne' } as const;
const PRET = { ...vierge(TERRITOIRE, '2026-10-05'), titre: ' Panne ' };

const DECLARE: IncidentDeclare = {
  id: 'i1',
  nature: 'incident',
  titre: 'Panne',
  explication: '',
  du: '2026-10-05',
  au: '2026-10-09',
  portee: { genre: 'ecoles', plateforme: null, niveau: null, code: null, ecoles: ['0310100R'] },
  lieu: null,
  declare_par: 'Camille Roques',
  declare_le: '2026-10-06T08:00:00Z',
  modifiable: true,
};

describe('an incident as it is typed', () => {
  it('is sent with only what goes with its kind of schools', () => {
    const avec = { ...PRET, ecoles: [{ uai: '0310100R', nom: 'Jaurès' }], plateforme: 'ONE-OCC' };
    expect(ecrit(avec).portee).toEqual({
      genre: 'territoire',
      plateforme: null,
      niveau: 'departement',
      code: '031',
      ecoles: [],
    });
    expect(ecrit({ ...avec, genre: 'ecoles' }).portee).toMatchObject({
      niveau: null,
      ecoles: ['0310100R'],
    });
    expect(ecrit({ ...avec, genre: 'plateforme' }).portee.plateforme).toBe('ONE-OCC');
  });

  it('lasts while no last day is given, and a break has none', () => {
    expect(ecrit(PRET)).toMatchObject({ titre: 'Panne', au: null });
    expect(ecrit({ ...PRET, au: '2026-10-09' }).au).toBe('2026-10-09');
    expect(ecrit({ ...PRET, nature: 'rupture', au: '2026-10-09' }).au).toBeNull();
  });

  it('says what lacks', () => {
    expect(manqueA(PRET)).toBeNull();
    expect(manqueA({ ...PRET, titre: ' ' })).not.toBeNull();
    expect(manqueA({ ...PRET, du: '' })).not.toBeNull();
    expect(manqueA({ ...PRET, au: '2026-10-01' })).not.toBeNull();
    expect(manqueA({ ...PRET, nature: 'rupture', au: '2026-10-01' })).toBeNull();
    expect(manqueA({ ...PRET, territoire: null })).not.toBeNull();
    expect(manqueA({ ...PRET, genre: 'ecoles' })).not.toBeNull();
    expect(manqueA({ ...PRET, genre: 'plateforme' })).not.toBeNull();
  });

  it('that was declared comes back as it was', () => {
    expect(ecrit(brouillonDe(DECLARE))).toEqual(redeclarer(DECLARE));
  });
});
