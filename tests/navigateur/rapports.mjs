// The administrator of tests/rapports.rs, in a real Chromium against the real server and a real mail
// server: she reads a report as its recipient would, programs it, sends it, and sees what failed.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { LANCEMENT, chromium, entier, ouvrirPage, seConnecter, verifierLAccessibilite } from './chromium.mjs';

const racine = process.env.FREQUENT_URL;
const { destinataire, courriel, lieu, lettre, comite, refuser } = JSON.parse(process.env.ATTENDUS);

const navigateur = await chromium.launch(LANCEMENT);
const messages = [];

try {
  const page = await ouvrirPage(navigateur, messages, /status of 401/);
  await seConnecter(page, 'France');
  await page.goto(`${racine}/rapports`);
  await page.getByRole('heading', { level: 1, name: 'Rapports' }).waitFor();
  await verifierLAccessibilite(page);
  await remplir(page);
  await verifierLAccessibilite(page);
  await lireLApercu(page, 'Lettre de la semaine', lettre);
  await lireLApercu(page, 'Rapport de comité de pilotage', comite);
  await programmer(page);
  await envoyer(page, 'Parti', 'Envoyé');
  await writeFile(refuser, '');
  await envoyer(page, 'Non envoyé', 'Échec');
  const ligne = page.getByRole('row').filter({ hasText: destinataire });
  const dit = await ligne.innerText();
  assert.match(dit, /boite pleine/, 'ce que le serveur de courriel a répondu');
  assert.match(dit, /Vérifiez l’adresse du destinataire/, 'ce qu’il faut faire');
  await verifierLAccessibilite(page);
  assert.deepEqual(messages, [], 'la console du navigateur doit rester vide');
} finally {
  await navigateur.close();
}

async function remplir(page) {
  await page.getByRole('button', { name: 'Nouveau rapport' }).click();
  const recherche = page.getByLabel(/Chercher une commune/);
  await recherche.fill(lieu);
  const trouves = page.getByRole('option').filter({ hasText: 'Circonscription' });
  await trouves.filter({ hasText: lieu }).first().click();
  await page.getByText(new RegExp(`Territoire choisi.*${lieu}`)).waitFor();
  await page.getByLabel('Pour qui ?').selectOption({ label: destinataire });
}

/** The figures of the preview are the API's for its recipient, and it says whose rights made it. */
async function lireLApercu(page, modele, { semestre, visites, utilisateurs, titre }) {
  await page.getByLabel(modele).check();
  if (semestre) await page.getByLabel('Semestre de l’aperçu').selectOption(semestre);
  const [apercu] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /Lire l’aperçu/ }).click(),
  ]);
  await apercu.getByRole('heading', { level: 1, name: modele }).waitFor();
  const lu = espacer(await apercu.title());
  assert.ok(lu.includes(espacer(titre)), lu);
  const tous = apercu.getByRole('row', { name: /^Tous les profils/ });
  const cellules = await tous.getByRole('cell').allInnerTexts();
  assert.deepEqual([entier(cellules[0]), entier(cellules[2])], [visites, utilisateurs], modele);
  assert.match(await apercu.locator('footer').innerText(), new RegExp(`droits de ${destinataire}`));
  await verifierLAccessibilite(apercu);
  await apercu.close();
}

/** Without the difference between spaces. */
function espacer(texte) {
  return texte.replace(/\s/g, ' ');
}

async function programmer(page) {
  await page.getByLabel('Lettre de la semaine').check();
  await page.getByLabel('Adresse de courriel').fill(courriel);
  await page.getByRole('button', { name: 'Programmer l’envoi' }).click();
  await page.getByText('C’est programmé').waitFor();
  await page.getByRole('row').filter({ hasText: destinataire }).getByText('jamais').waitFor();
}

async function envoyer(page, annonce, etat) {
  await page.getByRole('button', { name: /^Envoyer maintenant/ }).click();
  await page.getByRole('status').filter({ hasText: annonce }).waitFor();
  const ligne = page.getByRole('row').filter({ hasText: destinataire });
  await ligne.getByText(etat, { exact: true }).waitFor();
}
