import { describe, expect, it } from 'vitest';
import { demander, type DroitsSaisis } from './droits';

const SAISIS: DroitsSaisis = {
  nom: ' Claire Durand ',
  role: 'conseiller',
  portees: [{ perimetre: 'circonscription:0310001A', nom: 'Muret' }],
  plateformes: '',
};

describe('the rights asked for an account', () => {
  it('are its name, its role and what it sees', () => {
    expect(demander(SAISIS)).toEqual({
      nom: 'Claire Durand',
      role: 'conseiller',
      perimetres: ['circonscription:0310001A'],
      plateformes: [],
    });
  });

  it('of a provider are its platforms, one a line, and no territory', () => {
    const editeur = {
      ...SAISIS,
      role: 'fournisseur',
      plateformes: 'ONE-OCC\n\n ONE-NEUF ',
    } as const;
    expect(demander(editeur)).toMatchObject({
      perimetres: [],
      plateformes: ['ONE-OCC', 'ONE-NEUF'],
    });
    expect(demander({ ...SAISIS, role: 'fournisseur' })).toBeNull();
  });

  it('are none while something lacks', () => {
    expect(demander({ ...SAISIS, nom: ' ' })).toBeNull();
    expect(demander({ ...SAISIS, portees: [] })).toBeNull();
  });
});
