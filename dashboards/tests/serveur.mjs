// A development server of the API's contract, for looking at the console without the real server:
// a fixture of the tests, never shipped. Serves `dist/` under the strict policy of the real one.
//
//   node tests/serveur.mjs [port]      signs in demo / demo, fournisseur / fournisseur,
//                                      nouveau / nouveau (must enrol), double / double (code 123456)

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { gestion } from './fixture/gestion.mjs';
import { Refus } from './fixture/refus.mjs';
import { COMPTES, REPONSES, territoire } from './fixture/reponses.mjs';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const POLITIQUE =
  "default-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/** Named by LDAP=…, to look at a server that takes a directory's passwords. */
const LDAP = process.env['LDAP'] ? { nom: process.env['LDAP'] } : null;

/** The account of each cookie that is still good: `expirer` forgets them all. */
const sessions = new Map();
let numero = 0;

/** @param {import('node:http').ServerResponse} r @param {number} statut @param {unknown} corps */
function json(r, statut, corps) {
  const type = statut >= 400 ? 'application/problem+json' : 'application/json';
  r.writeHead(statut, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(
    JSON.stringify(corps),
  );
}

/** @param {import('node:http').IncomingMessage} requete */
async function lireCorps(requete) {
  let texte = '';
  for await (const morceau of requete) texte += morceau;
  return JSON.parse(texte);
}

/** @param {import('node:http').IncomingMessage} requete @param {import('node:http').ServerResponse} r @param {URL} url */
async function api(requete, r, url) {
  const chemin = url.pathname.slice('/api/v1/'.length);
  const cookie = /session=(\d+)/.exec(requete.headers.cookie ?? '')?.[1] ?? '';
  if ((chemin === 'session' || chemin === 'connexion/ldap') && requete.method === 'POST') {
    const corps = await lireCorps(requete);
    const compte = COMPTES.get(corps.identifiant);
    if (compte === undefined || corps.mot_de_passe !== corps.identifiant) {
      throw new Refus(401, 'Identifiant ou mot de passe incorrect', '');
    }
    if (compte.identifiant === 'double' && corps.code !== '123456') {
      throw new Refus(401, 'Code nécessaire', '', 'urn:frequent:probleme:code-requis');
    }
    numero += 1;
    sessions.set(String(numero), compte);
    r.setHeader('Set-Cookie', `session=${numero}; HttpOnly; SameSite=Strict; Path=/`);
    return json(r, 200, compte);
  }
  if (chemin === 'connexion') return json(r, 200, { oidc: null, ldap: LDAP });
  if (chemin.startsWith('invitations/')) {
    if (chemin.endsWith('/perimee'))
      throw new Refus(404, 'Invitation inconnue', 'Ce lien a déjà servi.');
    if (requete.method === 'POST') return r.writeHead(204).end();
    return json(r, 200, { identifiant: 'c.durand', nom: 'Claire Durand' });
  }
  if (!sessions.has(cookie))
    throw new Refus(401, 'Connexion nécessaire', 'Connectez-vous pour continuer.');
  if (chemin === 'session' && requete.method === 'DELETE') {
    sessions.delete(cookie);
    return r.writeHead(204).end();
  }
  if (chemin === 'session') return json(r, 200, sessions.get(cookie));
  if (chemin === 'expirer') {
    sessions.clear();
    return json(r, 200, {});
  }
  const methode = requete.method ?? 'GET';
  const corps = methode === 'POST' || methode === 'PUT' ? await lireCorps(requete) : null;
  const parties = chemin.split('/').map(decodeURIComponent);
  const { identifiant } = sessions.get(cookie);
  const geree = gestion(methode, parties, url.searchParams, corps, identifiant);
  if (geree === null) return r.writeHead(204).end();
  if (geree !== undefined) return json(r, 200, geree);
  if (chemin.startsWith('territoires/'))
    return json(r, 200, territoire(parties.slice(1), url.searchParams));
  const repondre = REPONSES[/** @type {keyof typeof REPONSES} */ (chemin)];
  if (repondre === undefined)
    throw new Refus(404, 'Adresse inconnue', `« ${url.pathname} » n’existe pas.`);
  return json(r, 200, repondre(url.searchParams));
}

/** @param {import('node:http').ServerResponse} r @param {URL} url */
async function console_(r, url) {
  const nom = extname(url.pathname) === '' ? '/index.html' : url.pathname;
  const extension = /** @type {keyof typeof TYPES} */ (extname(nom));
  try {
    const fichier = await readFile(new URL(`../dist${nom}`, import.meta.url));
    r.writeHead(200, {
      'Content-Type': TYPES[extension] ?? 'application/octet-stream',
      'Content-Security-Policy': POLITIQUE,
    }).end(fichier);
  } catch {
    r.writeHead(404).end();
  }
}

/** Starts the fixture; port 0 takes a free one. @param {number} port @returns {Promise<string>} its address */
export function demarrer(port) {
  const serveur = createServer((requete, r) => {
    const url = new URL(requete.url ?? '/', 'http://fixture');
    const suite = url.pathname.startsWith('/api/') ? api(requete, r, url) : console_(r, url);
    suite.catch((faute) => {
      if (!(faute instanceof Refus)) console.error(faute);
      const { statut = 500, message, detail = '', type = 'about:blank' } = faute;
      json(r, statut, { type, title: message, status: statut, detail });
    });
  });
  return new Promise((pret) => {
    serveur.listen(port, '127.0.0.1', () => {
      const adresse = serveur.address();
      pret(
        `http://127.0.0.1:${typeof adresse === 'object' && adresse !== null ? adresse.port : port}`,
      );
    });
    serveur.unref();
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const adresse = await demarrer(Number(process.argv[2] ?? 8080));
  console.log(`${adresse} (demo / demo)`);
  setInterval(() => undefined, 1 << 30);
}
