import { readFileSync } from 'node:fs';
import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import { textes } from '../textes';
import { BILAN, textesAccessibilite } from '../textesAccessibilite';
import PageAccessibilite from './PageAccessibilite.svelte';

afterEach(cleanup);

const GRILLE = readFileSync('../docs/accessibilite.md', 'utf8');
const resultats = [...GRILLE.matchAll(/^\| (\d+\.\d+) .*?\| (C|NC|NA) \|/gm)].map(
  ([, critere, resultat]) => ({ critere, resultat }),
);
const compter = (voulu: string) => resultats.filter(({ resultat }) => resultat === voulu).length;

it('declares what the grid of the 106 criteria says', () => {
  expect(new Set(resultats.map(({ critere }) => critere)).size).toBe(106);
  expect(resultats).toHaveLength(106);
  expect(BILAN).toEqual({
    conformes: compter('C'),
    nonConformes: compter('NC'),
    nonApplicables: compter('NA'),
  });
});

it('names every criterion that is not met, and says the rate without rounding it up', () => {
  render(PageAccessibilite);
  const page = document.body.textContent;
  for (const { critere } of resultats.filter(({ resultat }) => resultat === 'NC')) {
    expect(page).toContain(`critère ${critere ?? ''}`);
  }
  const taux = (100 * BILAN.conformes) / (BILAN.conformes + BILAN.nonConformes);
  const [dit = ''] = /[\d,]+(?=\s%)/.exec(textesAccessibilite.resultats.texte) ?? [];
  const annonce = Number(dit.replace(',', '.'));
  expect(annonce).toBeLessThanOrEqual(taux);
  expect(annonce).toBeGreaterThan(taux - 0.1);
});

it('calls the console partly conforming as long as a criterion is not met', () => {
  render(PageAccessibilite);
  screen.getByText(/est partiellement conforme/);
  expect(BILAN.nonConformes).toBeGreaterThan(0);
  expect(textes.cadre.accessibilite).toBe(typographieDe('Accessibilité : partiellement conforme'));
});

/** With the no-break space of French typography. */
function typographieDe(texte: string): string {
  return texte.replace(' :', '\u00a0:');
}
