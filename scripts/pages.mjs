#!/usr/bin/env node
// How long each request of the console's pages takes, over HTTP, against a server that runs.
//
//   FREQUENT_MOT_DE_PASSE=… node scripts/pages.mjs http://127.0.0.1:8080 IDENTIFIANT [OPTIONS]
//     --lieux region:76,academie:11,…   where; what the demo has if absent
//     --jour 2026-11-20                 which day the periods hold; today if absent
//     --tours 20                        requests of each, after the first
//     --seuil 300                       milliseconds above which a row is told in bold
//     --au-dessus                       only the rows above
//     --processus 1234                  the server's, on this machine: its processor time is told too
//
// Prints a Markdown table: bytes before and after compression, the first answer (nothing in memory
// if the server was just started), then the median and the 95th percentile of the others.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import zlib from 'node:zlib';

const LIEUX =
  'region:76,academie:11,academie:16,departement:031,departement:066,circonscription:0660055B,ecole:0660713S';
const GRAINS = ['semaine', 'mois', 'annee'];
/** The levels inside each, as the console's pages list them. */
const NIVEAUX = ['region', 'academie', 'departement', 'circonscription', 'commune', 'ecole'];
/** Periods of the figures that tell an evolution: dashboards/src/figures/membres.ts. */
const PERIODES = 12;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lieux: { type: 'string', default: LIEUX },
    jour: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    tours: { type: 'string', default: '20' },
    seuil: { type: 'string', default: '300' },
    'au-dessus': { type: 'boolean', default: false },
    processus: { type: 'string' },
  },
});
const [serveur, identifiant] = positionals;
const motDePasse = process.env.FREQUENT_MOT_DE_PASSE;
if (serveur === undefined || identifiant === undefined || motDePasse === undefined) {
  console.error('FREQUENT_MOT_DE_PASSE=… node scripts/pages.mjs http://127.0.0.1:8080 IDENTIFIANT');
  process.exit(2);
}
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

/** One request, read to its end; the time is that of the answer as it travels. */
function demander(methode, chemin, corps, temoin) {
  const entetes = { 'Sec-Fetch-Site': 'same-origin', 'Accept-Encoding': 'gzip' };
  if (temoin !== undefined) entetes.Cookie = temoin;
  if (corps !== undefined) entetes['Content-Type'] = 'application/json';
  return new Promise((rendre, refuser) => {
    const debut = performance.now();
    const requete = http.request(new URL(chemin, serveur), { method: methode, headers: entetes, agent });
    requete.on('error', refuser);
    requete.on('response', (reponse) => {
      const morceaux = [];
      reponse.on('data', (morceau) => morceaux.push(morceau));
      reponse.on('error', refuser);
      reponse.on('end', () => {
        const ms = performance.now() - debut;
        const transmis = Buffer.concat(morceaux);
        const lu = reponse.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(transmis) : transmis;
        rendre({ etat: reponse.statusCode, entetes: reponse.headers, ms, transmis: transmis.length, lu });
      });
    });
    requete.end(corps);
  });
}

async function entrer() {
  const corps = JSON.stringify({ identifiant, mot_de_passe: motDePasse });
  const { etat, entetes, lu } = await demander('POST', '/api/v1/session', corps);
  if (etat !== 200) throw new Error(`connexion refusée : ${etat} ${lu}`);
  return entetes['set-cookie'][0].split(';')[0];
}

const iso = (date) => date.toISOString().slice(0, 10);
const plus = (jour, jours) => iso(new Date(Date.parse(jour) + jours * 86_400_000));

/** The first day of the period of a grain that holds a day. */
function debutDe(grain, jour) {
  const [annee, mois] = jour.split('-').map(Number);
  if (grain === 'semaine') return plus(jour, -((new Date(jour).getUTCDay() + 6) % 7));
  if (grain === 'mois') return `${jour.slice(0, 7)}-01`;
  return `${mois >= 8 ? annee : annee - 1}-08-01`;
}

function reculer(grain, debut, combien) {
  let jour = debut;
  for (let n = 1; n < combien; n += 1) jour = debutDe(grain, plus(jour, -1));
  return jour;
}

