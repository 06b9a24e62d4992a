// The pieces of code an integrator pastes, written for her site or her key.

import type { SiteRendu } from '../api/types';
import { plus } from '../calendrier/jours';

/** Keeps the calls made before the tag is loaded. */
const FILE =
  'window.frequent = window.frequent || function () { (frequent.q = frequent.q || []).push(arguments); };';

/** The tag to paste in a page; what stands between {{ }} is the page's to fill. */
export function extraitTag(adresse: string, site: SiteRendu): string {
  const attributs = [
    `src="${adresse}/tag.js"`,
    `data-site="${site.cle_publique}"`,
    'data-uai="{{ UAI de l’école }}"',
    'data-profil="{{ ELEVE, PARENT, ENSEIGNANT… }}"',
    'data-visiteur="{{ identifiant interne de la personne }}"',
    'data-client="{{ identifiant de sa session ou de son navigateur }}"',
    'data-service="ACCUEIL"',
    // A site of one platform says it by itself.
    ...(site.plateformes.length > 1 ? [`data-plateforme="${site.plateformes[0] ?? ''}"`] : []),
  ];
  return `<script>\n  ${FILE}\n</script>\n<script\n  async\n  ${attributs.join('\n  ')}\n></script>`;
}

/** What a page of a single-page application calls when another service is used. */
export function extraitService(): string {
  return "frequent('service', { service: 'CAHIER_TEXTES' });";
}

/** The value of the SmartTag's collection domain: a host, with its port unless it is the usual one. */
export function domaineDeCollecte(adresse: string): string {
  return new URL(adresse).host;
}

/** The signed receipt of the day before. */
export function extraitRecu(adresse: string, maintenant: Date): string {
  const hier = plus(maintenant.toISOString().slice(0, 10), -1);
  return [
    `curl ${adresse}/v1/recus/${hier} -H "Authorization: Bearer $CLE" > recu.json`,
    `curl ${adresse}/v1/cle-publique`,
    'frequent recu verifier recu.json --cle {{ la clé publique }}',
  ].join('\n');
}

/** A first native event, sent from a terminal. */
export function extraitCurl(adresse: string, plateforme: string, maintenant: Date): string {
  const evenement = {
    id: 'essai-1',
    ts: maintenant.toISOString().replace(/\.\d+Z$/, 'Z'),
    uai: '0660713S',
    profil: 'ENSEIGNANT',
    visiteur: 'u-7f3a',
    client: 'b-91',
    service: 'CAHIER_TEXTES',
    plateforme,
    appareil: 'ORDINATEUR',
    os: 'LINUX',
    navigateur: 'FIREFOX',
  };
  const lignes = [
    `curl ${adresse}/v1/events`,
    `-H "Authorization: Bearer $CLE"`,
    `-H 'Content-Type: application/json'`,
    `-d '${JSON.stringify(evenement, null, 2)}'`,
  ];
  return lignes.join(' \\\n  ');
}
