import { describe, expect, it } from 'vitest';
import type { Calendrier, Cellule, Cellules, LigneTableau, Mesures, Plan } from '../api/types';
import type { Blanc } from '../api/contrat';
import { periode } from '../calendrier/periodes';
import { VUE_INITIALE } from '../etat/adresse';
import { lignesAppareils } from './appareils';
import { bornes, classe } from './chaleur';
import { etendueDessinee, profilsPresents, semainesMesurees, valeurSemaine } from './evolution';
import { joursAVenir, joursPasses } from './moments';
import { etendueDe, lignesMembres } from './membres';
import { lignesVues } from './tableau';

const PLAN = {
  profils: [
    { code: 'ELEVE', libelle: 'Élèves' },
    { code: 'PARENT', libelle: 'Parents' },
  ],
  appareils: [
    { code: 'ORDINATEUR', libelle: 'Ordinateur' },
    { code: 'SMARTPHONE', libelle: 'Smartphone' },
  ],
  services: [
    { code: 'ACCUEIL', theme: 'ACCUEIL', libelle: 'Page d’accueil' },
    { code: 'NOTES', theme: 'GESTION', libelle: 'Notes' },
  ],
} as Plan;

const CALENDRIER: Calendrier = {
  annee: '2026-2027',
  debut: '2026-08-01',
  fin: '2027-07-31',
  zone: 'C',
  vacances: [],
  aujourdhui: '2026-11-21',
  premier_jour_mesure: '2026-11-03',
  dernier_jour_mesure: '2026-11-20',
};

function cellule(champs: Partial<Cellule>): Cellule {
  const rien = { etat: 'mesure', visites: 0, utilisateurs: 0, duree_ms: 0, evenements: 0 } as const;
  const place = {
    code: '031',
    debut: '',
    fin: '',
    en_cours: false,
    profil: 'TOUS',
    axe: 'total',
    membre: 'TOTAL',
  };
  return { ...place, ...rien, ...champs };
}

function reponse(
  cellules: Cellule[],
  premier: string | null,
): Pick<Cellules, 'cellules' | 'couverture'> {
  const couverture = {
    premier_jour: premier,
    dernier_jour: premier && '2026-11-20',
    calcule_le: null,
    annuaire: null,
    ecoles_mesurees: 12,
    ecoles_deployees: null,
    mesurees_sans_convention: null,
  };
  return { couverture, cellules };
}

describe('the weekly series', () => {
  const semaines = semainesMesurees(
    reponse(
      [
        cellule({ debut: '2026-11-02', visites: 40 }),
        cellule({ debut: '2026-11-02', visites: 30, profil: 'ELEVE' }),
        cellule({ debut: '2026-11-16', visites: 12 }),
      ],
      '2026-11-03',
    ),
    CALENDRIER,
    'visites',
  );

  it('goes from the first week measured to the last, an absent week being a measured zero', () => {
    expect(semaines.map((s) => [s.debut, valeurSemaine(s, 'TOUS')])).toEqual([
      ['2026-11-02', 40],
      ['2026-11-09', 0],
      ['2026-11-16', 12],
    ]);
  });

  it('marks the week whose last day has not ended', () => {
    expect(semaines.map((s) => s.enCours)).toEqual([false, false, true]);
  });

  it('names only the profiles that came', () => {
    expect(profilsPresents(semaines, PLAN.profils).map((p) => p.code)).toEqual(['ELEVE']);
  });

  it('is empty before anything was measured', () => {
    expect(semainesMesurees(reponse([], null), CALENDRIER, 'visites')).toEqual([]);
  });

  it('is drawn from the first days of school to a few weeks ahead, within the year', () => {
    expect(etendueDessinee(semaines, CALENDRIER)).toEqual(['2026-08-31', '2027-01-04']);
    const passee = { ...CALENDRIER, aujourdhui: '2027-09-10' };
    expect(etendueDessinee(semaines, passee)).toEqual(['2026-08-31', '2027-07-31']);
  });
});

