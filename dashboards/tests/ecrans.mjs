// Looks at every page of the console in a real browser: screenshots (1440 and 390 px, light, dark
// and printed), no console message, no policy violation, no serious accessibility problem.
//
//   npm run build && node tests/ecrans.mjs [folder]          against the fixture
//   FREQUENT_COMPTE=fournisseur FREQUENT_MOT_DE_PASSE=fournisseur \
//     node tests/ecrans.mjs [folder]                         the pages of a provider's account
//   FREQUENT_URL=http://… FREQUENT_COMPTE=… FREQUENT_MOT_DE_PASSE=… \
//     node tests/ecrans.mjs folder name=/address…            a running server, at these addresses

import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { ECOLES } from './fixture/territoires.mjs';
import { demarrer } from './serveur.mjs';

const dossier = process.argv[2] ?? new URL('../captures', import.meta.url).pathname;
const racine = process.env['FREQUENT_URL'] ?? (await demarrer(0));
const identifiant = process.env['FREQUENT_COMPTE'] ?? 'demo';
const motDePasse = process.env['FREQUENT_MOT_DE_PASSE'] ?? 'demo';
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const ecole = ECOLES.find((e) => !e.jamais && e.effectif > 200)?.code;
const college = ECOLES.find((e) => !e.jamais && e.type === 'Collège')?.code;
const jamais = ECOLES.find((e) => e.jamais)?.code;
/** Pages of the fixture, by name. */
const PAGES_FIXTURE = [
  ['choix', '/territoires'],
  ['departement', '/territoires/departement/031?grain=semaine&debut=2026-11-16&profil=TOUS'],
  [
    'annee',
    '/territoires/region/76?grain=annee&debut=2026-08-01&profil=PARENT&mesure=utilisateurs',
  ],
  ['ecole', `/territoires/ecole/${ecole}?grain=mois&debut=2026-10-01&profil=TOUS`],
  ['jamais', `/territoires/ecole/${jamais}?grain=semaine&debut=2026-11-16&profil=TOUS`],
  [
    'evolution',
    '/territoires/departement/031/evolution?grain=semaine&debut=2026-11-16&profil=TOUS',
  ],
  [
    'evolution-empile',
    '/territoires/departement/031/evolution?grain=semaine&debut=2026-11-16&profil=TOUS&pas=mois&forme=empile',
  ],
  [
    'evolution-annees',
    '/territoires/departement/031/evolution?grain=semaine&debut=2026-11-16&profil=TOUS&forme=annees',
  ],
  ['services', '/territoires/departement/031/services?grain=semaine&debut=2026-11-09&profil=TOUS'],
  [
    'outils',
    '/territoires/departement/031/services?grain=semaine&debut=2026-11-09&profil=TOUS&axe=outil',
  ],
  ['moments', '/territoires/departement/031/moments?grain=semaine&debut=2026-11-09&profil=TOUS'],
  [
    'appareils',
    '/territoires/departement/031/moments?grain=semaine&debut=2026-11-09&profil=TOUS&axe=appareil',
  ],
  [
    'moments-navigateurs',
    '/territoires/departement/031/moments?grain=mois&debut=2026-10-01&profil=TOUS&axe=navigateur',
  ],
  ['ecoles', '/territoires/departement/031/ecoles?grain=semaine&debut=2026-11-09&profil=TOUS'],
  [
    'circonscriptions',
    '/territoires/departement/031/ecoles?grain=semaine&debut=2026-11-09&profil=TOUS&enfants=circonscription',
  ],
  ['carte', '/territoires/departement/031/carte?grain=semaine&debut=2026-11-09&profil=TOUS'],
  [
    'carte-territoires',
    '/territoires/region/76/carte?grain=semaine&debut=2026-11-09&profil=TOUS&lecture=territoires',
  ],
  [
    'comparer',
    `/comparer?lieux=departement:031,departement:009,ecole:${ecole},ensemble:e1&grain=mois&debut=2026-10-01`,
  ],
  ['comparer-vide', '/comparer'],
  ['college', `/territoires/ecole/${college}?grain=mois&debut=2026-10-01&profil=TOUS`],
  ['vacances', '/territoires/departement/031?grain=semaine&debut=2026-08-24&profil=TOUS'],
  ['inconnu', '/territoires/departement/999?grain=semaine&debut=2026-11-16&profil=TOUS'],
  ['introuvable', '/nulle/part'],
  ['compte', '/compte'],
  ['rapports', '/rapports'],
  ['conventions', '/conventions'],
  ['convention', '/conventions/muret-2025'],
  ['convention-terminee', '/conventions/colomiers-2024'],
  ['convention-saisie', '/conventions/muret-2025/modifier'],
  ['convention-nouvelle', '/conventions/nouvelle'],
  ['conventions-import', '/conventions/import'],
  ['deploiement', '/deploiement/departement/031?grain=mois&debut=2026-11-01'],
  ['deploiement-etape', '/deploiement/commune/31395?grain=mois&debut=2026-11-01&etape=enseignant'],
  ['tournee', '/tournee'],
  ['tournee-commune', '/tournee?niveau=commune&code=31451&silence=8'],
  ['suivi', '/suivi'],
  ['suivi-saisie', `/suivi?niveau=departement&code=031&ecole=${ecole}`],
  ['suivi-vide', '/suivi?niveau=departement&code=009'],
  ['comptes', '/administration/comptes?compte=c.durand'],
  ['ensembles', '/administration/perimetres'],
  ['ensemble', '/ensembles/e1?du=2026-10-01&au=2026-11-20'],
  ['incidents', '/incidents'],
  ['incidents-vide', '/incidents?du=2025-01-01&au=2025-02-01'],
  ['accessibilite', '/accessibilite'],
  ['reglages', '/administration/reglages'],
  ['certificats', '/administration/certificats'],
  ['journal', '/administration/journal'],
  ['invitation', '/invitation/exemple'],
  ['invitation-perimee', '/invitation/perimee'],
];

