// FréquENT: counts accesses to the services of an ENT. No cookie, no storage, no dependency.
// Served as it is written here. How to use it: docs/providers.md. Licence: EUPL-1.2.
((fenetre, page, nav) => {
  'use strict';
  const attente = fenetre.frequent;
  if (attente && attente.pret) return;
  const script = page.currentScript || page.querySelector('script[data-site]');
  const donnees = script.dataset;
  const adresse =
    new URL('v1/collect', script.src) +
    `?cle=${donnees.site}&ecran=${screen.width}x${screen.height}`;

  // What the page says of itself, which every event repeats.
  const contexte = {};
  for (const nom of ['uai', 'profil', 'visiteur', 'client', 'plateforme', 'projet', 'exploitant'])
    if (donnees[nom]) contexte[nom] = donnees[nom];

  // The service of each part of the site, by the beginning of its path.
  let services = { '': donnees.service };
  let vue;
  let refus =
    'refus' in donnees ||
    'refus' in page.documentElement.dataset ||
    nav.doNotTrack === '1' ||
    nav.globalPrivacyControl === true;

  function envoyer(champs) {
    if (refus) return;
    const id = crypto.getRandomValues(new Uint32Array(4)).join('-');
    const corps = JSON.stringify({ id, ...contexte, ...champs });
    if (!nav.sendBeacon || !nav.sendBeacon(adresse, corps)) transmettre(corps, 3);
  }

  // The same body each time: the server counts its id once.
  function transmettre(corps, essais) {
    fetch(adresse, { method: 'POST', body: corps, keepalive: true, credentials: 'omit' })
      .then((reponse) => reponse.status === 429 || reponse.status > 499, () => true)
      .then((perdu) => perdu && essais && setTimeout(transmettre, 9e3, corps, essais - 1));
  }

  // Sends the service of the address, once an address, as soon as the person is known.
  function suivre() {
    const chemin = location.pathname + location.hash;
    if (chemin === vue || !contexte.visiteur) return;
    vue = chemin;
    const debuts = Object.keys(services).filter((debut) => chemin.startsWith(debut));
    const service = services[debuts.sort((a, b) => b.length - a.length)[0]];
    if (service) envoyer({ service });
  }

  const ordres = {
    service: envoyer,
    contexte: (champs) => Object.assign(contexte, champs),
    pages: (debuts) => Object.assign(services, debuts),
    refus: () => (refus = true),
  };
  fenetre.frequent = (ordre, valeur) => {
    ordres[ordre]?.(valeur);
    suivre();
  };
  fenetre.frequent.pret = true;

  for (const nom of ['pushState', 'replaceState']) {
    const origine = history[nom];
    history[nom] = function (...valeurs) {
      origine.apply(this, valeurs);
      suivre();
    };
  }
  fenetre.addEventListener('popstate', suivre);
  for (const [ordre, valeur] of (attente && attente.q) || []) ordres[ordre]?.(valeur);
  suivre();
})(window, document, navigator);
