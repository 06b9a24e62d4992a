// An integrator's visit that tests/navigateur.rs starts: a real Chromium against the real server.
// She sees how her tags are received, why some events were refused, and what to paste; nothing of
// another platform. Fails at the first figure that differs from the API's, console message, request
// to another host, or accessibility problem.

import assert from 'node:assert/strict';
import {
  LANCEMENT,
  chiffre,
  chromium,
  defautsAccessibilite,
  entier,
  ouvrirPage,
  seConnecter,
  telechargerCsv,
} from './chromium.mjs';

const racine = process.env.FREQUENT_URL;
const attendus = JSON.parse(process.env.ATTENDUS);
const messages = [];

const navigateur = await chromium.launch(LANCEMENT);

try {
  const page = await arriver();
  await lireLesChiffres(page);
  await comprendreLesRefus(page);
  await trouverLesEcoles(page);
  await exporter(page);
  await verifierLAccessibilite(page);
  await integrer(page);
  await verifierLAccessibilite(page);
  await declarerUnIncident(page);
  await verifierLAccessibilite(page);
  await neVoirAucunTerritoire(page);
  assert.deepEqual(messages, [], 'la console du navigateur doit rester vide');
} finally {
  await navigateur.close();
}

async function arriver() {
  // The browser itself reports the refusals by which the console learns what it may not see.
  const page = await ouvrirPage(navigateur, messages, /status of 40[13]/);
  page.on('request', (requete) => {
    if (!requete.url().startsWith(racine)) messages.push(`requête ailleurs : ${requete.url()}`);
  });
  await seConnecter(page, 'Qualité du marquage');
  assert.equal(new URL(page.url()).pathname, '/qualite', 'sa page d’accueil est la qualité');
  assert.equal(await page.getByRole('combobox', { name: /école|territoire/ }).count(), 0);
  return page;
}

/** What the API answers, asked by the page itself. */
function demander(page, chemin) {
  return page.evaluate(async (adresse) => {
    const reponse = await fetch(adresse);
    return { statut: reponse.status, corps: await reponse.json() };
  }, `/api/v1/${chemin}`);
}

/** Of her platform alone; taken off, it can be put back. */
async function declarerUnIncident(page) {
  const lien = page.getByRole('banner').getByRole('link', { name: 'Incidents' });
  await lien.click();
  await page.getByText('Rien à signaler').waitFor();
  await page.getByRole('button', { name: 'Déclarer un incident' }).click();
  await page.getByLabel('En quelques mots').fill('Marqueurs coupés');
  assert.equal(await page.getByRole('radio', { name: /territoire|choisies|Toutes/ }).count(), 0);
  assert.equal(await page.getByRole('combobox', { name: 'Plateforme' }).inputValue(), attendus.plateforme);
  await verifierLAccessibilite(page);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const rangee = page.getByRole('row', { name: /Marqueurs coupés/ });
  await rangee.getByText(`plateforme ${attendus.plateforme}`).waitFor();
  await rangee.getByRole('button', { name: 'Retirer' }).click();
  await page.getByText('Rien à signaler').waitFor();
  await page.getByRole('button', { name: 'Annuler le retrait' }).click();
  await rangee.waitFor();
  const { corps } = await demander(page, 'incidents/declares');
  assert.deepEqual(
    corps.incidents.map(({ titre }) => titre),
    ['Marqueurs coupés'],
  );
}

async function lireLesChiffres(page) {
  const { corps } = await demander(page, 'qualite');
  assert.deepEqual(corps.plateformes, [attendus.plateforme]);
  const { recus, acceptes, refuses, sans_client } = corps.total;
  assert.deepEqual({ recus, acceptes, refuses }, attendus.total, 'l’API compte ce qui est parti');
  assert.equal(await chiffre(page, 'Événements reçus'), recus);
  assert.equal(await chiffre(page, 'Acceptés'), acceptes);
  assert.equal(await chiffre(page, 'Refusés'), refuses);
  assert.equal(
    await chiffre(page, 'Sans identifiant de navigateur'),
    Math.round((100 * sans_client) / acceptes),
  );
  const dernier = page.getByRole('article').filter({ hasText: 'Dernier événement reçu' });
  assert.match(await dernier.locator('.valeur').innerText(), /à l’instant|il y a \d/);

  const parJour = page.getByRole('region', { name: 'Réception jour par jour', exact: true });
  await parJour.getByRole('button', { name: 'Voir les données' }).click();
  const lignes = parJour.getByRole('table').locator('tbody tr');
  assert.equal(await lignes.count(), 7);
  const nombres = await lignes.locator('td:nth-child(2)').allInnerTexts();
  assert.equal(somme(nombres), recus, 'les jours font le total');

  const emetteurs = page.getByRole('region', { name: 'Par émetteur', exact: true });
  const recusParEmetteur = await emetteurs.locator('tbody td:nth-child(3)').allInnerTexts();
  assert.equal(somme(recusParEmetteur), recus, 'les émetteurs font le total');
}

