// The console without a mouse: what a person reaches with the keyboard alone, sees herself on, and is
// told; then the same pages with wider spacing, larger text and a narrow window.

import assert from 'node:assert/strict';
import {
  LANCEMENT,
  chromium,
  ouvrirPage,
  suivreUnLien,
  verifierLAccessibilite,
} from './chromium.mjs';
import { attendreLaPage, suivreLesDemandes } from './vues/demandes.mjs';

const { titre, lieu, ecole, lundi } = JSON.parse(process.env.ATTENDUS);
const semaine = `grain=semaine&debut=${lundi}&profil=TOUS`;
const territoire = `/territoires/${lieu.replace(':', '/')}`;
/** The text spacing that a page must bear: WCAG 1.4.12. */
const ESPACEMENT = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`;
const TEXTE_DOUBLE = 'html { font-size: 200% !important }';
const PAGES = [
  `${territoire}?${semaine}`,
  `${territoire}/evolution?${semaine}`,
  `${territoire}/ecoles?${semaine}`,
  `${territoire}/carte?${semaine}`,
  '/incidents',
  '/conventions',
  '/rapports',
  '/compte',
  '/plan',
  '/accessibilite',
];

const navigateur = await chromium.launch(LANCEMENT);
const messages = [];
try {
  const page = await ouvrirPage(navigateur, messages, /status of 401/);
  const demandes = suivreLesDemandes(page);
  const clavier = page.keyboard;
  const chargee = () => attendreLaPage(page, demandes);

  await page.goto(process.env.FREQUENT_URL);
  await entrerAuClavier(page);
  await page.getByRole('heading', { level: 1, name: titre }).waitFor();
  await chargee();

  // The first stop leads past the head of the page.
  await page.reload();
  await chargee();
  await clavier.press('Tab');
  assert.equal(await nomDuFocus(page), 'Aller au contenu');
  await clavier.press('Enter');
  await clavier.press('Tab');
  assert.ok(await dansLeFocus(page, 'main'), 'après le lien d’évitement, le contenu');

  // The account's menu opens, closes on Escape and gives the keyboard back.
  const compte = page.getByRole('navigation', { name: 'Mon compte' }).getByRole('button').first();
  await compte.focus();
  await clavier.press('Enter');
  await page.getByRole('link', { name: 'Mon compte' }).waitFor();
  await clavier.press('Escape');
  assert.equal(await compte.getAttribute('aria-expanded'), 'false');
  assert.ok(await compte.evaluate((e) => e === document.activeElement));

  // A school is found with the arrows; its page has another title, and the keyboard at its beginning.
  const avant = await page.title();
  const recherche = page.getByRole('combobox', { name: 'Chercher une école ou un territoire' });
  await recherche.focus();
  await clavier.type(ecole);
  await page.getByRole('option').first().waitFor();
  assert.match((await recherche.getAttribute('aria-activedescendant')) ?? '', /.+/);
  await clavier.press('Enter');
  await page.waitForURL(new RegExp(`/territoires/ecole/${ecole}`));
  await chargee();
  assert.notEqual(await page.title(), avant);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'contenu');

  // The period is changed with the arrows, and the page's title says so.
  await suivreUnLien(page, `${territoire}?${semaine}`);
  await chargee();
  await page.getByRole('radio', { name: 'Semaine' }).focus();
  await clavier.press('ArrowRight');
  await page.waitForURL(/grain=mois/);
  await chargee();
  await page.waitForFunction(() => !document.title.includes('Semaine'));
  assert.ok(await page.getByRole('radio', { name: 'Mois' }).isChecked());

  // A table is sorted by its head, which says how.
  await suivreUnLien(page, `${territoire}/ecoles?${semaine}`);
  await chargee();
  const tri = page.getByRole('columnheader', { name: 'Visites', exact: true });
  await tri.getByRole('button').focus();
  const sens = await tri.getAttribute('aria-sort');
  await clavier.press('Enter');
  await page.waitForFunction(
    ([e, s]) => e.getAttribute('aria-sort') !== s,
    [await tri.elementHandle(), sens],
  );

  await unFormulaire(page, chargee);
  await unDessin(page, chargee);
  for (const adresse of PAGES) {
    await suivreUnLien(page, adresse);
    await chargee();
    await chaqueArret(page, adresse);
    await formes(page, adresse);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await laSessionPerdue(page);
  assert.deepEqual(messages, []);
} finally {
  await navigateur.close();
}

async function entrerAuClavier(page) {
  await page.getByLabel('Identifiant').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'identifiant');
  // Sent empty, the form says what lacks, on the field itself, and goes to it.
  await page.keyboard.press('Enter');
  const vide = page.locator('[name="identifiant"][aria-invalid="true"]');
  await vide.waitFor();
  const decrit = await vide.getAttribute('aria-describedby');
  const dit = await page.evaluate(
    (ids) =>
      ids
        .split(' ')
        .map((id) => document.getElementById(id).innerText)
        .join(' '),
    decrit,
  );
  assert.match(dit, /Saisissez votre identifiant/);
  assert.match(dit, /obligatoires/);
  await page.keyboard.type(process.env.FREQUENT_COMPTE);
  await page.keyboard.press('Tab');
  await page.keyboard.type(process.env.FREQUENT_MOT_DE_PASSE);
  await page.keyboard.press('Enter');
}

/** A form opens, is refused, and closes: the keyboard is never lost. */
async function unFormulaire(page, chargee) {
  await suivreUnLien(page, '/incidents');
  await chargee();
  const declarer = page.getByRole('button', { name: /^Déclarer/ });
  await declarer.press('Enter');
  const titreSaisi = page.getByLabel('En quelques mots');
  await page.getByRole('button', { name: 'Enregistrer' }).press('Enter');
  await page.getByRole('alert').getByText('Dites en quelques mots').waitFor();
  await page.waitForFunction(() => document.activeElement.matches('[aria-invalid="true"]'));
  assert.ok(await titreSaisi.evaluate((e) => e === document.activeElement));
  await page.keyboard.type('Marqueurs coupés');
  assert.equal(await titreSaisi.getAttribute('aria-invalid'), null);
  await verifierLAccessibilite(page);
  await page.getByRole('button', { name: 'Enregistrer' }).press('Enter');
  await page.getByRole('status').getByText('Déclaration enregistrée').waitFor();
  await chargee();
  await page.waitForFunction(() => document.activeElement.closest('main') !== null);
  // What is taken off leaves the keyboard near where it was.
  const retirer = page.getByRole('button', { name: /^Retirer/ });
  const declares = await retirer.count();
  await retirer.first().press('Enter');
  await page.getByRole('status').getByText('est retiré du registre').waitFor();
  await chargee();
  assert.equal(await retirer.count(), declares - 1);
  await page.waitForFunction(() => document.activeElement.closest('main') !== null);
}

/** What the pointer shows of a chart goes away on Escape, and the chart has a name. */
async function unDessin(page, chargee) {
  await suivreUnLien(page, `${territoire}/evolution?${semaine}`);
  await chargee();
  const dessin = page.getByRole('img', { name: /^Graphique/ }).first();
  await dessin.scrollIntoViewIfNeeded();
  const cadre = await dessin.boundingBox();
  const bulle = dessin.locator('[data-marque="tip"] text');
  // A drawing made again under a pointer at rest shows nothing until it moves.
  for (let pas = 0; (await bulle.count()) === 0; pas += 1) {
    assert.ok(pas < 200, 'le pointeur ne montre rien du graphique');
    // All along it: the weeks that have figures may be few.
    const la = (5 + (pas % 90)) / 100;
    await page.mouse.move(cadre.x + cadre.width * la, cadre.y + cadre.height * 0.5);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  // It can be pointed at without changing.
  const dite = await bulle.first().textContent();
  const { x, y, width, height } = await dessin.locator('[data-marque="tip"]').last().boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 15 });
  assert.equal(await bulle.first().textContent(), dite);
  await page.keyboard.press('Escape');
  await bulle.first().waitFor({ state: 'detached' });
}

/** Every stop of the keyboard is seen, in the window, and leads to another. */
async function chaqueArret(page, ici) {
  // From the beginning of the document, wherever the keyboard was.
  await page.evaluate(() => {
    scrollTo(0, 0);
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const vus = new Set();
  for (let rang = 0; rang < 400; rang += 1) {
    await page.keyboard.press('Tab');
    const arret = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return null;
      const cadre = e.getBoundingClientRect();
      // A radio drawn by its label shows the keyboard there.
      const dessine = e.matches('.hors-vue') ? e.nextElementSibling : e;
      const { outlineStyle, outlineWidth } = getComputedStyle(dessine);
      return {
        quoi: `${e.tagName} ${e.getAttribute('aria-label') ?? e.innerText ?? e.name}`.slice(0, 80),
        cle: `${e.tagName} ${String(cadre.x)} ${String(cadre.y + scrollY)} ${e.outerHTML.length}`,
        contour: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        visible: cadre.bottom > 0 && cadre.top < innerHeight,
      };
    });
    if (arret === null) break;
    // The days of a date field are stops of one element.
    vus.add(arret.cle);
    assert.ok(arret.contour, `${ici} : ${arret.quoi} sans contour`);
    assert.ok(arret.visible, `${ici} : ${arret.quoi} hors de la fenêtre`);
  }
  assert.ok(vus.size > 8, `${ici} : ${vus.size} arrêts`);
}

/** Spacing, larger text and a narrow window lose nothing sideways. */
async function formes(page, ici) {
  const session = await page.context().newCDPSession(page);
  for (const [nom, style, width] of [
    ['espacement', ESPACEMENT, 1440],
    ['espacement', ESPACEMENT, 390],
    ['texte à 200 %', TEXTE_DOUBLE, 1440],
    ['320 px', '', 320],
  ]) {
    await page.setViewportSize({ width, height: 800 });
    // A constructed sheet: the page's own security policy stays in force.
    await session.send('Runtime.evaluate', {
      expression: `{ const s = new CSSStyleSheet(); s.replaceSync(${JSON.stringify(style)});
        document.adoptedStyleSheets = [s]; }`,
    });
    const [large, fenetre] = await page.evaluate(async () => {
      for (let i = 0; i < 3; i += 1) await new Promise(requestAnimationFrame);
      return [document.documentElement.scrollWidth, document.documentElement.clientWidth];
    });
    assert.ok(large <= fenetre, `${ici}, ${nom}, ${width} px : ${large} px de large`);
  }
  await page.evaluate(() => (document.adoptedStyleSheets = []));
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** The session ends elsewhere: the next request shows the sign-in, on its first field, saying why. */
async function laSessionPerdue(page) {
  await page.context().clearCookies();
  await suivreUnLien(page, `${territoire}/services?${semaine}`);
  const champ = page.getByLabel('Identifiant');
  await champ.waitFor();
  await page.waitForFunction(() => document.activeElement.name === 'identifiant');
  const decrit = (await champ.getAttribute('aria-describedby')) ?? '';
  const dit = await page.evaluate(
    (ids) =>
      ids
        .split(' ')
        .map((id) => document.getElementById(id).innerText)
        .join(' '),
    decrit,
  );
  assert.match(dit, /session a expiré/);
  assert.match(await page.title(), /Se connecter/);
  await page.getByRole('link', { name: /^Accessibilité/ }).waitFor();
}

function nomDuFocus(page) {
  return page.evaluate(() => document.activeElement.innerText.trim());
}

function dansLeFocus(page, zone) {
  return page.evaluate((z) => document.activeElement.closest(z) !== null, zone);
}