describe('the services', () => {
  const semaine = periode('semaine', '2026-11-09');
  const lignesServices = (cellules: Cellule[], totaux: Cellule[] = []) =>
    lignesMembres(
      PLAN.services,
      { cellules },
      { cellules: totaux },
      {
        profil: 'TOUS',
        profils: ['ELEVE', 'PARENT'],
        etendue: etendueDe(semaine, '2026-11-21', '2026-11-02'),
      },
    );

  it('are all there, zero included', () => {
    const lignes = lignesServices([
      cellule({ debut: '2026-11-09', membre: 'NOTES', visites: 7, utilisateurs: 3 }),
    ]);
    expect(lignes.map((l) => [l.code, l.visites, l.utilisateurs])).toEqual([
      ['ACCUEIL', 0, 0],
      ['NOTES', 7, 3],
    ]);
  });

  it('reach a share of the users who came, and change from the period before', () => {
    const totaux = [
      cellule({ debut: '2026-11-09', visites: 40, utilisateurs: 12 }),
      cellule({ debut: '2026-11-09', profil: 'ELEVE', visites: 30, utilisateurs: 10 }),
    ];
    const [, notes] = lignesServices(
      [
        cellule({ debut: '2026-11-02', membre: 'NOTES', visites: 5, utilisateurs: 2 }),
        cellule({ debut: '2026-11-09', membre: 'NOTES', visites: 10, utilisateurs: 3 }),
        cellule({
          debut: '2026-11-09',
          profil: 'ELEVE',
          membre: 'NOTES',
          visites: 9,
          utilisateurs: 2,
        }),
      ],
      totaux,
    );
    expect([notes?.portee, notes?.part, notes?.evolution]).toEqual([0.25, 0.25, 100]);
    expect(notes?.serie).toEqual([5, 10]);
    expect(notes?.parProfil.get('ELEVE')).toMatchObject({ portee: 0.2, part: 0.3 });
    expect(notes?.parProfil.get('PARENT')).toMatchObject({ visites: 0, portee: null });
  });

  it('of a period that goes on are compared over the two last whole ones', () => {
    const etendue = etendueDe(periode('semaine', '2026-11-16'), '2026-11-18', '2026-10-26');
    expect(etendue.periodes).toHaveLength(4);
    expect([etendue.avant, etendue.apres]).toEqual(['2026-11-02', '2026-11-09']);
  });
});

describe('the devices', () => {
  it('make a row for everyone and one for each profile that came', () => {
    const lignes = lignesAppareils(
      PLAN,
      [
        cellule({ profil: 'TOUS', membre: 'SMARTPHONE', visites: 9 }),
        cellule({ profil: 'PARENT', membre: 'SMARTPHONE', visites: 9 }),
      ],
      [],
    );
    expect(lignes.map((l) => [l.code, l.total])).toEqual([
      ['TOUS', 9],
      ['PARENT', 9],
    ]);
    expect(lignes[0]?.parts.map((p) => p.visites)).toEqual([0, 9]);
  });
});

describe('what is masked', () => {
  const masque = {
    etat: 'masque',
    visites: null,
    utilisateurs: null,
    duree_ms: null,
    evenements: null,
  } as const;

  it('is no zero in a week, nor in the services', () => {
    const masquee = [cellule({ debut: '2026-11-09', ...masque })];
    const semaines = semainesMesurees(reponse(masquee, '2026-11-03'), CALENDRIER, 'visites');
    expect(semaines.map((s) => valeurSemaine(s, 'TOUS'))).toEqual([0, 'masque', 0]);
    const [, notes] = lignesMembres(
      PLAN.services,
      { cellules: [cellule({ debut: '2026-11-09', membre: 'NOTES', ...masque })] },
      { cellules: [] },
      {
        profil: 'TOUS',
        profils: [],
        etendue: etendueDe(periode('semaine', '2026-11-09'), '2026-11-21', null),
      },
    );
    expect([notes?.visites, notes?.utilisateurs, notes?.duree]).toEqual([
      'masque',
      'masque',
      'masque',
    ]);
  });

  it('of devices leaves the total that the profile shows, and no sum of the others', () => {
    const mesures = {
      ...masque,
      etat: 'mesure',
      visites: 12,
      utilisateurs: 7,
      duree_ms: 0,
      evenements: 0,
    } as const;
    const cellules = [
      cellule({ membre: 'ORDINATEUR', visites: 9 }),
      cellule({ membre: 'SMARTPHONE', ...masque }),
    ];
    const avec = lignesAppareils(PLAN, cellules, [{ profil: 'TOUS', ...mesures }]);
    expect(avec[0]?.total).toBe(12);
    expect(lignesAppareils(PLAN, cellules, [])[0]?.total).toBe('masque');
  });
});

