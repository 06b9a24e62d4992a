// The real Chromium of the visits, and what they read in the console the same way.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const paquets = createRequire(new URL('../../dashboards/package.json', import.meta.url));
export const { chromium } = paquets('playwright-core');
const axe = await readFile(paquets.resolve('axe-core/axe.min.js'), 'utf8');

/** How it is started: it asks nothing of any other host. */
export const LANCEMENT = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** A page of the console; what the browser says goes to `messages`, but for the statuses expected. */
export async function ouvrirPage(navigateur, messages, statutsAttendus) {
  const contexte = await navigateur.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    acceptDownloads: true,
  });
  const page = await contexte.newPage();
  page.on('console', (message) => {
    if (!statutsAttendus.test(message.text())) messages.push(message.text());
  });
  page.on('pageerror', (faute) => messages.push(String(faute.stack)));
  return page;
}

/** Signs in, and waits for the page of this title. */
export async function seConnecter(page, titre) {
  await page.goto(process.env.FREQUENT_URL);
  await page.getByLabel('Identifiant').fill(process.env.FREQUENT_COMPTE);
  await page.getByLabel('Mot de passe', { exact: true }).fill(process.env.FREQUENT_MOT_DE_PASSE);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: titre }).waitFor();
}

/** Follows a link to an address of the console, without loading it again. */
export async function suivreUnLien(page, adresse) {
  await page.evaluate((href) => {
    const lien = document.createElement('a');
    lien.href = href;
    document.body.append(lien);
    lien.click();
    lien.remove();
  }, adresse);
}

/** The number under the title of a key figure. */
export async function chiffre(page, nom) {
  const panneau = page.getByRole('article').filter({
    has: page.getByRole('heading', { level: 3, name: nom, exact: true }),
  });
  return entier(await panneau.locator('.valeur').innerText());
}

export function entier(texte) {
  return Number(texte.replace(/[^\d]/g, ''));
}

/** What a click on this link downloads: the names of the columns, then the rows. */
export async function telechargerCsv(page, lien) {
  const [telechargement] = await Promise.all([page.waitForEvent('download'), lien.click()]);
  const texte = await readFile(await telechargement.path(), 'utf8');
  const [entete, ...lignes] = texte
    .replace('\ufeff', '')
    .trim()
    .split(/\r?\n/)
    .map((ligne) => ligne.split(';'));
  return { entete, lignes };
}

/** The accessibility problems of the page: how bad, which, and where. */
export async function defautsAccessibilite(page) {
  // Through the protocol, so that the page's own security policy stays in force.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document).then((r) => JSON.stringify(r.violations.map((v) => ({
      gravite: v.impact,
      defaut: v.id + ' : ' + v.nodes.map((n) => n.target.join(' ')).join(', '),
    }))))`,
    awaitPromise: true,
  });
  return JSON.parse(result.value);
}

/** The page has no serious accessibility problem. */
export async function verifierLAccessibilite(page) {
  const defauts = await defautsAccessibilite(page);
  const serieux = defauts.filter((d) => ['serious', 'critical'].includes(d.gravite));
  assert.deepEqual(serieux, [], 'aucun défaut d’accessibilité sérieux');
}
