// Which views each person looks at, and the way back to what the API gives her of them.

const SECTIONS = {
  accueil: '',
  évolution: '/evolution',
  'évolution par années': '/evolution?forme=annees',
  'évolution empilée': '/evolution?forme=empile',
  services: '/services',
  outils: '/services?axe=outil',
  moments: '/moments',
  appareils: '/moments?axe=appareil',
  systèmes: '/moments?axe=os',
  navigateurs: '/moments?axe=navigateur',
  durées: '/moments?axe=tranche_duree',
  écoles: '/ecoles',
  carte: '/carte',
};

const PARTOUT = { compte: '/compte', accessibilité: '/accessibilite', incidents: '/incidents' };
const PILOTAGE = { tournée: '/tournee', suivi: '/suivi', rapports: '/rapports' };

/** The views of each person, in the order in which she opens them. */
export function visitesDe(personne, { lundi, ecoles }) {
  const territoire = (lieu, ...noms) => {
    const [niveau, code] = lieu.split(':');
    return Object.entries(SECTIONS)
      .filter(([nom]) => noms.length === 0 || noms.includes(nom))
      .map(([nom, fin]) => {
        const adresse = new URL(`/territoires/${niveau}/${code}${fin}`, 'http://console');
        for (const [cle, valeur] of Object.entries({
          grain: 'semaine',
          debut: lundi,
          profil: 'TOUS',
        })) {
          adresse.searchParams.set(cle, valeur);
        }
        return { nom, lieu, adresse: adresse.pathname + adresse.search };
      });
  };
  const pages = (adresses) =>
    Object.entries(adresses).map(([nom, adresse]) => ({
      nom,
      lieu: personne.perimetre,
      adresse,
    }));
  const comparer = (...lieux) => [
    {
      nom: 'comparer',
      lieux: lieux.join(),
      adresse: `/comparer?lieux=${lieux.join()}&grain=semaine&debut=${lundi}`,
    },
  ];
  const deploiement = { déploiement: `/deploiement/${personne.perimetre?.replace(':', '/')}` };
  const ecole = `ecole:${ecoles[0]}`;
  switch (personne.identifiant) {
    case 'admin':
      return [
        ...territoire('region:76', 'accueil', 'écoles', 'carte'),
        ...pages({
          choix: '/territoires',
          conventions: '/conventions',
          'nouvelle convention': '/conventions/nouvelle',
          'import de conventions': '/conventions/import',
          comptes: '/administration/comptes',
          périmètres: '/administration/perimetres',
          certificats: '/administration/certificats',
          journal: '/administration/journal',
          réglages: '/administration/reglages',
          qualité: '/qualite',
          intégration: '/integration',
          rapports: '/rapports',
          ...PARTOUT,
        }),
      ];
    case 'dsden66':
      return [
        ...territoire(personne.perimetre),
        ...comparer(personne.perimetre, 'circonscription:0660055B', ecole),
        ...pages({
          ...deploiement,
          ...PILOTAGE,
          incidents: '/incidents',
          conventions: '/conventions',
          convention: '/conventions/C-66024',
          'convention à changer': '/conventions/C-66024/modifier',
        }),
      ];
    case 'conseillere':
      return [
        ...territoire(personne.perimetre),
        ...territoire(ecole, 'accueil', 'évolution', 'services', 'moments', 'appareils'),
        ...comparer(personne.perimetre, ecole),
        ...pages({ ...deploiement, ...PILOTAGE, ...PARTOUT }),
      ];
    default:
      return pages({ qualité: '/qualite', intégration: '/integration', ...PARTOUT });
  }
}

/** What a view is checked with: where it is, when, and what the API gives the same person. */
export async function iciDe(page, { lieu, lieux, nom }, { lundi, references }) {
  const lire = (quoi, parametres) => demander(page, quoi, parametres);
  const [niveau, code] = (lieu ?? ':').split(':');
  const periode = { niveau, code, grain: 'semaine', debut: lundi };
  const plan = await lire('plan', {});
  const codes = (membres) => (libelle) => membres.find((m) => m.libelle === libelle)?.code;
  return {
    page,
    nom,
    lieux,
    lundi,
    periode,
    plan,
    lire,
    lundiEcrit: ecrireLeJour(lundi),
    mois: `${lundi.slice(0, 7)}-01`,
    lieu: { niveau, code },
    reference: references[lieu],
    codeDuProfil: codes(plan.profils),
    codeDuService: codes(plan.services),
    codeDeLAppareil: codes(plan.appareils),
    /** The cells of all profiles along an axis, by member. */
    membres: async (axe) => {
      const { grain, debut } = periode;
      const rendues = await lire('cellules', {
        niveau,
        code,
        grain,
        du: debut,
        au: debut,
        profil: 'TOUS',
        axe,
      });
      return new Map(rendues.cellules.map((cellule) => [cellule.membre, cellule]));
    },
  };
}

/** A day as the console writes it in full. */
function ecrireLeJour(jour) {
  const ecrit = new Date(`${jour}T00:00:00Z`).toLocaleDateString('fr-FR', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return ecrit.replace(/^1 /, '1er ');
}

async function demander(page, quoi, parametres) {
  const adresse = `/api/v1/${quoi}?${new URLSearchParams(parametres)}`;
  return page.evaluate(async (ou) => {
    const reponse = await fetch(ou);
    if (!reponse.ok) throw new Error(`${ou} : ${reponse.status} ${await reponse.text()}`);
    return reponse.json();
  }, adresse);
}
