// What each person has done before she looks: an incident and a break declared, a set of schools
// kept, a report asked for; an adviser's visits written down.

import assert from 'node:assert/strict';

const RECITS = {
  admin: async (page, { lundi, mardi, commune, ecoles }) => {
    const portee = { genre: 'territoire', niveau: 'commune', code: commune };
    await ecrire(page, 'incidents', {
      nature: 'incident',
      titre: 'Marqueurs coupés',
      explication: '',
      du: lundi,
      au: mardi,
      portee,
    });
    await ecrire(page, 'incidents', {
      nature: 'rupture',
      titre: 'Nouvelle messagerie',
      explication: 'Les messages lus comptent.',
      du: mardi,
      portee: { genre: 'territoire', niveau: 'departement', code: '066' },
    });
    await ecrire(page, 'perimetres', { nom: 'Écoles suivies', ecoles });
  },
  dsden66: async (page) => {
    const rapport = {
      modele: 'lettre',
      niveau: 'departement',
      code: '066',
      rythme: 'hebdomadaire',
    };
    await ecrire(page, 'rapports', rapport);
  },
  conseillere: async (page, { lundi, ecoles }) => {
    for (const uai of ecoles.slice(0, 3)) {
      await ecrire(page, 'suivi', { uai, jour: lundi, genre: 'visite', note: 'Prise en main' });
    }
  },
};

/** Does what this person did. */
export async function raconter(page, { identifiant }, attendus) {
  await RECITS[identifiant]?.(page, attendus);
}

async function ecrire(page, quoi, corps) {
  const [statut, texte] = await page.evaluate(
    async ([ou, envoi]) => {
      const reponse = await fetch(ou, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(envoi),
      });
      return [reponse.status, await reponse.text()];
    },
    [`/api/v1/${quoi}`, corps],
  );
  assert.ok(statut >= 200 && statut < 300, `${quoi} : ${statut} ${texte}`);
}
