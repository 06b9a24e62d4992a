import { expect, it } from 'vitest';
import { brouillonVide, corpsDe, fautes, type Brouillon } from './brouillon';

const BON: Brouillon = {
  ...brouillonVide('2026-11-21'),
  autorite: '66024',
  autoriteNom: 'Le Boulou',
  fournisseur: 'Édifice',
  plateforme: 'ONE-OCC',
  prix: '45,5',
  siret: '216 600 247 00018',
  ecoles: [
    { uai: '0660713S', nom: 'La Suberaie', entree: '', sortie: '' },
    { uai: '0660714T', nom: 'Autre', entree: '2027-01-04', sortie: '2027-03-01' },
  ],
};

it('lasts to the end of the school year at first, and says all that it lacks', () => {
  const vide = brouillonVide('2026-11-21');
  expect([vide.debut, vide.fin]).toEqual(['2026-11-21', '2027-07-31']);
  expect(fautes(vide)).toHaveLength(4);
});

it('is written as the API takes it: schools enter with the convention unless they say when', () => {
  expect(fautes(BON)).toEqual([]);
  const corps = corpsDe(BON);
  expect([corps.siret, corps.prix]).toEqual(['21660024700018', '45,50']);
  expect(corps.ecoles).toEqual([
    { uai: '0660713S', entree: '2026-11-21', sortie: null },
    { uai: '0660714T', entree: '2027-01-04', sortie: '2027-03-01' },
  ]);
});

it('refuses days out of order and a price that is none', () => {
  expect(fautes({ ...BON, fin: '2026-01-01', prix: 'cher' })).toHaveLength(2);
});