/** What the pages of a territory ask: see dashboards/src/api/requetes.ts. */
function demandes(niveau, code) {
  const lieu = `niveau=${niveau}&code=${code}`;
  const rentree = debutDe('annee', options.jour);
  const annee = `${rentree.slice(0, 4)}-${Number(rentree.slice(0, 4)) + 1}`;
  const liste = [
    ['territoire', `territoires/${niveau}/${code}`],
    ['territoire et calendrier', `territoires/${niveau}/${code}?annee=${annee}`],
    ['incidents', `incidents?${lieu}&du=${rentree}&au=${plus(rentree, 364)}`],
    ['mesures, 85 jours', `mesures?perimetre=${niveau}:${code}&du=${plus(options.jour, -84)}&au=${options.jour}&profil=TOUS`],
    ['parcours', `parcours?${lieu}`],
    ['tournee', `tournee?${lieu}`],
    ['suivi', `suivi?${lieu}`],
  ];
  for (const grain of GRAINS) {
    const debut = debutDe(grain, options.jour);
    const avant = reculer(grain, debut, PERIODES);
    const [p, cadre] = [`, ${grain}`, `${lieu}&grain=${grain}&debut=${debut}`];
    const cellules = `cellules?${lieu}&grain=${grain}&profil=*&du=${avant}&au=${debut}`;
    liste.push(
      [`synthese${p}`, `synthese?${cadre}`],
      [`deploiement${p}`, `deploiement?${cadre}`],
      [`moments${p}`, `moments?${cadre}&profil=TOUS`],
      [`série de l’année${p}`, `cellules?${lieu}&grain=${grain}&profil=*&axe=total&du=${rentree}&au=${plus(rentree, 364)}`],
      [`services, ${PERIODES} périodes${p}`, `${cellules}&axe=service`],
      [`appareils, ${PERIODES} périodes${p}`, `${cellules}&axe=appareil`],
      [`carte${p}`, `carte?${cadre}&profil=TOUS`],
    );
    if (niveau === 'ecole') liste.push([`pairs${p}`, `pairs?code=${code}&grain=${grain}&debut=${debut}&profil=TOUS`]);
    for (const enfants of NIVEAUX.slice(NIVEAUX.indexOf(niveau) + 1)) {
      liste.push([`tableau par ${enfants}${p}`, `tableau?${cadre}&enfants=${enfants}&profil=TOUS`]);
    }
  }
  return liste;
}

function communes() {
  const debut = debutDe('semaine', options.jour);
  const lieux = options.lieux.split(',').slice(0, 5).join(',');
  return [
    ['session', 'session'],
    ['plan', 'plan'],
    ['conventions', 'conventions'],
    ['recherche', 'territoires?recherche=jules&limite=8'],
    ['comparer, semaine', `comparer?lieux=${lieux}&grain=semaine&debut=${debut}&profil=TOUS`],
    ['qualite', 'qualite'],
    ['qualite/ecoles', 'qualite/ecoles?tri=-acceptes&page=1&limite=50'],
  ];
}

const rang = (durees, part) => durees[Math.min(durees.length - 1, Math.ceil(durees.length * part) - 1)];
const ms = (duree) => (duree < 10 ? duree.toFixed(1) : duree.toFixed(0));
const ko = (octets) => (octets / 1024).toFixed(octets < 10_240 ? 1 : 0);

/** Processor time of the server so far, in milliseconds: the system counts it in hundredths of a second. */
function processeur() {
  const champs = readFileSync(`/proc/${options.processus}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(champs[11]) + Number(champs[12])) * 10;
}

async function mesurer(temoin, nom, chemin) {
  const premiere = await demander('GET', `/api/v1/${chemin}`, undefined, temoin);
  if (premiere.etat !== 200) return `| ${nom} | | | **${premiere.etat}** | ${premiere.lu.toString().slice(0, 120)} | |`;
  const durees = [];
  const avant = options.processus === undefined ? 0 : processeur();
  for (let n = 0; n < Number(options.tours); n += 1) {
    durees.push((await demander('GET', `/api/v1/${chemin}`, undefined, temoin)).ms);
  }
  const calcul = options.processus === undefined ? 0 : (processeur() - avant) / Number(options.tours);
  durees.sort((a, b) => a - b);
  const [mediane, p95] = [rang(durees, 0.5), rang(durees, 0.95)];
  const seuil = Number(options.seuil);
  if (options['au-dessus'] && Math.max(premiere.ms, mediane, p95) <= seuil) return null;
  const cases = [premiere.ms, mediane, p95].map((d) => (d > seuil ? `**${ms(d)}**` : ms(d)));
  if (options.processus !== undefined) cases.push(ms(calcul));
  return `| ${[nom, ko(premiere.lu.length), ko(premiere.transmis), ...cases].join(' | ')} |`;
}

const temoin = await entrer();
const calcul = options.processus === undefined ? ['', ''] : [' processeur |', '---|'];
console.log(`| demande | Ko | transmis | première (ms) | médiane | 95 % |${calcul[0]}\n|---|---|---|---|---|---|${calcul[1]}`);
const toutes = communes();
for (const lieu of options.lieux.split(',')) {
  const [niveau, code] = lieu.split(':');
  toutes.push(...demandes(niveau, code).map(([nom, chemin]) => [`${lieu}, ${nom}`, chemin]));
}
for (const [nom, chemin] of toutes) {
  const ligne = await mesurer(temoin, nom, chemin);
  if (ligne !== null) console.log(ligne);
}
agent.destroy();
