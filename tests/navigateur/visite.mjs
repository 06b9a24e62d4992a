// The adviser's visit that tests/navigateur.rs starts: a real Chromium against the real server.
// Fails at the first figure that differs, console message, or serious accessibility problem.

import assert from 'node:assert/strict';
import {
  LANCEMENT,
  chiffre,
  chromium,
  ouvrirPage,
  seConnecter,
  telechargerCsv,
  verifierLAccessibilite,
} from './chromium.mjs';

const racine = process.env.FREQUENT_URL;
const attendus = JSON.parse(process.env.ATTENDUS);
const messages = [];

const navigateur = await chromium.launch(LANCEMENT);

try {
  // The browser itself reports the 401 by which the console learns that nobody is signed in.
  const page = await ouvrirPage(navigateur, messages, /status of 401/);
  await seConnecter(page, /Céret/);
  await trouverLEcole(page);
  await lireSesChiffres(page);
  await exporter(page);
  await verifierLAccessibilite(page);
  assert.deepEqual(messages, [], 'la console du navigateur doit rester vide');
} finally {
  await navigateur.close();
}

/** By its name and town, at the keyboard only. */
async function trouverLEcole(page) {
  await page.getByRole('combobox').first().fill('elementaire boulou');
  await page
    .getByRole('option', { name: /Boulou/ })
    .first()
    .waitFor();
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
  await page.goto(`${racine}${adresse}ELEVE`);
  assert.equal(await chiffre(page, 'Visites'), attendus.visites_eleves);
  await page.goBack();
  assert.equal(await chiffre(page, 'Visites'), attendus.visites, 'le retour arrière rend la page');
}

async function exporter(page) {
  await page.getByRole('link', { name: 'Services', exact: true }).click();
  await page.getByRole('rowheader', { name: 'Notes' }).first().waitFor();
  const services = page.getByRole('region', {
    name: 'Services par profil',
    exact: true,
  });
  const lien = services.getByRole('link', { name: /CSV/ });
  const { entete, lignes } = await telechargerCsv(page, lien);
  const [membre, visites, profil, debut] = ['membre', 'visites', 'profil', 'debut'].map((c) =>
    entete.indexOf(c),
  );
  const notes = lignes.filter(
    (c) => c[membre] === 'NOTES' && c[profil] === 'TOUS' && c[debut] === attendus.lundi,
  );
  assert.equal(notes.length, 1, `une ligne pour NOTES dans ${lignes.length} lignes`);
  assert.equal(Number(notes[0][visites]), attendus.visites_notes);
}
