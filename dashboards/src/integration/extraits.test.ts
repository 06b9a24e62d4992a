import { describe, expect, it } from 'vitest';
import type { SiteRendu } from '../api/types';
import { domaineDeCollecte, extraitCurl, extraitRecu, extraitTag } from './extraits';

const SITE: SiteRendu = {
  numero: 365203,
  plateformes: ['ONE-OCC'],
  projet: '',
  exploitant: '',
  cle_publique: 'cle-publique',
  origines: [],
  usage: 'production',
};

describe('what an integrator pastes', () => {
  it('carries the public key of the site, and its platform only when it has several', () => {
    const tag = extraitTag('https://mesure.fr', SITE);
    expect(tag).toContain('src="https://mesure.fr/tag.js"');
    expect(tag).toContain('data-site="cle-publique"');
    expect(tag).toContain('window.frequent = window.frequent ||');
    expect(tag).not.toContain('data-plateforme');
    const plusieurs = extraitTag('https://mesure.fr', { ...SITE, plateformes: ['A', 'B'] });
    expect(plusieurs).toContain('data-plateforme="A"');
  });

  it('names the host of the SmartTag, with its port unless it is the usual one', () => {
    expect(domaineDeCollecte('https://mesure.fr')).toBe('mesure.fr');
    expect(domaineDeCollecte('http://127.0.0.1:8080')).toBe('127.0.0.1:8080');
  });

  it('sends an event of now that is valid JSON', () => {
    const maintenant = new Date('2026-11-20T08:01:30.250Z');
    const commande = extraitCurl('https://mesure.fr', 'ONE-OCC', maintenant);
    const corps = /-d '([^]*)'$/.exec(commande)?.[1] ?? '';
    expect(JSON.parse(corps)).toMatchObject({ ts: '2026-11-20T08:01:30Z', plateforme: 'ONE-OCC' });
    expect(commande).toContain('https://mesure.fr/v1/events');
  });

  it('asks for the receipt of yesterday, in UTC days', () => {
    const maintenant = new Date('2026-11-01T08:01:30Z');
    expect(extraitRecu('https://mesure.fr', maintenant)).toContain('/v1/recus/2026-10-31');
  });
});