describe('the heat map', () => {
  it('has classes that end at the maximum and hold every count', () => {
    const limites = bornes(1624);
    expect(limites).toEqual([65, 260, 580, 1000, 1624]);
    expect([0, 1, 65, 66, 1624].map((n) => classe(n, limites))).toEqual([0, 1, 1, 2, 5]);
  });

  it('has fewer classes for few visits, none for none', () => {
    expect(bornes(2)).toEqual([1, 2]);
    expect(bornes(0)).toEqual([]);
    expect(classe(0, [])).toBe(0);
  });

  const jours = [1, 2, 3, 4, 5, 6, 7].map((jour) => ({ jour, heures: [] }));

  it('leaves out the days still to come, and names them', () => {
    const semaine = periode('semaine', '2026-11-18');
    expect(joursPasses(jours, semaine, '2026-11-18').map((j) => j.jour)).toEqual([1, 2, 3]);
    expect(joursAVenir(semaine, '2026-11-18')).toEqual([4, 5, 6, 7]);
  });

  it('shows the whole week of a finished month, one day of a day', () => {
    expect(joursPasses(jours, periode('mois', '2026-10-01'), '2026-11-18')).toHaveLength(7);
    expect(joursPasses(jours, periode('jour', '2026-11-15'), '2026-11-18')).toEqual([jours[6]]);
  });
});

describe('the table', () => {
  const mesures = (visites: number): Mesures => ({
    etat: 'mesure',
    visites,
    utilisateurs: visites,
    duree_ms: 0,
    evenements: 0,
  });
  const ligne = (nom: string, visites: number, avant: number | null): LigneTableau => ({
    code: nom,
    nom,
    precision: 'Céret',
    type: 'Ecole',
    mesures: mesures(visites),
    comparees: mesures(visites),
    precedentes: avant === null ? null : mesures(avant),
    effectif: null,
    taux_utilisateurs: null,
    serie: [],
  });
  const lignes = [ligne('École 10', 5, 10), ligne('École 2', 0, 8), ligne('Élémentaire', 9, null)];
  const noms = (vue: Partial<typeof VUE_INITIALE>) =>
    lignesVues(lignes, { ...VUE_INITIALE, ...vue }).map((l) => l.nom);

  it('sorts by visits first', () => {
    expect(noms({})).toEqual(['Élémentaire', 'École 10', 'École 2']);
  });

  it('sorts names as people do: numbers by value, accents aside', () => {
    expect(noms({ tri: 'nom', decroissant: false })).toEqual([
      'École 2',
      'École 10',
      'Élémentaire',
    ]);
  });

  it('puts rows without the figure last, both ways', () => {
    expect(noms({ tri: 'evolution', decroissant: true }).at(-1)).toBe('Élémentaire');
    expect(noms({ tri: 'evolution', decroissant: false }).at(-1)).toBe('Élémentaire');
  });

  it('puts masked, unmeasured and undeployed rows last, in that order, both ways', () => {
    const blanche = (nom: string, etat: Blanc): LigneTableau => ({
      ...ligne(nom, 0, null),
      mesures: { etat, visites: null, utilisateurs: null, duree_ms: null, evenements: null },
    });
    const toutes = [
      blanche('A', 'non_deploye'),
      blanche('B', 'non_mesure'),
      blanche('C', 'masque'),
      ...lignes,
    ];
    for (const decroissant of [true, false]) {
      const vues = lignesVues(toutes, { ...VUE_INITIALE, tri: 'utilisateurs', decroissant });
      expect(vues.slice(-3).map((l) => l.nom)).toEqual(['C', 'B', 'A']);
    }
    expect(lignesVues(toutes, { ...VUE_INITIALE, sansVisite: true })).toHaveLength(1);
  });

  it('filters by words of the name or the commune, whatever the accents', () => {
    expect(noms({ filtre: 'ecole ceret' })).toEqual(['École 10', 'École 2']);
    expect(noms({ filtre: 'paris' })).toEqual([]);
  });

  it('can keep only those that nobody visited', () => {
    expect(noms({ sansVisite: true })).toEqual(['École 2']);
  });
});
