// The adviser's visit that tests/navigateur.rs starts: a real Chromium against the real server.
// Fails at the first figure that differs, console message, or serious accessibility problem.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const paquets = createRequire(new URL('../../dashboards/package.json', import.meta.url));
const { chromium } = paquets('playwright-core');
const axe = await readFile(paquets.resolve('axe-core/axe.min.js'), 'utf8');

const racine = process.env.FREQUENT_URL;
const attendus = JSON.parse(process.env.ATTENDUS);
const messages = [];

const navigateur = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

try {
  const page = await ouvrirPage();
  await seConnecter(page);
  await trouverLEcole(page);
  await lireSesChiffres(page);
  await exporter(page);
  await verifierLAccessibilite(page);
  assert.deepEqual(messages, [], 'la console du navigateur doit rester vide');
} finally {
  await navigateur.close();
}

async function ouvrirPage() {
  const contexte = await navigateur.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    acceptDownloads: true,
  });
  const page = await contexte.newPage();
  page.on('console', (message) => {
    // The browser itself reports the 401 by which the console learns that nobody is signed in.
    if (!/status of 401/.test(message.text())) messages.push(message.text());
  });
  page.on('pageerror', (faute) => messages.push(String(faute.stack)));
  return page;
}

async function seConnecter(page) {
  await page.goto(racine);
  await page.getByLabel('Identifiant').fill(process.env.FREQUENT_COMPTE);
  await page.getByLabel('Mot de passe', { exact: true }).fill(process.env.FREQUENT_MOT_DE_PASSE);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /Céret/ }).waitFor();
}

/** By its name and town, at the keyboard only. */
async function trouverLEcole(page) {
  await page.getByRole('combobox').first().fill('elementaire boulou');
  await page.getByRole('option', { name: /Boulou/ }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/territoires\/ecole\//);
  const uai = new URL(page.url()).pathname.split('/').at(-1);
  assert.equal(uai, attendus.uai, 'la première réponse est l’école cherchée');
}

async function lireSesChiffres(page) {
  const adresse = `/territoires/ecole/${attendus.uai}?grain=semaine&debut=${attendus.lundi}&profil=`;
  await page.goto(`${racine}${adresse}TOUS`);
  assert.equal(await chiffre(page, 'Visites'), attendus.visites);
  assert.equal(await chiffre(page, 'Utilisateurs'), attendus.utilisateurs);
  const notes = page.getByRole('img', { name: /service/i }).or(page.getByText('Notes')).first();
  await notes.waitFor();
  await page.goto(`${racine}${adresse}ELEVE`);
  assert.equal(await chiffre(page, 'Visites'), attendus.visites_eleves);
  await page.goBack();
  assert.equal(await chiffre(page, 'Visites'), attendus.visites, 'le retour arrière rend la page');
}

/** The number under the title of a key figure. */
async function chiffre(page, nom) {
  const panneau = page.getByRole('article').filter({
    has: page.getByRole('heading', { level: 3, name: nom, exact: true }),
  });
  const texte = await panneau.locator('.valeur').innerText();
  return Number(texte.replace(/[^\d]/g, ''));
}

async function exporter(page) {
  const services = page.getByRole('region', { name: /Services/ });
  const [telechargement] = await Promise.all([
    page.waitForEvent('download'),
    services.getByRole('link', { name: /CSV/ }).click(),
  ]);
  const lignes = (await readFile(await telechargement.path(), 'utf8')).trim().split(/\r?\n/);
  const entete = lignes[0].replace('\ufeff', '').split(';');
  const [membre, visites, profil] = ['membre', 'visites', 'profil'].map((c) => entete.indexOf(c));
  const notes = lignes
    .map((ligne) => ligne.split(';'))
    .filter((c) => c[membre] === 'NOTES' && (profil < 0 || c[profil] === 'TOUS'));
  assert.equal(notes.length, 1, `une ligne pour NOTES dans ${lignes.length} lignes`);
  assert.equal(Number(notes[0][visites]), attendus.visites_notes);
}

async function verifierLAccessibilite(page) {
  // Through the protocol, so that the page's own security policy stays in force.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document).then((r) => JSON.stringify(r.violations
      .filter((v) => ['serious', 'critical'].includes(v.impact))
      .map((v) => v.id + ' : ' + v.nodes.map((n) => n.target.join(' ')).join(', '))))`,
    awaitPromise: true,
  });
  assert.deepEqual(JSON.parse(result.value), [], 'aucun défaut d’accessibilité sérieux');
}
