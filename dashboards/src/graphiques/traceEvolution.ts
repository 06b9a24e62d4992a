// A series, drawn: one line for everyone and one for each profile, or the profiles stacked; holidays
// shaded, incidents and breaks marked, the unfinished week or month dashed and hollow.

import * as Plot from '@observablehq/plot';
import type { Calendrier, Membre } from '../api/types';
import { ecart, enDate, plus, type Jour } from '../calendrier/jours';
import { jourCourt, moisSeul } from '../formats/dates';
import { court } from '../formats/nombres';
import { valeurSemaine, type Semaine } from '../figures/evolution';
import { estNombre, nombreOuZero } from '../figures/valeurs';
import { ecrireValeur } from '../phrases/blancs';
import { nomCourtVacances } from '../phrases/vacances';
import { textesEvolution } from '../textesEvolution';
import { apparenceProfil, motifProfil } from './apparence';
import { abreger, ecarter } from './etiquettes';
import { nettoyer } from './nettoyer';
import { sansNom } from './nommer';
import type { Place } from './place';

export interface DonneesEvolution {
  semaines: Semaine[];
  /** The profiles to draw, everyone first. */
  profils: Membre[];
  vacances: Calendrier['vacances'];
  etendue: [Jour, Jour];
  choisie: { debut: Jour; fin: Jour } | null;
  profilChoisi: string;
  /** The profiles one upon another, everyone being their sum. */
  empile: boolean;
  marques: MarqueEvolution[];
}

/** What happened on some days, by the number that the list below the drawing explains. */
export interface MarqueEvolution {
  numero: number;
  nature: 'incident' | 'rupture';
  du: Jour;
  au: Jour;
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
    marginRight: avecEtiquettes && !d.empile ? margeEtiquettes(d, largeur) : 14,
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
      ...(d.empile ? empiles(d) : d.profils.flatMap((profil) => ligne(d, profil))),
      ...marques(d),
      ...(avecEtiquettes && !d.empile ? etiquettes(d, maximum * 1.04, hauteur) : []),
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

/** The middle of a week or of a month: where its points are. */
function milieu(semaine: Semaine): Date {
  const [debut, fin] = [enDate(semaine.debut), enDate(plus(semaine.fin, 1))];
  return new Date((debut.getTime() + fin.getTime()) / 2);
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
    .map((s) => ({ x1: enDate(s.debut), x2: enDate(plus(s.fin, 1)) }));
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
          text: (v) => nomCourtVacances(v.nom),
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

/** Every profile but everyone, one upon another, each with a pattern of its own. */
function empiles(d: DonneesEvolution): Plot.Markish[] {
  const parts = d.semaines.flatMap((semaine) => {
    let bas = 0;
    return d.profils
      .filter(({ code }) => code !== 'TOUS')
      .map(({ code }) => {
        const de = bas;
        bas += nombreOuZero(valeurSemaine(semaine, code));
        return { semaine, code, de, a: bas };
      });
  });
  return [
    Plot.rect(parts, {
      x1: (p: (typeof parts)[number]) => enDate(p.semaine.debut),
      x2: (p: (typeof parts)[number]) => enDate(plus(p.semaine.fin, 1)),
      y1: 'de',
      y2: 'a',
      insetLeft: 1.5,
      insetRight: 1.5,
      fill: (p: (typeof parts)[number]) => motifProfil(p.code),
      stroke: (p: (typeof parts)[number]) => apparenceProfil(p.code).couleur,
      strokeWidth: 0.75,
      fillOpacity: (p: (typeof parts)[number]) => (p.semaine.enCours ? 0.5 : 1),
    }),
  ];
}

/** A band for days not fed, a line for a change of method, each with its number at the top. */
function marques(d: DonneesEvolution): Plot.Markish[] {
  const [debut, fin] = d.etendue;
  const visibles = d.marques
    .filter((m) => m.au >= debut && m.du <= fin)
    .map((m) => ({
      ...m,
      x1: enDate(m.du < debut ? debut : m.du),
      x2: enDate(m.au > fin ? fin : plus(m.au, 1)),
    }));
  const incidents = visibles.filter((m) => m.nature === 'incident');
  const ruptures = visibles.filter((m) => m.nature === 'rupture');
  const x = (m: (typeof visibles)[number]) =>
    m.nature === 'incident' ? new Date((m.x1.getTime() + m.x2.getTime()) / 2) : m.x1;
  return [
    Plot.rectX(incidents, { x1: 'x1', x2: 'x2', fill: 'url(#motif-refus)', fillOpacity: 0.45 }),
    Plot.ruleX(ruptures, {
      x: 'x1',
      stroke: 'var(--alerte)',
      strokeWidth: 2,
      strokeDasharray: '6 4',
    }),
    Plot.dot(visibles, {
      x,
      frameAnchor: 'top',
      dy: 8,
      r: 9,
      fill: 'var(--surface)',
      stroke: 'var(--alerte)',
      strokeWidth: 2,
    }),
    Plot.text(visibles, {
      x,
      frameAnchor: 'top',
      dy: 3,
      text: (m: (typeof visibles)[number]) => String(m.numero),
      fontWeight: 'bold',
      fill: 'var(--alerte)',
    }),
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
      `${jourCourt(s.debut)} – ${jourCourt(s.fin)}${s.enCours ? ` (${textesEvolution.enCours})` : ''}`,
      ...d.profils.map(
        ({ code, libelle }) =>
          `${abreger(libelle, PLACE_ETIQUETTES)}\u00a0: ${ecrireValeur(valeurSemaine(s, code))}`,
      ),
    ].join('\n');
  return [
    Plot.ruleX(
      d.semaines,
      Plot.pointerX({ x: milieu, stroke: 'var(--trait-fort)', render: sansNom }),
    ),
    Plot.tip(
      d.semaines,
      Plot.pointerX({
        render: sansNom,
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
