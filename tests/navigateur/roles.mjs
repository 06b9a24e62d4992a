// The three people that tests/navigateur.rs signs in: a real Chromium against the real server. Each
// sees her own territory with the API's figures, the rubrics of her role, and nothing of elsewhere.

import assert from 'node:assert/strict';
import { LANCEMENT, chiffre, chromium, ouvrirPage, verifierLAccessibilite } from './chromium.mjs';

const racine = process.env.FREQUENT_URL;
const motDePasse = process.env.FREQUENT_MOT_DE_PASSE;
const { lundi, personnes } = JSON.parse(process.env.ATTENDUS);

const navigateur = await chromium.launch(LANCEMENT);

try {
  for (const personne of personnes) {
    const messages = [];
    // The browser itself reports the answers that refuse: nobody signed in, a territory of others.
    const page = await ouvrirPage(navigateur, messages, /status of (401|403)/);
    await entrer(page, personne);
    await lireSonTerritoire(page, personne);
    for (const lieu of personne.siens) await lireUnLieu(page, lieu);
    for (const lieu of personne.etrangers) await etreRefusee(page, lieu);
    await verifierLesRubriques(page, personne);
    await verifierLAccessibilite(page);
    assert.deepEqual(messages, [], 'la console du navigateur doit rester vide');
    await page.context().close();
  }
} finally {
  await navigateur.close();
}

async function entrer(page, { identifiant }) {
  await page.goto(racine);
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe', { exact: true }).fill(motDePasse);
  await page.keyboard.press('Enter');
}

/** Signing in opens one's own territory. */
async function lireSonTerritoire(page, { perimetre, titre }) {
  await page.getByRole('heading', { level: 1, name: titre }).waitFor();
  const [niveau, code] = perimetre.split(':');
  assert.equal(new URL(page.url()).pathname, `/territoires/${niveau}/${code}`);
  await lireUnLieu(page, perimetre);
}

/** What the screen says is what the API says, and something was counted. */
async function lireUnLieu(page, lieu) {
  const [niveau, code] = lieu.split(':');
  const periode = `grain=semaine&debut=${lundi}`;
  const { statut, corps } = await demander(
    page,
    `/api/v1/synthese?niveau=${niveau}&code=${code}&${periode}`,
  );
  assert.equal(statut, 200, lieu);
  const attendues = corps.profils.find((p) => p.profil === 'TOUS').mesures;
  assert.ok(attendues.visites > 100, `${lieu} : ${attendues.visites} visites`);
  await page.goto(`${racine}/territoires/${niveau}/${code}?${periode}&profil=TOUS`);
  assert.equal(await chiffre(page, 'Visites'), attendues.visites, lieu);
  assert.equal(await chiffre(page, 'Utilisateurs'), attendues.utilisateurs, lieu);
}

/** Neither the API nor the screen gives anything of a territory of others, nor does a search. */
async function etreRefusee(page, lieu) {
  const [niveau, code] = lieu.split(':');
  const adresse = `/api/v1/synthese?niveau=${niveau}&code=${code}&grain=semaine&debut=${lundi}`;
  assert.equal((await demander(page, adresse)).statut, 403, lieu);
  await page.goto(`${racine}/territoires/${niveau}/${code}?grain=semaine&debut=${lundi}&profil=TOUS`);
  await page.getByRole('alert').first().waitFor();
  assert.equal(await page.getByRole('article').count(), 0, `aucun chiffre de ${lieu}`);
  const trouvees = await demander(page, `/api/v1/territoires?recherche=${code}`);
  const lieux = trouvees.corps.resultats.map((trouve) => `${trouve.niveau}:${trouve.code}`);
  assert.ok(!lieux.includes(lieu), `${lieu} ne se trouve pas`);
}

/** Those that a person has come once the session is read: only then can the others be missing. */
async function verifierLesRubriques(page, { rubriques }) {
  await page.goto(racine);
  const lien = (nom) => page.getByRole('banner').getByRole('link', { name: nom });
  const [presentes, absentes] = [true, false].map((presente) =>
    Object.keys(rubriques).filter((nom) => rubriques[nom] === presente),
  );
  assert.ok(presentes.length > 0);
  for (const nom of presentes) await lien(nom).first().waitFor();
  for (const nom of absentes) assert.equal(await lien(nom).count(), 0, `rubrique « ${nom} »`);
}

async function demander(page, adresse) {
  return page.evaluate(async (ou) => {
    const reponse = await fetch(ou);
    return { statut: reponse.status, corps: await reponse.json() };
  }, adresse);
}
