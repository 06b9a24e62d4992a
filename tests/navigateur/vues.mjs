// Every view of the console for each role: a real Chromium against the real server. Each view comes
// whole, asks the API for little, has no accessibility problem in light, in dark and on a phone, and
// never scrolls sideways; what it looks like is kept in the folder CAPTURES.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LANCEMENT,
  chromium,
  defautsAccessibilite,
  ouvrirPage,
  suivreUnLien,
} from './chromium.mjs';
import { CHIFFRES } from './vues/chiffres.mjs';
import { attendreLaPage, suivreLesDemandes } from './vues/demandes.mjs';
import { raconter } from './vues/recit.mjs';
import { iciDe, visitesDe } from './vues/visites.mjs';

const racine = process.env.FREQUENT_URL;
const motDePasse = process.env.FREQUENT_MOT_DE_PASSE;
const captures = process.env.CAPTURES;
const attendus = JSON.parse(process.env.ATTENDUS);

/** Most requests that a page makes to the API. */
const DEMANDES_MAX = 4;
/** Most bytes of compressed script that signing in and the first page load. */
const SCRIPTS_MAX = 200_000;
const BUREAU = { width: 1440, height: 900 };
const TELEPHONE = { width: 390, height: 844 };
const TEINTES = { light: 'clair', dark: 'sombre' };
const REGARDS = [
  [BUREAU, 'light'],
  [BUREAU, 'dark'],
  [TELEPHONE, 'light'],
];
/** What remains of a screen of 1 280 px at 400 %: WCAG 1.4.10. */
const ETROIT = { width: 320, height: 640 };

const navigateur = await chromium.launch(LANCEMENT);
const fautes = [];
/** The views whose figures were read. */
const compares = new Set();

try {
  await mkdir(captures, { recursive: true });
  for (const personne of attendus.personnes) await visiter(personne);
} finally {
  await navigateur.close();
}
assert.deepEqual(fautes, []);
assert.deepEqual([...compares].toSorted(), Object.keys(CHIFFRES).toSorted());

async function visiter(personne) {
  const messages = [];
  // The browser itself reports the 401 by which the console learns that nobody is signed in.
  const page = await ouvrirPage(navigateur, messages, /status of 401/);
  const demandes = suivreLesDemandes(page);
  await page.goto(racine);
  await page.getByLabel('Identifiant').fill(personne.identifiant);
  await page.getByLabel('Mot de passe', { exact: true }).fill(motDePasse);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: personne.titre }).waitFor();
  await attendreLaPage(page, demandes);
  const octets = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((somme, { encodedBodySize }) => somme + encodedBodySize, 0),
  );
  assert.ok(octets > 0 && octets <= SCRIPTS_MAX, `${octets} octets de scripts`);
  await raconter(page, personne, attendus);
  const menees = new Set();
  for (const vue of visitesDe(personne, attendus)) {
    await voir(page, demandes, personne, vue);
    for (const lien of await page.locator('a[href^="/"]').all()) {
      menees.add(cheminDe(await lien.getAttribute('href')));
    }
    for (const message of messages.splice(0)) fautes.push(`${vue.nom} : ${message}`);
  }
  for (const { adresse, nom } of visitesDe(personne, attendus)) {
    const chemin = cheminDe(adresse);
    if (!menees.has(chemin)) fautes.push(`${personne.identifiant}, ${nom} : aucun lien n’y mène`);
  }
  await revenirEtRepartir(page, demandes);
  await page.context().close();
}

/** The browser's own buttons lead to the view before, whole, and again to the last one. */
async function revenirEtRepartir(page, demandes) {
  const titre = () => page.getByRole('heading', { level: 1 }).first().innerText();
  await attendreLaPage(page, demandes);
  const [derniere, nom] = [page.url(), await titre()];
  await page.goBack();
  await attendreLaPage(page, demandes);
  assert.notEqual(page.url(), derniere);
  assert.notEqual(await titre(), nom);
  await page.goForward();
  await attendreLaPage(page, demandes);
  assert.deepEqual([page.url(), await titre()], [derniere, nom]);
}

/** Follows a link to the view, looks at it every way, and reads its figures. */
async function voir(page, demandes, { identifiant }, vue) {
  const ici = `${identifiant}, ${vue.nom}${vue.lieu ? `, ${vue.lieu}` : ''}`;
  await page.setViewportSize(BUREAU);
  demandes.faites.length = 0;
  await suivreUnLien(page, vue.adresse);
  await attendreLaPage(page, demandes);
  const faites = [...demandes.faites];
  if (faites.length > DEMANDES_MAX) fautes.push(`${ici} demande ${faites.join(', ')}`);
  for (const alerte of await page.getByRole('alert').allInnerTexts()) {
    if (alerte.trim() !== '') fautes.push(`${ici} : « ${alerte} »`);
  }
  await verifierLesChiffres(page, vue, ici);
  for (const [taille, colorScheme] of REGARDS) {
    await page.setViewportSize(taille);
    await page.emulateMedia({ colorScheme });
    await attendreLaPage(page, demandes);
    await montrerDuDoigt(page);
    await regarder(page, `${ici}, ${taille.width} px, ${TEINTES[colorScheme]}`);
  }
  await page.setViewportSize(ETROIT);
  await attendreLaPage(page, demandes);
  await deborder(page, `${ici}, ${ETROIT.width} px`);
}

async function verifierLesChiffres(page, vue, ici) {
  if (CHIFFRES[vue.nom] === undefined) return;
  try {
    await CHIFFRES[vue.nom](await iciDe(page, vue, attendus));
    compares.add(vue.nom);
  } catch (faute) {
    fautes.push(`${ici} : ${faute.message}`);
  }
}

function cheminDe(adresse) {
  return new URL(adresse, racine).pathname;
}

/** The pointer on a drawing makes it say more, which is to be accessible too. */
async function montrerDuDoigt(page) {
  const dessins = page.locator('figure svg[role="img"]');
  if ((await dessins.count()) > 0) await dessins.last().hover();
}

async function regarder(page, ici) {
  for (const { defaut } of await defautsAccessibilite(page)) fautes.push(`${ici} : ${defaut}`);
  await deborder(page, ici);
  const fichier = `${ici.replaceAll(/[ ,:]+/g, '-')}.png`;
  await page.screenshot({ path: join(captures, fichier), fullPage: true });
}

/** A page that is wider than its window scrolls sideways. */
async function deborder(page, ici) {
  const [large, fenetre] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  if (large > fenetre) fautes.push(`${ici} : ${large} px de large`);
}
