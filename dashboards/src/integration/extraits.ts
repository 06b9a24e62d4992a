// The pieces of code an integrator pastes, written for her site or her key.

import type { SiteRendu } from '../api/types';

/** The tag to paste in a page; what stands between {{ }} is the page's to fill. */
export function extraitTag(adresse: string, site: SiteRendu): string {
  const attributs = [
    `src="${adresse}/tag.js"`,
    `data-site="${site.cle_publique}"`,
    'data-uai="{{ UAI de l’école }}"',
    'data-profil="{{ ELEVE, PARENT, ENSEIGNANT… }}"',
    'data-visiteur="{{ identifiant interne de la personne }}"',
    'data-service="ACCUEIL"',
    // A site of one platform says it by itself.
    ...(site.plateformes.length > 1 ? [`data-plateforme="${site.plateformes[0] ?? ''}"`] : []),
  ];
  return `<script\n  async\n  ${attributs.join('\n  ')}\n></script>`;
}

/** What a page of a single-page application calls when another service is used. */
export function extraitService(): string {
  return "frequent('service', { service: 'CAHIER_TEXTES' });";
}

/** The value of the SmartTag's collection domain: a host, with its port unless it is the usual one. */
export function domaineDeCollecte(adresse: string): string {
  return new URL(adresse).host;
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
