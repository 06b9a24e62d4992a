import { describe, expect, it } from 'vitest';
import { compte, court, nombre, part, pourcentSigne, ratio, variation } from './nombres';

describe('numbers', () => {
  it('separates thousands with a narrow no-break space', () => {
    expect(nombre(3812)).toBe('3\u202f812');
    expect(nombre(649_492_449)).toBe('649\u202f492\u202f449');
  });

  it('takes the plural from two on, and a no-break space before the noun', () => {
    expect(compte(0, 'visite')).toBe('0\u00a0visite');
    expect(compte(1, 'visite')).toBe('1\u00a0visite');
    expect(compte(3812, 'visite')).toBe('3\u202f812\u00a0visites');
  });

  it('shortens from a thousand on', () => {
    expect(court(0)).toBe('0');
    expect(court(999)).toBe('999');
    expect(court(1234)).toBe('1,2\u00a0k');
    expect(court(3_400_000)).toBe('3,4\u00a0M');
  });

  it('writes a ratio with one decimal, and a dash where there is nobody to divide by', () => {
    expect(ratio(27, 10)).toBe('2,7');
    expect(ratio(0, 10)).toBe('0,0');
    expect(ratio(5, 0)).toBe('–');
  });
});

describe('changes', () => {
  it('cannot be told from zero', () => {
    expect(variation(0, 12)).toBeNull();
  });

  it('carry their sign, a true minus included', () => {
    expect(pourcentSigne(12.4)).toBe('+12\u00a0%');
    expect(pourcentSigne(-8)).toBe('\u22128\u00a0%');
    expect(pourcentSigne(variation(100, 0) ?? NaN)).toBe('\u2212100\u00a0%');
  });

  it('keep a decimal under one percent, and say when nothing moved', () => {
    expect(pourcentSigne(0.42)).toBe('+0,4\u00a0%');
    expect(pourcentSigne(-0.04)).toBe('stable');
    expect(pourcentSigne(0)).toBe('stable');
  });
});

describe('shares', () => {
  it('never round something to nothing', () => {
    expect(part(1, 100_000)).toBe('moins de 0,1\u00a0%');
    expect(part(4, 1000)).toBe('0,4\u00a0%');
    expect(part(0, 1000)).toBe('0\u00a0%');
    expect(part(442, 1000)).toBe('44\u00a0%');
  });

  it('of nothing are a dash', () => {
    expect(part(0, 0)).toBe('–');
  });
});
