import { describe, expect, it } from 'vitest';
import type { Couverture } from '../api/contrat';
import { phraseCouverture } from './blancs';

function phrase(mesurees: number, deployees: number | null, ailleurs: number | null) {
  const couverture: Couverture = {
    premier_jour: null,
    dernier_jour: null,
    calcule_le: null,
    annuaire: null,
    ecoles_mesurees: mesurees,
    ecoles_deployees: deployees,
    mesurees_sans_convention: ailleurs,
  };
  return phraseCouverture(couverture)?.replace(/[\u00a0\u202f]/g, ' ') ?? null;
}

describe('what the figures cover, in words', () => {
  it('says nothing while no convention is recorded', () => {
    expect(phrase(12, null, null)).toBeNull();
  });

  it('counts measured schools among those deployed, and the others apart', () => {
    expect(phrase(34, 36, 0)).toBe('34 écoles mesurées sur 36 déployées');
    expect(phrase(104, 106, 4481)).toBe(
      '104 écoles mesurées sur 106 déployées ; aucune convention n’est enregistrée pour 4 481 autres écoles mesurées',
    );
    expect(phrase(1, 1, 1)).toBe(
      '1 école mesurée sur 1 déployée ; aucune convention n’est enregistrée pour une autre école mesurée',
    );
  });

  it('says so where no convention has any school', () => {
    expect(phrase(0, 0, 3)).toBe('3 écoles mesurées, sans convention enregistrée');
    expect(phrase(0, 0, 0)).toBe('Aucune école déployée : aucune convention n’y est en vigueur');
  });

  it('says nothing of one school that is measured', () => {
    expect(phrase(1, 1, 0)).toBeNull();
    expect(phrase(0, 1, 0)).toBe('0 école mesurée sur 1 déployée');
  });
});
