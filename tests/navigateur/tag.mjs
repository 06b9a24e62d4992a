// The visit that tests/marqueurs.rs starts: pages of an ENT that carry our tag, on another origin
// than the collection, in a real Chromium. Fails at the first thing sent that should not be, or
// missing that should. Prints, as JSON, what the server must now have counted once each.

import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LANCEMENT, chromium } from './chromium.mjs';

const ent = process.env.ENT_URL;
const ailleurs = process.env.AILLEURS_URL;
const acces = [];

const navigateur = await chromium.launch(LANCEMENT);

try {
  await naviguer();
  await sansBalise();
  await reessayer();
  await refuser('/refus');
  await refuser('/refus-page');
  await refuserParAppel();
  await refuser('/portail', () => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
  });
  await nePasPister();
  await venirDAilleurs();
} finally {
  await navigateur.close();
}
console.log(JSON.stringify(acces));

/** A page in a browser of its own, and what it sends to the collection. */
async function ouvrir(contexte) {
  const page = await contexte.newPage();
  const envois = [];
  const fautes = [];
  page.on('pageerror', (faute) => fautes.push(String(faute)));
  page.on('request', (requete) => {
    if (!requete.url().includes('/v1/collect')) return;
    envois.push({
      moyen: requete.resourceType(),
      evenement: JSON.parse(requete.postData()),
      statut: requete.response().then((reponse) => reponse?.status()),
    });
  });
  return { page, envois, fautes };
}

async function nouvelle(preparer) {
  const contexte = await navigateur.newContext();
  if (preparer) await contexte.addInitScript(preparer);
  return { contexte, ...(await ouvrir(contexte)) };
}

/** Waits for this many events, checks that no more came and that all were taken. */
async function recus(visite, nombre) {
  const limite = Date.now() + 20_000;
  while (visite.envois.length < nombre && Date.now() < limite) await visite.page.waitForTimeout(20);
  const services = visite.envois.map((envoi) => envoi.evenement.service);
  assert.equal(visite.envois.length, nombre, `envoyés : ${services}`);
  for (const envoi of visite.envois) assert.equal(await envoi.statut, 202);
  assert.deepEqual(visite.fautes, []);
  return visite.envois.map((envoi) => envoi.evenement);
}

function compter(evenements) {
  acces.push(...evenements.map(({ service, type, outil }) => ({ service, type, outil })));
}

/** A visit of a single-page portal, from one service to the next and back. */
async function naviguer() {
  const visite = await nouvelle();
  const { page, contexte, envois } = visite;
  await page.goto(`${ent}/portail`);
  await recus(visite, 1);
  await page.getByRole('button', { name: 'Cahier' }).click();
  await recus(visite, 2);
  await page.getByRole('button', { name: 'Filtrer' }).click();
  await page.getByRole('button', { name: 'Notes' }).click();
  await recus(visite, 3);
  await page.goBack();
  await recus(visite, 4);
  await page.getByRole('link', { name: 'Messages' }).click();
  await recus(visite, 5);
  await page.getByRole('button', { name: 'Outil' }).click();
  const evenements = await recus(visite, 6);
  const services = evenements.map((evenement) => evenement.service);
  assert.deepEqual(services, [
    'ACCUEIL',
    'CAHIER_TEXTES',
    'NOTES',
    'CAHIER_TEXTES',
    'COURRIER_ELECTRONIQUE',
    'NOTES',
  ]);
  assert.equal(new Set(evenements.map((evenement) => evenement.id)).size, 6);
  assert.ok(envois.every((envoi) => envoi.moyen === 'ping'), 'par sendBeacon');
  // Nothing of the page but what it declares.
  assert.deepEqual(Object.keys(evenements[0]).sort(), ['id', 'profil', 'service', 'uai', 'visiteur']);
  await rienGarder(contexte, page);
  compter(evenements);
  await contexte.close();
}

async function rienGarder(contexte, page) {
  assert.deepEqual(await contexte.cookies(), []);
  const garde = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
    document.cookie,
  ]);
  assert.deepEqual(garde, [0, 0, 0, '']);
}

/** Where sendBeacon is missing, fetch sends the same. */
async function sansBalise() {
  const visite = await nouvelle(() => {
    Object.defineProperty(navigator, 'sendBeacon', { value: undefined });
  });
  await visite.page.goto(`${ent}/seul`);
  const evenements = await recus(visite, 1);
  assert.equal(visite.envois[0].moyen, 'fetch');
  compter(evenements);
  await rienGarder(visite.contexte, visite.page);
  await visite.contexte.close();
}

/** An answer lost on its way makes the tag send again: the server has the event twice. */
async function reessayer() {
  const visite = await nouvelle(() => {
    Object.defineProperty(navigator, 'sendBeacon', { value: undefined });
  });
  const { page, contexte, envois } = visite;
  await page.clock.install();
  let perdue = false;
  await page.route('**/v1/collect*', async (route) => {
    const reponse = await route.fetch();
    if (perdue) return route.fulfill({ response: reponse });
    perdue = true;
    return route.fulfill({ response: reponse, status: 503 });
  });
  await page.goto(`${ent}/seul`);
  const limite = Date.now() + 20_000;
  while (envois.length < 2 && Date.now() < limite) await page.clock.runFor(1_000);
  assert.equal(envois.length, 2);
  assert.deepEqual(envois[1].evenement, envois[0].evenement);
  assert.equal(await envois[1].statut, 202);
  compter([envois[0].evenement]);
  await contexte.close();
}

/** A page or a browser that refuses sends nothing, whatever is done. */
async function refuser(chemin, preparer) {
  const visite = await nouvelle(preparer);
  await toutFaire(visite, chemin);
  assert.deepEqual(visite.envois, [], chemin);
  await visite.contexte.close();
}

async function toutFaire({ page, fautes }, chemin) {
  await page.goto(`${ent}${chemin}`);
  await page.waitForFunction(() => window.frequent.pret);
  for (const nom of ['Cahier', 'Notes', 'Outil']) await page.getByRole('button', { name: nom }).click();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(fautes, []);
}

async function refuserParAppel() {
  const visite = await nouvelle();
  await visite.page.goto(`${ent}/portail`);
  compter(await recus(visite, 1));
  await visite.page.evaluate(() => window.frequent('refus'));
  await visite.page.getByRole('button', { name: 'Notes' }).click();
  await visite.page.getByRole('button', { name: 'Outil' }).click();
  await visite.page.waitForLoadState('networkidle');
  assert.equal(visite.envois.length, 1);
  await visite.contexte.close();
}

/** The browser's own setting, as a person turns it on. */
async function nePasPister() {
  const profil = await mkdtemp(join(tmpdir(), 'frequent-dnt-'));
  await mkdir(join(profil, 'Default'));
  await writeFile(join(profil, 'Default', 'Preferences'), '{"enable_do_not_track":true}');
  const contexte = await chromium.launchPersistentContext(profil, LANCEMENT);
  const visite = await ouvrir(contexte);
  await toutFaire(visite, '/portail');
  assert.equal(await visite.page.evaluate(() => navigator.doNotTrack), '1');
  assert.deepEqual(visite.envois, []);
  await contexte.close();
  await rm(profil, { recursive: true, force: true });
}

/** The same page copied to another site is turned away. */
async function venirDAilleurs() {
  const visite = await nouvelle();
  await visite.page.goto(`${ailleurs}/portail`);
  const limite = Date.now() + 20_000;
  while (visite.envois.length < 1 && Date.now() < limite) await visite.page.waitForTimeout(20);
  assert.equal(await visite.envois[0].statut, 403);
  await visite.contexte.close();
}
