// The figures of a view, read on the screen, against those that the API gives the same person; and
// those of a whole territory against what was counted naively from the raw events.

import assert from 'node:assert/strict';
import { chiffre } from '../chromium.mjs';
import { colonne, espacer, montrerLesDonnees, rangees } from './tableaux.mjs';

const TOTAL = 'Tous les profils';
const JOURS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const MASQUE = 'masqué';
const BLANCS = { masque: MASQUE, non_mesure: 'non mesuré', non_deploye: 'non déployé' };
const NOMBRES = new Intl.NumberFormat('fr-FR');
/** The fewest rows that make a comparison worth something. */
const ASSEZ = 3;

/** By view. */
export const CHIFFRES = {
  accueil: async (ici) => {
    const { profils } = await ici.lire('synthese', ici.periode);
    const { mesures } = profils.find((p) => p.profil === 'TOUS');
    assert.equal(await chiffre(ici.page, 'Visites'), mesures.visites);
    assert.equal(await chiffre(ici.page, 'Utilisateurs'), mesures.utilisateurs);
    const { visites, utilisateurs } = ici.reference;
    assert.deepEqual([mesures.visites, mesures.utilisateurs], [visites, utilisateurs]);
    const lignes = await rangees(ici.page, 'Tableau : Fréquentation par profil');
    assert.ok(lignes.length >= ASSEZ);
    for (const ligne of lignes) {
      const [tete] = ligne.textes;
      const nom = tete === TOTAL ? 'TOUS' : ici.codeDuProfil(tete);
      const profil = profils.find((p) => p.profil === nom);
      assert.equal(colonne(ligne, 'Visites'), ecrire(profil.mesures, 'visites'), tete);
      assert.equal(colonne(ligne, 'Utilisateurs'), ecrire(profil.mesures, 'utilisateurs'), tete);
    }
    await verifierLaCourbe(ici);
  },

  évolution: async (ici) => {
    const region = await montrerLesDonnees(ici.page, /^Données : Évolution par semaine/);
    const [lue] = (await rangees(ici.page, region)).filter(
      ({ textes }) => textes[0] === ici.lundiEcrit,
    );
    const { profils } = await ici.lire('synthese', ici.periode);
    const { mesures } = profils.find((p) => p.profil === 'TOUS');
    assert.equal(colonne(lue, TOTAL), ecrire(mesures, 'visites'));
  },

  services: async (ici) => {
    const rendus = await ici.membres('service');
    const lignes = await rangees(ici.page, 'Tableau : Services par thème');
    const vus = lignes.filter(({ textes }) => textes.length > 1);
    assert.equal(vus.length, ici.plan.services.length);
    let comptes = 0;
    for (const ligne of vus) {
      const code = ici.codeDuService(ligne.textes[0]);
      const mesures = rendus.get(code) ?? { etat: 'mesure', visites: 0, utilisateurs: 0 };
      assert.equal(colonne(ligne, 'Visites'), ecrire(mesures, 'visites'), code);
      assert.equal(colonne(ligne, 'Utilisateurs'), ecrire(mesures, 'utilisateurs'), code);
      if (mesures.etat !== 'mesure') continue;
      assert.equal(mesures.visites, ici.reference.services[code] ?? 0, code);
      comptes += mesures.visites > 0 ? 1 : 0;
    }
    // One school's may all be masked.
    if (ici.lieu.niveau !== 'ecole')
      assert.ok(comptes >= ASSEZ, `${comptes} services ont un chiffre`);
  },

  moments: async (ici) => {
    const region = await montrerLesDonnees(ici.page, 'Données : Jours et heures des visites');
    const lignes = await rangees(ici.page, region);
    assert.equal(lignes.length, 24);
    const { jours } = await ici.lire('moments', { ...ici.periode, profil: 'TOUS' });
    for (const [heure, ligne] of lignes.entries()) {
      assert.equal(ligne.textes[0], `${heure} h`);
      for (const { jour, heures } of jours) {
        const attendu = heures[heure] === null ? MASQUE : NOMBRES.format(heures[heure]);
        assert.equal(colonne(ligne, JOURS[jour - 1]), espacer(attendu), `jour ${jour}, ${heure} h`);
      }
    }
  },

  appareils: async (ici) => {
    const region = await montrerLesDonnees(ici.page, 'Données : Appareils par profil');
    const [total] = await rangees(ici.page, region);
    const rendus = await ici.membres('appareil');
    assert.equal(total.textes[0], TOTAL);
    for (const titre of total.titres.slice(2)) {
      const code = ici.codeDeLAppareil(titre);
      const mesures = rendus.get(code) ?? { etat: 'mesure', visites: 0 };
      assert.equal(colonne(total, titre).replace(/ \(.*/, ''), ecrire(mesures, 'visites'), code);
    }
  },

  écoles: async (ici) => {
    const { lignes } = await ici.lire('tableau', { ...ici.periode, enfants: 'ecole' });
    const attendues = lignes.map((ligne) => [`ecole/${ligne.code}`, ligne.mesures]);
    comparer(await rangees(ici.page, 'Écoles et établissements'), attendues);
  },

  carte: async (ici) => {
    const { points, territoires } = await ici.lire('carte', ici.periode);
    // Too many schools are no points: the territories alone are drawn.
    const attendues =
      points.length > 0
        ? points.map((point) => [`ecole/${point.uai}`, point.mesures])
        : territoires.map(({ niveau, code, mesures }) => [`${niveau}/${code}`, mesures]);
    comparer(await rangees(ici.page, 'Tableau : Carte de la fréquentation'), attendues);
  },

  comparer: async (ici) => {
    const { lieux } = await ici.lire('comparer', {
      lieux: ici.lieux,
      grain: 'semaine',
      debut: ici.lundi,
    });
    const lignes = await rangees(ici.page, 'Tableau : Chiffres côte à côte');
    assert.equal(lignes.length, lieux.length);
    for (const [rang, ligne] of lignes.entries()) {
      const { nom, mesures } = lieux[rang];
      assert.equal(ligne.textes[0], nom);
      assert.equal(colonne(ligne, 'Visites'), ecrire(mesures, 'visites'), nom);
      assert.equal(colonne(ligne, 'Utilisateurs'), ecrire(mesures, 'utilisateurs'), nom);
    }
  },

  déploiement: async (ici) => {
    const vu = await ici.lire('deploiement', { ...ici.periode, grain: 'mois', debut: ici.mois });
    for (const [nom, attendu] of Object.entries({
      Déployées: vu.deployees,
      Ouvertes: vu.ouvertes,
      Actives: vu.actives,
      'Jamais visitées': vu.jamais_visitees,
    })) {
      assert.equal(await chiffre(ici.page, nom), attendu, nom);
    }
    assert.ok(vu.ouvertes > 0);
  },

  tournée: async (ici) => {
    const { ecoles } = await ici.lire('tournee', ici.lieu);
    assert.ok(ecoles.length > 0);
    assert.deepEqual(
      await uaisDesFiches(ici.page),
      ecoles.map(({ uai }) => uai),
    );
  },

  suivi: async (ici) => {
    const { actions } = await ici.lire('suivi', ici.lieu);
    const vues = await uaisDesFiches(ici.page);
    assert.deepEqual(vues.toSorted(), actions.map(({ uai }) => uai).toSorted());
  },
};

/** The deployment's curve: the last month, as its data say it. */
async function verifierLaCourbe(ici) {
  // A school's sheet has none.
  if (ici.lieu.niveau === 'ecole') return;
  const { mois } = await ici.lire('deploiement/courbe', ici.lieu);
  assert.ok(mois.length > 1);
  const region = await montrerLesDonnees(ici.page, /^Données : Déploiement/, 'Déploiement');
  const derniere = (await rangees(ici.page, region)).at(-1);
  const { deployees, visitees, jamais_visitees: jamais } = mois.at(-1);
  assert.equal(colonne(derniere, 'Déployées'), espacer(NOMBRES.format(deployees)));
  assert.equal(colonne(derniere, 'Visitées dans le mois'), espacer(NOMBRES.format(visitees)));
  assert.equal(colonne(derniere, 'Jamais visitées'), espacer(NOMBRES.format(jamais)));
}

/** Rows of places against the API's, by the address that each name leads to. */
function comparer(lignes, attendues) {
  const mesures = new Map(attendues);
  const lues = lignes.filter(({ lien }) => lien !== null);
  assert.ok(lues.length >= Math.min(ASSEZ, mesures.size), `${lues.length} lignes`);
  for (const ligne of lues) {
    const [, lieu] = /territoires\/(\w+\/\w+)/.exec(ligne.lien);
    assert.equal(colonne(ligne, 'Visites'), ecrire(mesures.get(lieu), 'visites'), lieu);
  }
}

/** The schools of a list of cards, in its order. */
async function uaisDesFiches(page) {
  const liens = await page
    .getByRole('listitem')
    .getByRole('heading', { level: 3 })
    .getByRole('link')
    .all();
  const adresses = await Promise.all(liens.map((lien) => lien.getAttribute('href')));
  return adresses.map((adresse) => /\/ecole\/(\w+)/.exec(adresse)[1]);
}

/** A figure as the console writes it. */
function ecrire(mesures, nom) {
  return BLANCS[mesures.etat] ?? espacer(NOMBRES.format(mesures[nom]));
}
