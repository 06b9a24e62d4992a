// The weekly series, drawn: one line for everyone and one for each profile, holidays shaded, the
// unfinished week dashed and hollow.

import * as Plot from '@observablehq/plot';
import type { Calendrier, Membre } from '../api/types';
import { ecart, enDate, plus, type Jour } from '../calendrier/jours';
import { jourCourt, moisSeul } from '../formats/dates';
import { court } from '../formats/nombres';
import { valeurSemaine, type Semaine } from '../figures/evolution';
import { estNombre, nombreOuZero } from '../figures/valeurs';
import { ecrireValeur } from '../phrases/blancs';
import { textes } from '../textes';
import { apparenceProfil } from './apparence';
import { abreger, ecarter } from './etiquettes';
import { nettoyer } from './nettoyer';
import type { Place } from './place';

export interface DonneesEvolution {
  semaines: Semaine[];
  /** The profiles to draw, everyone first. */
  profils: Membre[];
  vacances: Calendrier['vacances'];
  etendue: [Jour, Jour];
  choisie: { debut: Jour; fin: Jour } | null;
  profilChoisi: string;
}

const HAUTEURS = { ecran: 340, papier: 135 };
const MARGES = { haut: 26, bas: 24, gauche: 52 };
/** Narrower than this, lines are named by the legend only. */
const LARGEUR_ETIQUETTES = 720;
/** Room in pixels for the names at the ends of the lines. */
const PLACE_ETIQUETTES = 190;

export function traceEvolution(d: DonneesEvolution, place: Place): SVGSVGElement {
  const { largeur, support } = place;
  const hauteur = HAUTEURS[support];
  const avecEtiquettes = largeur >= LARGEUR_ETIQUETTES;
  const maximum = Math.max(
    1,
    ...d.semaines.flatMap((s) => d.profils.map(({ code }) => valeur(s, code) || 0)),
  );
  const svg = Plot.plot({
    width: largeur,
    height: hauteur,
    marginTop: MARGES.haut,
    marginBottom: MARGES.bas,
    marginLeft: MARGES.gauche,
    marginRight: avecEtiquettes ? margeEtiquettes(d, largeur) : 14,
    className: 'trace',
    style: { fontSize: support === 'papier' ? '10px' : '12.5px' },
    x: { type: 'utc', domain: d.etendue.map(enDate) },
    y: { domain: [0, maximum * 1.04] },
    marks: [
      ...fonds(d, largeur),
      Plot.axisY({ ticks: 5, tickSize: 0, tickFormat: court, label: null }),
      Plot.gridY({ ticks: 5, stroke: 'var(--trait)', strokeOpacity: 1 }),
      Plot.axisX({
        ticks: 'month',
        tickFormat: (date: Date) => moisSeul(date.toISOString().slice(0, 10)),
        label: null,
        stroke: 'var(--trait-fort)',
      }),
      Plot.ruleY([0], { stroke: 'var(--trait-fort)' }),
      ...masquees(d),
      ...d.profils.flatMap((profil) => ligne(d, profil)),
      ...(avecEtiquettes ? etiquettes(d, maximum * 1.04, hauteur) : []),
      ...pointeur(d),
    ],
  });
  return nettoyer(svg);
}

/** The names use the empty weeks to come; a finished year leaves them a margin. */
function margeEtiquettes(d: DonneesEvolution, largeur: number): number {
  const [debut, fin] = d.etendue;
  const aVenir = ecart(d.semaines.at(-1)?.debut ?? fin, fin) / ecart(debut, fin);
  return Math.max(14, Math.round(PLACE_ETIQUETTES - aVenir * (largeur - MARGES.gauche)));
}

/** The middle of a week: where its points are. */
function milieu(semaine: Semaine): Date {
  return new Date(enDate(semaine.debut).getTime() + 3.5 * 86_400_000);
}

/** Not a number where the figure is not shown: the line stops, and is no zero. */
function valeur(semaine: Semaine, profil: string): number {
  const v = valeurSemaine(semaine, profil);
  return estNombre(v) ? v : NaN;
}

/** The weeks where the profile looked at is masked, hatched from top to bottom. */
function masquees(d: DonneesEvolution): Plot.Markish[] {
  const bandes = d.semaines
    .filter((s) => valeurSemaine(s, d.profilChoisi) === 'masque')
    .map((s) => ({ x1: enDate(s.debut), x2: enDate(plus(s.debut, 7)) }));
  return [
    Plot.rectX(bandes, {
      x1: 'x1',
      x2: 'x2',
      insetLeft: 2,
      insetRight: 2,
      fill: 'url(#motif-masque)',
      fillOpacity: 0.6,
    }),
  ];
}

