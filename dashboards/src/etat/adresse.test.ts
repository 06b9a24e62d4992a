import { describe, expect, it } from 'vitest';
import { adresseDe, ecrire, lire, VUE_INITIALE, type Adresse } from './adresse';

function relire(href: string): Adresse {
  const url = new URL(href, 'http://console');
  return lire(url.pathname, url.search);
}

const PAGE: Adresse = {
  page: 'territoire',
  niveau: 'circonscription',
  code: '031 Muret & Sud',
  section: 'ecoles',
  vue: {
    grain: 'mois',
    debut: '2026-11-01',
    profil: 'ADMIN_VIE_SCOL_TECH',
    mesure: 'utilisateurs',
    enfants: 'ecole',
    tri: 'nom',
    decroissant: false,
    filtre: 'jean jaurès',
    sansVisite: true,
    options: { etat: 'active', colonnes: 'visites,duree' },
  },
};

describe('the address', () => {
  it('holds the whole state: what is written is read back', () => {
    expect(relire(ecrire(PAGE))).toEqual(PAGE);
    expect(relire(ecrire({ page: 'choix' }))).toEqual({ page: 'choix' });
    expect(relire('/')).toEqual({ page: 'accueil' });
  });

  it('names each view of a territory, the first by the territory alone', () => {
    const services = adresseDe('departement', '031', VUE_INITIALE, 'services');
    expect(services).toBe('/territoires/departement/031/services?grain=semaine&profil=TOUS');
    expect(relire(services)).toMatchObject({ section: 'services' });
    expect(relire('/territoires/departement/031')).toMatchObject({ section: 'accueil' });
    expect(relire('/territoires/departement/031/ailleurs')).toEqual({ page: 'inconnue' });
  });

  it('of a comparison keeps what is compared', () => {
    const q = 'lieux=departement%3A031%2Cecole%3A0310001A&grain=mois';
    expect(relire(ecrire({ page: 'comparer', q }))).toEqual({ page: 'comparer', q });
  });

  it('keeps the sort by a descending column', () => {
    const page = { ...PAGE, vue: { ...PAGE.vue, tri: 'duree' as const, decroissant: true } };
    expect(ecrire(page)).toContain('tri=-duree');
    expect(relire(ecrire(page))).toEqual(page);
  });

  it('leaves out what is as it was at the start', () => {
    expect(adresseDe('departement', '031', { ...VUE_INITIALE, debut: '2026-11-16' })).toBe(
      '/territoires/departement/031?grain=semaine&debut=2026-11-16&profil=TOUS',
    );
  });

  it('of another territory keeps the period and the profile, not the filter of the table', () => {
    const ailleurs = relire(adresseDe('ecole', '0310001A', PAGE.vue));
    expect(ailleurs).toMatchObject({
      code: '0310001A',
      vue: { grain: 'mois', debut: '2026-11-01', profil: 'ADMIN_VIE_SCOL_TECH', filtre: '' },
    });
  });

  it('takes initial values for what it does not understand', () => {
    const page = relire('/territoires/ecole/0310001A?grain=siecle&debut=hier&profil=%3Cb%3E&tri=x');
    expect(page).toMatchObject({ vue: VUE_INITIALE });
  });

  it('is unknown when it names no level, no code, or too much', () => {
    for (const href of [
      '/ailleurs',
      '/territoires/quartier/1',
      '/territoires/ecole',
      '/territoires/ecole/1/2',
      '/territoires/ecole/%E0%A4%A',
    ]) {
      expect(relire(href)).toEqual({ page: 'inconnue' });
    }
  });
});

it('reads an invitation in the path or behind the hash', () => {
  const attendue = { page: 'invitation', jeton: 'abc-1' };
  expect(lire('/invitation/abc-1', '')).toEqual(attendue);
  expect(lire('/', '', '#/invitation/abc-1')).toEqual(attendue);
});

it('reads and writes the pages where one manages something', () => {
  for (const href of [
    '/compte',
    '/tournee?niveau=circonscription&code=0311105T',
    '/suivi?niveau=departement&code=031&genre=visite',
    '/conventions?etat=en_vigueur&tri=-fin',
    '/conventions/boulou-2026',
    '/conventions/boulou-2026/modifier',
    '/conventions/nouvelle',
    '/conventions/import',
    '/deploiement/departement/031?etat=active',
    '/ensembles/e1?du=2026-09-01&au=2026-10-15',
    '/administration/journal?acteur=claire',
  ]) {
    const [chemin = '', recherche = ''] = href.split('?');
    expect(ecrire(lire(chemin, recherche))).toBe(href);
  }
  expect(lire('/administration/autre', '')).toEqual({ page: 'inconnue' });
});
