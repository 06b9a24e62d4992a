import { describe, expect, it } from 'vitest';
import type { Cellule, Cellules } from '../api/types';
import { anneeAvant, anneesSuperposees, jourDuRang, rangDe } from './annees';

function cellule(debut: string, visites: number | null, profil = 'TOUS'): Cellule {
  const etat = visites === null ? 'masque' : 'mesure';
  const reste = { utilisateurs: visites, duree_ms: visites, evenements: visites };
  const place = { code: '031', fin: '', en_cours: false, axe: 'total', membre: 'TOTAL' };
  return { ...place, debut, profil, etat, visites, ...reste };
}

function reponse(cellules: Cellule[]): Pick<Cellules, 'cellules' | 'couverture'> {
  return {
    cellules,
    couverture: {
      premier_jour: '2025-09-01',
      dernier_jour: '2026-09-20',
    } as Cellules['couverture'],
  };
}

describe('school years one upon another', () => {
  it('begin at the week of 1 September, whatever its weekday', () => {
    expect(jourDuRang('2025-2026', 'semaine', 0)).toBe('2025-09-01');
    expect(jourDuRang('2026-2027', 'semaine', 0)).toBe('2026-08-31');
    expect(rangDe('2026-2027', 'semaine', '2026-09-15')).toBe(2);
    expect(rangDe('2026-2027', 'semaine', '2026-08-03')).toBe(-4);
  });

  it('have August for the first of their months', () => {
    expect(jourDuRang('2025-2026', 'mois', 0)).toBe('2025-08-01');
    expect(rangDe('2025-2026', 'mois', '2026-07-14')).toBe(11);
    expect(rangDe('2025-2026', 'mois', '2025-09-01')).toBe(1);
  });

  it('stop where nothing was measured, and keep a measured week without a visit at zero', () => {
    const [ancienne, courante] = anneesSuperposees(
      reponse([
        cellule('2025-09-08', 40),
        cellule('2025-09-15', null),
        cellule('2026-08-31', 12),
        cellule('2026-08-31', 7, 'PARENT'),
      ]),
      {
        profil: 'TOUS',
        mesure: 'visites',
        pas: 'semaine',
        annees: ['2024-2025', '2025-2026', '2026-2027'],
      },
    );
    expect(ancienne?.annee).toBe('2025-2026');
    expect(ancienne?.valeurs.slice(0, 4)).toEqual([0, 40, 'masque', 0]);
    expect(courante?.valeurs.slice(0, 4)).toEqual([12, 0, 0, null]);
  });

  it('are named back from the one looked at', () => {
    expect(anneeAvant('2026-2027', 2)).toBe('2024-2025');
  });
});
