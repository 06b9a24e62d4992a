import { expect, it } from 'vitest';
import { changerLieu, lieuDe } from './lieu';

const MIENS = [
  { perimetre: 'ensemble:e1', nom: 'Écoles pilotes' },
  { perimetre: 'circonscription:0311105T', nom: 'Muret' },
];

it('takes the territory of the address, else the first that the account has', () => {
  const lire = (q: string) => lieuDe(new URLSearchParams(q), null, MIENS);
  expect(lire('niveau=commune&code=31395')).toEqual({ niveau: 'commune', code: '31395' });
  expect(lire('niveau=quartier&code=1')).toEqual({ niveau: 'circonscription', code: '0311105T' });
  expect(lieuDe(new URLSearchParams(''), null, MIENS.slice(0, 1))).toBeNull();
  const accueil = { niveau: 'departement', code: '031', nom: 'Haute-Garonne' } as const;
  expect(lieuDe(new URLSearchParams(''), accueil, MIENS)).toEqual({
    niveau: 'departement',
    code: '031',
  });
});

it('forgets the school and the action of the former territory', () => {
  const lieu = { niveau: 'commune', code: '31395' } as const;
  expect(changerLieu('niveau=departement&code=031&action=a1&genre=visite', lieu)).toBe(
    'niveau=commune&code=31395&genre=visite',
  );
});