function somme(textes) {
  return textes.map(entier).reduce((a, b) => a + b, 0);
}

async function comprendreLesRefus(page) {
  const refus = page.getByRole('region', { name: 'Ce qui est refusé, et pourquoi' });
  const service = refus.getByRole('article').filter({ hasText: 'plan de marquage' });
  await service.getByText('AGENDA_PARTAGE').waitFor();
  await service.getByText('À faire').waitFor();
  await refus.getByRole('heading', { name: /JSON valide/ }).waitFor();
  const texte = await page.locator('main').innerText();
  for (const etranger of attendus.etrangers) {
    assert.ok(!texte.includes(etranger), `« ${etranger} » n’est pas à elle`);
  }
}

async function trouverLesEcoles(page) {
  const ecoles = page.getByRole('region', { name: 'Par école', exact: true });
  await ecoles.getByText('inconnue de l’annuaire').waitFor();
  await ecoles.getByRole('searchbox').fill('boulou');
  await page.waitForURL(/recherche=boulou/);
  const ligne = ecoles.getByRole('row', { name: new RegExp(attendus.ecole) });
  await ligne.waitFor();
  const { corps } = await demander(page, `qualite/ecoles?recherche=${attendus.ecole}`);
  assert.equal(entier(await ligne.locator('td.chiffre').first().innerText()), corps.lignes[0].recus);
  await ecoles.getByRole('searchbox').fill('');
  await page.waitForURL((url) => !url.search.includes('recherche'));
  await ecoles.getByRole('button', { name: 'Refusés' }).click();
  await page.waitForURL(/tri=-refuses/);
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('tri'));
}

async function exporter(page) {
  const lien = page.getByRole('link', { name: 'Télécharger toutes les écoles (CSV)' });
  const { entete, lignes } = await telechargerCsv(page, lien);
  const recus = entete.indexOf('recus');
  const { corps } = await demander(page, 'qualite/ecoles');
  assert.equal(lignes.length, corps.nombre);
  assert.equal(
    somme(lignes.map((ligne) => ligne[recus])),
    corps.lignes.map((ligne) => ligne.recus).reduce((a, b) => a + b, 0),
  );
}

/** At the keyboard, from one page to the other, to the code to paste. */
async function integrer(page) {
  await page.getByRole('link', { name: 'Intégration', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Intégration' }).waitFor();
  const { corps } = await demander(page, 'integration');
  const [site] = corps.sites;
  assert.equal(corps.sites.length, 1);
  const code = page.getByRole('region', { name: /Code à coller/ });
  const texte = await code.innerText();
  assert.ok(texte.includes(`data-site="${site.cle_publique}"`), texte);
  assert.ok(texte.includes(`src="${racine}/tag.js"`), texte);
  const tag = await page.request.get(`${racine}/tag.js`);
  assert.equal(tag.status(), 200, 'l’adresse à coller répond');
  // The browser gives no access to the clipboard here: the code is selected, ready for Ctrl+C.
  await page.getByRole('button', { name: /Copier.*Code à coller/ }).click();
  await page.getByText(/Copié|Ctrl\+C/).first().waitFor();
  const tout = await page.locator('main').innerText();
  for (const etranger of attendus.etrangers) assert.ok(!tout.includes(etranger), etranger);
}

async function neVoirAucunTerritoire(page) {
  const { statut } = await demander(page, 'territoires/departement/066');
  assert.equal(statut, 403);
  await page.goto(`${racine}/territoires/departement/066`);
  await page.getByText('pas les chiffres des territoires').waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Qualité du marquage' }).click();
  await page.getByRole('heading', { level: 1, name: 'Qualité du marquage' }).waitFor();
}

async function verifierLAccessibilite(page) {
  assert.deepEqual(await defautsAccessibilite(page), [], 'aucun défaut d’accessibilité');
}