/** Those of a provider's account. */
const PAGES_FOURNISSEUR = [
  ['qualite', '/qualite?plateforme=ONE-OCC&du=2026-11-01&au=2026-11-20'],
  ['qualite-annee', '/qualite?du=2026-08-01&au=2026-11-20&inconnues=oui'],
  ['qualite-vide', '/qualite?plateforme=ONE-NEUF'],
  ['integration', '/integration'],
  ['hors-perimetre', '/territoires'],
];

/** Pages to look at. @type {string[][]} */
const PAGES =
  process.argv.length > 3
    ? process.argv.slice(3).map((page) => {
        const [nom = '', ...adresse] = page.split('=');
        return [nom, adresse.join('=')];
      })
    : identifiant === 'fournisseur'
      ? PAGES_FOURNISSEUR
      : PAGES_FIXTURE;

/** Only these formats, when some are named. */
const formats = process.env['FORMATS']?.split(',');
const FORMATS = [
  { nom: '1440', width: 1440, height: 900, colorScheme: 'light' },
  { nom: '390', width: 390, height: 844, colorScheme: 'light' },
  { nom: '1440-sombre', width: 1440, height: 900, colorScheme: 'dark' },
  { nom: '390-sombre', width: 390, height: 844, colorScheme: 'dark' },
  { nom: '320', width: 320, height: 640, colorScheme: 'light' },
];

/** @type {string[]} */
const fautes = [];

/** @param {import('playwright-core').Page} page @param {string} nom */
async function examiner(page, nom) {
  // Through the protocol, so that the policy of the page is left as it is.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const { result } = await session.send('Runtime.evaluate', {
    expression:
      "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((r) => JSON.stringify(r.violations.map((v) => [v.impact, v.id, v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).slice(0, 4).join(' ; ')])))",
    awaitPromise: true,
  });
  for (const [impact, id, cibles] of JSON.parse(result.value))
    fautes.push(`${nom} : axe ${impact} ${id} : ${cibles}`);
  const deborde = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (deborde > 0) fautes.push(`${nom} : la page déborde de ${deborde} px`);
}

await mkdir(dossier, { recursive: true });
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
for (const { nom: format, width, height, colorScheme } of FORMATS) {
  if (formats && !formats.includes(format)) continue;
  const contexte = await navigateur.newContext({
    viewport: { width, height },
    colorScheme: /** @type {'light' | 'dark'} */ (colorScheme),
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
  });
  const page = await contexte.newPage();
  let ici = '';
  page.on('console', (m) => {
    const attendu = /status of (401|404)/.test(m.text());
    if (!attendu) fautes.push(`${ici} ${format} : console ${m.type()} ${m.text()}`);
  });
  page.on('pageerror', (faute) => fautes.push(`${ici} ${format} : ${faute.stack}`));
  ici = 'connexion';
  await page.goto(racine);
  await page.getByRole('button', { name: 'Se connecter' }).waitFor();
  await page.screenshot({ path: join(dossier, `connexion-${format}.png`), fullPage: true });
  await examiner(page, `connexion ${format}`);
  await page.getByLabel('Identifiant').fill(identifiant);
  await page.getByLabel('Mot de passe', { exact: true }).fill(motDePasse);
  await page.keyboard.press('Enter');
  if (identifiant === 'double') {
    await page.getByLabel('Code à 6 chiffres').fill('12');
    await page.screenshot({ path: join(dossier, `code-${format}.png`), fullPage: true });
    await examiner(page, `code ${format}`);
    await page.getByLabel('Code à 6 chiffres').fill('123456');
    await page.keyboard.press('Enter');
  }
  if (identifiant === 'nouveau') {
    await page.getByLabel('Code à 6 chiffres').fill('123456');
    await page.screenshot({ path: join(dossier, `enrolement-${format}.png`), fullPage: true });
    await examiner(page, `enrolement ${format}`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Vos codes de secours' }).waitFor();
    await page.screenshot({ path: join(dossier, `secours-${format}.png`), fullPage: true });
    await examiner(page, `secours ${format}`);
    await contexte.close();
    continue;
  }
  await page.locator('header').waitFor();
  for (const [nom, adresse] of PAGES) {
    ici = nom ?? '';
    await page.goto(`${racine}${adresse}`);
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(dossier, `${nom}-${format}.png`), fullPage: true });
    await examiner(page, `${nom} ${format}`);
    if (format === '1440' && ['departement', 'ecole'].includes(ici)) {
      const path = join(dossier, `${nom}.pdf`);
      const feuilles = (await page.pdf({ path, preferCSSPageSize: true }))
        .toString('latin1')
        .match(/\/Type\s*\/Page\b/g)?.length;
      if (ici === 'ecole' && feuilles !== 1)
        fautes.push(`${nom} : imprimée sur ${feuilles} feuilles`);
    }
  }
  await contexte.close();
}
await navigateur.close();
for (const faute of fautes) console.log(faute);
console.log(`${fautes.length} problème(s) ; captures dans ${dossier}`);
process.exitCode = fautes.length === 0 ? 0 : 1;