function fonds(d: DonneesEvolution, largeur: number): Plot.Markish[] {
  const [debut, fin] = d.etendue;
  const borner = (jour: Jour): Jour => (jour < debut ? debut : jour > fin ? fin : jour);
  const vacances = d.vacances
    .map((v) => ({
      ...v,
      du: borner(v.premier_jour),
      au: borner(plus(v.dernier_jour, 1)),
    }))
    .filter((v) => v.du < v.au);
  const marques: Plot.Markish[] = [
    Plot.rectX(vacances, {
      x1: (v) => enDate(v.du),
      x2: (v) => enDate(v.au),
      fill: 'url(#motif-vacances)',
    }),
  ];
  if (largeur >= 480) {
    marques.push(
      Plot.text(
        vacances.filter((v) => ecart(v.du, v.au) >= 5),
        {
          x: (v) => new Date((enDate(v.du).getTime() + enDate(v.au).getTime()) / 2),
          frameAnchor: 'top',
          dy: -14,
          text: (v) => nomCourt(v.nom),
          fill: 'var(--encre-douce)',
        },
      ),
    );
  }
  if (d.choisie !== null && d.choisie.fin >= debut && d.choisie.debut <= fin) {
    const bornes = {
      x1: enDate(borner(d.choisie.debut)),
      x2: enDate(borner(plus(d.choisie.fin, 1))),
    };
    marques.push(
      Plot.rectX([bornes], { x1: 'x1', x2: 'x2', fill: 'var(--accent)', fillOpacity: 0.1 }),
      Plot.ruleY([bornes], { y: 0, x1: 'x1', x2: 'x2', stroke: 'var(--accent)', strokeWidth: 8 }),
    );
  }
  return marques;
}

/** « Vacances de la Toussaint » → « Toussaint » */
function nomCourt(nom: string): string {
  const court = nom.replace(/^Vacances (de la |de |d['’])/u, '');
  return court.replace(/^./u, (lettre) => lettre.toUpperCase());
}

function ligne(d: DonneesEvolution, { code }: Membre): Plot.Markish[] {
  const { couleur, symbole } = apparenceProfil(code);
  const epaisseur = code === d.profilChoisi ? 3.5 : 1.75;
  const y = (s: Semaine) => valeur(s, code);
  const finies = d.semaines.filter((s) => !s.enCours);
  const derniers = d.semaines.slice(-2);
  const inachevee = derniers.at(-1)?.enCours ?? false;
  const trait = { x: milieu, y, stroke: couleur, strokeWidth: epaisseur };
  return [
    Plot.lineY(finies, trait),
    ...(inachevee ? [Plot.lineY(derniers, { ...trait, strokeDasharray: '3 4' })] : []),
    Plot.dot(
      d.semaines.filter((s) => estNombre(valeurSemaine(s, code))),
      {
        x: milieu,
        y,
        symbol: symbole,
        r: code === d.profilChoisi ? 4.5 : 3.5,
        stroke: couleur,
        strokeWidth: 1.75,
        fill: (s: Semaine) => (s.enCours ? 'var(--surface)' : couleur),
      },
    ),
  ];
}

function etiquettes(d: DonneesEvolution, maximum: number, total: number): Plot.Markish[] {
  // At the end of each line that goes on; the legend names the others.
  const lignes = d.profils.flatMap(({ code, libelle }) => {
    const fin = d.semaines.filter((s) => estNombre(valeurSemaine(s, code))).at(-1);
    return fin === undefined || fin !== d.semaines.at(-1) ? [] : [{ code, libelle, fin }];
  });
  const hauteur = total - MARGES.haut - MARGES.bas;
  const voulues = lignes.map(
    ({ code, fin }) => MARGES.haut + hauteur * (1 - valeur(fin, code) / maximum),
  );
  const places = ecarter(voulues, 17, total - MARGES.bas - 6);
  return lignes.map(({ code, libelle, fin }, rang) =>
    Plot.text([fin], {
      x: milieu,
      y: (s) => valeur(s, code),
      dx: 12,
      dy: (places[rang] ?? 0) - (voulues[rang] ?? 0),
      text: () => abreger(libelle, PLACE_ETIQUETTES),
      textAnchor: 'start',
      fill: apparenceProfil(code).couleur,
      fontWeight: code === d.profilChoisi ? 'bold' : 'normal',
      stroke: 'var(--surface)',
      strokeWidth: 4,
    }),
  );
}

/** What the pointer shows of a week; the data table says the same to everyone else. */
function pointeur(d: DonneesEvolution): Plot.Markish[] {
  const titre = (s: Semaine): string =>
    [
      `${jourCourt(s.debut)} – ${jourCourt(plus(s.debut, 6))}${s.enCours ? ` (${textes.evolution.semaineEnCours})` : ''}`,
      ...d.profils.map(
        ({ code, libelle }) =>
          `${abreger(libelle, PLACE_ETIQUETTES)}\u00a0: ${ecrireValeur(valeurSemaine(s, code))}`,
      ),
    ].join('\n');
  return [
    Plot.ruleX(d.semaines, Plot.pointerX({ x: milieu, stroke: 'var(--trait-fort)' })),
    Plot.tip(
      d.semaines,
      Plot.pointerX({
        x: milieu,
        y: (s: Semaine) => nombreOuZero(valeurSemaine(s, 'TOUS')),
        title: titre,
        fill: 'var(--surface)',
        stroke: 'var(--trait-fort)',
        fontSize: 13,
        lineHeight: 1.35,
      }),
    ),
  ];
}
