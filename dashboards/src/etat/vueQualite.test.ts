import { describe, expect, it } from 'vitest';
import { ecrire, lire, type Adresse } from './adresse';
import { VUE_QUALITE_INITIALE } from './vueQualite';

function relire(href: string): Adresse {
  const url = new URL(href, 'http://console');
  return lire(url.pathname, url.search);
}

describe('the address of tagging quality', () => {
  it('holds the whole view: what is written is read back', () => {
    const page: Adresse = {
      page: 'qualite',
      vue: {
        plateforme: 'ONE & OCC',
        du: '2026-11-01',
        au: '2026-11-20',
        tri: 'nom',
        decroissant: false,
        page: 3,
        recherche: 'jean jaurès',
        inconnues: true,
      },
    };
    expect(relire(ecrire(page))).toEqual(page);
  });

  it('is short at the start', () => {
    expect(ecrire({ page: 'qualite', vue: VUE_QUALITE_INITIALE })).toBe('/qualite');
    expect(relire('/qualite')).toEqual({ page: 'qualite', vue: VUE_QUALITE_INITIALE });
    expect(relire('/integration')).toEqual({ page: 'integration' });
  });

  it('takes initial values for what it does not understand', () => {
    const page = relire('/qualite?du=2026-11-20&au=2026-11-01&tri=couleur&page=-1&inconnues=1');
    expect(page).toEqual({ page: 'qualite', vue: VUE_QUALITE_INITIALE });
    expect(relire('/qualite/ailleurs')).toEqual({ page: 'inconnue' });
  });
});
