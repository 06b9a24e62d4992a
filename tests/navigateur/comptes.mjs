// The first day that tests/invitation.rs starts: a real Chromium against the real server. Follows an
// invitation, chooses a password, enrols a phone, signs in again by its code then by a recovery code,
// imports conventions, and sees their schools deployed.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { LANCEMENT, chromium, ouvrirPage, verifierLAccessibilite } from './chromium.mjs';

const racine = process.env.FREQUENT_URL;
const identifiant = process.env.FREQUENT_COMPTE;
const MOT_DE_PASSE = 'quatre mots vraiment sans rapport';
/** Whose account it is. */
const NOM = 'Claire Durand';
/** A one-time code lasts so long. */
const PAS_S = 30;
const messages = [];

const navigateur = await chromium.launch(LANCEMENT);

try {
  // The browser itself reports the 401 by which the console learns what to ask for.
  const page = await ouvrirPage(navigateur, messages, /status of 401/);
  await suivreLInvitation(page);
  const { secret, secours } = await inscrireLeTelephone(page);
  await seDeconnecter(page);
  // The code of the next step: the one before has served, and none serves twice.
  await entrer(page, totp(secret, Date.now() / 1000 + PAS_S));
  await seDeconnecter(page);
  await entrerParSecours(page, secours[0]);
  await importerDesConventions(page);
  await voirLeDeploiement(page);
  await mettreFin(page);
  await voirMonCompte(page);
  assert.deepEqual(messages, [], 'la console du navigateur doit rester vide');
} finally {
  await navigateur.close();
}

async function suivreLInvitation(page) {
  await page.goto(process.env.INVITATION);
  await page.getByRole('heading', { level: 1, name: 'Bienvenue' }).waitFor();
  await page.getByLabel('Nouveau mot de passe').fill(MOT_DE_PASSE);
  await page.getByLabel('Le même').fill(MOT_DE_PASSE);
  await verifierLAccessibilite(page);
  await page.getByRole('button', { name: 'Enregistrer le mot de passe' }).click();
  await page.getByText('Votre mot de passe est enregistré').waitFor();
  assert.equal(await page.getByLabel('Identifiant').inputValue(), identifiant);
}

async function inscrireLeTelephone(page) {
  await page.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Activer le code à usage unique' }).waitFor();
  await page.getByRole('img', { name: /QR code/ }).locator('svg').waitFor();
  const secret = (await page.locator('code').innerText()).replace(/\s/g, '');
  await verifierLAccessibilite(page);
  await page.getByLabel('Code à 6 chiffres').fill(totp(secret, Date.now() / 1000));
  await page.getByRole('button', { name: 'Activer' }).click();
  await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
  const secours = await page.getByRole('listitem').allInnerTexts();
  await page.getByLabel(/en lieu sûr/).check();
  await page.getByRole('button', { name: 'Continuer' }).click();
  await page.getByRole('heading', { level: 1, name: /Orientales/ }).waitFor();
  return { secret, secours };
}

async function seDeconnecter(page) {
  await page.getByRole('button', { name: NOM }).click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await page.getByLabel('Identifiant').waitFor();
}

async function entrer(page, code) {
  await donnerLeMotDePasse(page);
  await page.getByLabel('Code à 6 chiffres').fill(code);
  await page.getByRole('button', { name: 'Valider le code' }).click();
  await page.getByRole('heading', { level: 1, name: /Orientales/ }).waitFor();
}

async function entrerParSecours(page, code) {
  await donnerLeMotDePasse(page);
  await page.getByRole('button', { name: 'Utiliser un code de secours' }).click();
  await page.getByLabel('Code de secours').fill(code);
  await page.getByRole('button', { name: 'Valider le code' }).click();
  await page.getByRole('heading', { level: 1, name: /Orientales/ }).waitFor();
}

async function donnerLeMotDePasse(page) {
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe', { exact: true }).fill(MOT_DE_PASSE);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code à 6 chiffres').waitFor();
}

/** Two schools of the directory, and a line that is none. */
async function importerDesConventions(page) {
  const lignes = ['0660713S', '0660055B', 'école'].map(
    (uai) => `66024;Édifice;ONE-OCC;${uai};01/09/2025;31/07/2035;45,00`,
  );
  const csv = `autorite;fournisseur;plateforme;uai;debut;fin;prix\n${lignes.join('\n')}\n`;
  await page.getByRole('link', { name: 'Conventions' }).click();
  await page.getByRole('link', { name: 'Importer un fichier' }).click();
  await page.getByLabel('Fichier CSV').setInputFiles({
    name: 'conventions.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(csv),
  });
  await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
  await page.getByText(/1\sligne acceptée, 2\slignes refusées/).waitFor();
  await verifierLAccessibilite(page);
  await page.getByRole('button', { name: /Enregistrer 1/ }).click();
  await page.getByText(/1\sligne enregistrée/).waitFor();
  await page.getByRole('link', { name: 'Voir les conventions' }).click();
  await page.getByRole('link', { name: 'Le Boulou' }).click();
  await page.getByRole('cell', { name: '0660713S' }).waitFor();
}

async function voirLeDeploiement(page) {
  await page.goto(`${racine}/deploiement/departement/066`);
  await page.getByRole('heading', { level: 1, name: /Déploiement/ }).waitFor();
  const ligne = page.getByRole('row', { name: /0660713S/ });
  await ligne.getByText('jamais visitée').waitFor();
}

/** Ends the convention, learns by when its data are destroyed, and takes the end back. */
async function mettreFin(page) {
  await page.goto(`${racine}/conventions`);
  await page.getByRole('link', { name: 'Le Boulou' }).click();
  await page.getByRole('button', { name: 'Mettre fin…' }).click();
  await page.getByLabel(/recopiez le nom/).fill('Le Boulou');
  await verifierLAccessibilite(page);
  await page.getByRole('button', { name: 'Mettre fin à la convention' }).click();
  await page.getByText('La fin est enregistrée.').waitFor();
  await page.getByText(/seront détruits avant le \d/).waitFor();
  const convention = await page.evaluate(async (adresse) => {
    const { conventions } = await (await fetch(adresse)).json();
    return (await fetch(`${adresse}/${conventions[0].id}`)).json();
  }, '/api/v1/conventions');
  const { date, destruction_avant: avant, cumuls } = convention.cloture;
  assert.equal((Date.parse(avant) - Date.parse(date)) / 86_400_000, 15, 'quinze jours pour détruire');
  assert.equal(cumuls, 'garder');
  await verifierLAccessibilite(page);
  await page.getByRole('button', { name: 'Annuler cette fin' }).click();
  await page.getByText('la convention continue').waitFor();
}

async function voirMonCompte(page) {
  await page.getByRole('button', { name: NOM }).click();
  await page.getByRole('link', { name: 'Mon compte' }).click();
  await page.getByRole('heading', { level: 1, name: 'Mon compte' }).waitFor();
  await page.getByText(/Il vous reste \d+\scodes de secours/).waitFor();
  await page.getByText('session en cours').waitFor();
  await verifierLAccessibilite(page);
}

/** The code that a phone shows at an instant, in seconds (RFC 6238: SHA-1, 6 digits, 30 s). */
function totp(secret, instant) {
  const pas = Buffer.alloc(8);
  pas.writeBigUInt64BE(BigInt(Math.floor(instant / PAS_S)));
  const condense = createHmac('sha1', base32(secret)).update(pas).digest();
  const debut = condense[condense.length - 1] & 15;
  return String((condense.readUInt32BE(debut) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(texte) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...texte].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => parseInt(octet, 2)));
}
