// One adviser's way through the console, in a real browser: sign in, find a school by typing, read,
// go back, lose the session and come back to the same place.
//
//   npm run build && node tests/parcours.mjs                 against the fixture

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { ECOLES } from './fixture/territoires.mjs';
import { demarrer } from './serveur.mjs';

const racine = await demarrer(0);
const navigateur = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = await navigateur.newPage({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
/** @type {string[]} */
const fautes = [];
page.on('pageerror', (faute) => fautes.push(faute.message));
page.on('console', (m) => {
  if (m.type() !== 'log' && !m.text().includes('status of 401')) fautes.push(m.text());
});
page.on('request', (r) => {
  if (!r.url().startsWith(racine)) fautes.push(`requête ailleurs : ${r.url()}`);
});

async function seConnecter() {
  await page.getByLabel('Identifiant').fill('demo');
  await page.getByLabel('Mot de passe', { exact: true }).fill('demo');
  await page.keyboard.press('Enter');
}

/** @param {string} nom */
const titre = (nom) => page.getByRole('heading', { level: 1, name: nom }).waitFor();
const adresse = () => decodeURIComponent(page.url().slice(racine.length));

// The address asked for is reached once signed in.
const circonscription = ECOLES[0]?.ancetres.find((r) => r.niveau === 'circonscription');
const demandee = `/territoires/circonscription/${circonscription?.code}?grain=semaine&debut=2026-11-09&profil=TOUS`;
await page.goto(racine + demandee);
await seConnecter();
await titre(circonscription?.nom ?? '');
assert.equal(adresse(), demandee);

// The home page is one's own territory, at the last period measured.
await page.goto(racine);
await titre('Haute-Garonne');
await page.waitForURL(/debut=2026-11-16/);
assert.equal(adresse(), '/territoires/departement/031?grain=semaine&debut=2026-11-16&profil=TOUS');

// A school by its name, with the keyboard only.
await page.getByRole('combobox', { name: 'Chercher une école' }).fill('prevert colomiers');
const nom = await page.getByRole('option').first().locator('.nom').innerText();
assert.match(nom, /Jacques Prévert/);
await page.keyboard.press('Enter');
await titre(nom);
assert.match(
  adresse(),
  /^\/territoires\/ecole\/\w{8}\?grain=semaine&debut=2026-11-16&profil=TOUS$/,
);
assert.equal(await page.evaluate(() => document.activeElement?.id), 'contenu');

// Period and profile are in the address; back and forward work.
await page.getByRole('button', { name: 'Semaine précédente' }).click();
assert.match(adresse(), /debut=2026-11-09/);
await page.getByRole('combobox', { name: 'Profil' }).selectOption('PARENT');
await page.getByRole('radio', { name: 'Mois' }).check({ force: true });
assert.match(adresse(), /grain=mois&debut=2026-11-01&profil=PARENT/);
await page.goBack();
await page.goBack();
assert.match(adresse(), /grain=semaine&debut=2026-11-09&profil=TOUS/);
await page.goForward();
await page.goForward();
assert.match(adresse(), /grain=mois&debut=2026-11-01&profil=PARENT/);

// Each view has its address; the data behind it and its definition are one click away.
await page.getByRole('link', { name: 'Services', exact: true }).click();
assert.match(adresse(), /\/services\?grain=mois&debut=2026-11-01&profil=PARENT/);
assert.equal(
  await page
    .getByRole('navigation', { name: 'Vues de ce territoire' })
    .locator('[aria-current=page]')
    .innerText(),
  'Services',
);
const services = page.getByRole('region', { name: 'Services par thème', exact: true });
await services.waitFor();
assert.equal(await services.getByRole('table').locator('tbody tr:not(.theme)').count(), 25);
await services.getByRole('button', { name: 'Définition' }).click();
await services.getByText('les lignes ne s’additionnent pas').waitFor();
await page.getByRole('link', { name: 'Évolution', exact: true }).click();
const evolution = page.getByRole('region', { name: /^Évolution par semaine/ });
await evolution.getByRole('link', { name: 'Années superposées' }).click();
assert.match(adresse(), /forme=annees/);
await page.getByRole('heading', { name: /^Années scolaires superposées/ }).waitFor();
await page.getByRole('button', { name: 'Voir les données' }).click();
assert.equal(await page.locator('table tbody tr').count(), 48);
await page.goBack();
await evolution.waitFor();
await page.getByRole('link', { name: 'Accueil', exact: true }).click();
await page.getByRole('heading', { name: 'L’école parmi ses pairs' }).waitFor();

// The session expires: sign in again, and be where one was.
const ici = adresse();
await page.evaluate(() => fetch('/api/v1/expirer'));
await page.getByRole('button', { name: 'Mois précédent' }).click();
await page.getByText('Votre session a expiré').waitFor();
await seConnecter();
await titre(nom);
assert.equal(adresse(), ici.replace('2026-11-01', '2026-10-01'));

// The table: by level, filtered, sorted, schools without a visit in sight.
await page.getByRole('link', { name: 'Haute-Garonne' }).click();
await titre('Haute-Garonne');
await page.getByRole('link', { name: /écoles et établissements/ }).click();
const tableau = page.getByRole('region', { name: 'Écoles et établissements' }).last();
await tableau.waitFor();
await page.getByRole('combobox', { name: 'ENT', exact: true }).selectOption('jamais_visite');
assert.match(adresse(), /enfants=ecole&etat=jamais_visite/);
assert.equal(await tableau.getByRole('rowheader').count(), 5);
await page.getByRole('combobox', { name: 'ENT', exact: true }).selectOption('');
await page.getByRole('searchbox', { name: 'Nom, commune ou UAI' }).fill('muret');
assert.match(adresse(), /enfants=ecole&filtre=muret/);
await tableau.getByRole('button', { name: 'École' }).click();
assert.match(adresse(), /tri=nom/);
assert.equal(
  await tableau.getByRole('columnheader', { name: 'École' }).getAttribute('aria-sort'),
  'ascending',
);

// Schools chosen in the table become a named set, or a comparison.
await tableau.getByRole('checkbox').nth(0).check();
await tableau.getByRole('checkbox').nth(2).check();
await page.getByLabel('Nom de l’ensemble').fill('Écoles du premier tour');
await page.getByRole('button', { name: 'Enregistrer l’ensemble' }).click();
await page.getByText('» est enregistré').waitFor();
await tableau.getByRole('checkbox').nth(0).check();
await tableau.getByRole('checkbox').nth(1).check();
await page.getByRole('link', { name: 'Comparer ces écoles' }).click();
await titre('Comparer');
const cote = page.getByRole('region', { name: 'Tableau : Chiffres côte à côte' });
await cote.waitFor();
assert.equal(await cote.getByRole('rowheader').count(), 2);
await page.getByLabel('Ajouter un ensemble').selectOption({ label: 'Écoles du premier tour' });
await page.getByRole('button', { name: 'Ajouter cet ensemble' }).click();
await cote.getByRole('rowheader').nth(2).waitFor();
assert.match(adresse(), /lieux=ecole:\w{8},ecole:\w{8},ensemble:\w+/);
await page.goBack();
await page.goBack();
await titre('Haute-Garonne');

// The map moves with the keyboard; where one looks is in the address.
await page.getByRole('link', { name: 'Carte', exact: true }).click();
await page.getByRole('group', { name: /^Carte :/ }).focus();
await page.keyboard.press('+');
await page.keyboard.press('ArrowUp');
assert.match(adresse(), /echelle=2\.00&centre=0\.500_0\.375/);
await page.getByRole('button', { name: 'Tout voir' }).click();
assert.doesNotMatch(adresse(), /echelle/);

// Conventions: filtered in the address, a file tried before it is recorded.
await page.getByRole('link', { name: 'Conventions' }).click();
await titre('Conventions');
await page.getByRole('searchbox').last().fill('mur');
await page.waitForURL(/recherche=mur/);
assert.equal(await page.getByRole('row').count(), 2);
await page.getByRole('link', { name: 'Muret' }).click();
await titre('Muret');
await page.goBack();
await page.getByRole('link', { name: 'Importer un fichier' }).click();
await page.getByLabel('Fichier CSV').setInputFiles({
  name: 'conventions.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from('autorite;uai\n66024;0660713S\n66024;pas un uai\n'),
});
await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
await page.getByText(/1\sligne acceptée, 1\sligne refusée/).waitFor();
await page.getByRole('button', { name: /Enregistrer 1/ }).click();
await page.getByText(/1\sligne enregistrée/).waitFor();

// Whom to call this week: one is seen and put back, an action is noted for another, then undone.
await page.goto(`${racine}/tournee`);
await page.getByText(/^9\sécoles à appeler/).waitFor();
await page.getByRole('button', { name: /^Vu.: École primaire Pierre Perret/ }).click();
await page.getByText(/^8\sécoles à appeler/).waitFor();
await page.getByRole('status').getByRole('button', { name: 'Remettre dans la liste' }).click();
await page.getByText(/^9\sécoles à appeler/).waitFor();
await page.getByRole('link', { name: /^Noter une action.: École primaire Pierre Perret/ }).click();
assert.match(adresse(), /^\/suivi\?niveau=departement&code=031&ecole=\w{8}$/);
await page.getByRole('radio', { name: 'Appel' }).check();
await page.getByRole('button', { name: 'Enregistrer' }).click();
await page.getByText('L’action est notée').waitFor();
await page.getByText(/^6\sactions dans 6\sécoles/).waitFor();
await page.getByRole('status').getByRole('button', { name: 'Annuler' }).click();
await page.getByText(/^5\sactions dans 5\sécoles/).waitFor();
await page.goto(`${racine}/deploiement/departement/031?grain=mois&debut=2026-11-01`);
await page.getByRole('combobox', { name: 'Étape' }).selectOption('enseignant');
await page.getByText(/aucun parent n’est encore venu/).waitFor();
assert.match(adresse(), /etape=enseignant/);

// An invitation: the rules of the password are said as they are followed, then one signs in.
await page.goto(`${racine}/#/invitation/exemple`);
await titre('Bienvenue');
await page.getByLabel('Nouveau mot de passe').fill('quatre mots sans rapport');
await page.getByLabel('Le même').fill('quatre mots sans rapport');
assert.equal(await page.locator('li.suivie').count(), 4);
await page.getByRole('button', { name: 'Enregistrer le mot de passe' }).click();
await page.getByText('Votre mot de passe est enregistré').waitFor();
assert.equal(await page.getByLabel('Identifiant').inputValue(), 'c.durand');
await page.goto(racine);

await page.getByRole('button', { name: 'Camille Roques' }).click();
await page.getByRole('button', { name: 'Se déconnecter' }).click();
await page.getByLabel('Identifiant').waitFor();
await navigateur.close();
assert.deepEqual(fautes, []);
console.log('1 passed, 0 failed');
