import { describe, expect, it } from 'vitest';
import { anciennete } from './anciennete';

const MAINTENANT = Date.parse('2026-11-20T09:00:00Z');
const lire = (instant: string) => anciennete(instant, MAINTENANT).replace(/\s/g, ' ');

describe('how long ago', () => {
  it('is said in the unit that a reader would use', () => {
    expect(lire('2026-11-20T08:59:30Z')).toBe('à l’instant');
    expect(lire('2026-11-20T08:57:00Z')).toBe('il y a 3 min');
    expect(lire('2026-11-20T07:30:00Z')).toBe('il y a 1 h');
    expect(lire('2026-11-19T05:00:00Z')).toBe('il y a 28 h');
    expect(lire('2026-11-10T09:00:00Z')).toBe('il y a 10 j');
  });

  it('is now for a server whose clock is a little ahead', () => {
    expect(lire('2026-11-20T09:00:20Z')).toBe('à l’instant');
  });
});
