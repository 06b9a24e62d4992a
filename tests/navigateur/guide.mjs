// Opens the page of docs/providers.md in a real Chromium and makes the calls that the guide shows, in
// their order (see tests/providers.rs): one event for the page, one for the part of the site that
// `pages` names, one for the service called by hand, none for the context.

import assert from 'node:assert/strict';
import { LANCEMENT, chromium } from './chromium.mjs';

const appels = JSON.parse(process.env.APPELS);
assert.equal(appels.length, 3);

const navigateur = await chromium.launch(LANCEMENT);
try {
  const page = await navigateur.newPage();
  const envois = [];
  const fautes = [];
  page.on('pageerror', (faute) => fautes.push(String(faute)));
  page.on('request', (requete) => {
    if (requete.url().includes('/v1/collect')) envois.push(requete);
  });
  await page.goto(process.env.ENT_URL);
  await page.waitForFunction(() => window.frequent.pret);
  for (const appel of appels) await page.evaluate(appel);
  await page.evaluate(() => history.pushState({}, '', '/notes'));
  await page.waitForLoadState('networkidle');

  const services = envois.map((envoi) => JSON.parse(envoi.postData()).service).sort();
  assert.deepEqual(services, ['ACCUEIL', 'NOTES', 'NOTES']);
  for (const envoi of envois) assert.equal((await envoi.response()).status(), 202);
  assert.deepEqual(fautes, []);
} finally {
  await navigateur.close();
}
