//! Two thousand random days of one school, in memory, against the naive reference.

use std::collections::BTreeMap;

use frequent_plan::{Appareil, Axe, Jour, Navigateur, Os, Plan, Profil, TypeService, Uai};
use proptest::prelude::*;

use super::*;
use crate::colonnes::{Cellules, Membre};
use crate::comptes::Mesures;
use crate::ligne::Codes;
use crate::membres::{FERMES, Membres, TOUS, code_profil, plage};
use crate::presence::NumeroUai;
use crate::recoupement::compter_utilisateurs;
use crate::reference::{self, CleCellule, EvenementLu};

const ECOLE: NumeroUai = NumeroUai(660_713);
const OUTILS: [&str; 3] = ["", "PADLET", "Éléa"];
/// Steps between two events: none, one, the gap's limits.
const PAS: [u32; 6] = [0, 1, 59_999, 300_000, ECART_MS, ECART_MS + 1];

/// An event both as the core holds it and as the reference reads it.
#[derive(Debug, Clone)]
struct Double {
    ligne: Ligne,
    lu: EvenementLu,
}

fn double(pas: usize, personne: u32, quoi: u32, etiquettes: &Etiquettes, ts: &mut u32) -> Double {
    let plan = Plan::integre().unwrap();
    let choix = |decalage: u32, nombre: u32| u8::try_from((quoi >> decalage) % nombre).unwrap();
    *ts += PAS[pas];
    let profil = [Profil::Eleve, Profil::Parent][usize::from(choix(0, 2))];
    let service = plan.service_de_rang(choix(2, 4)).unwrap();
    let type_service = TypeService::de_rang(choix(4, 2)).unwrap();
    let appareil = Appareil::de_rang(choix(6, 3)).unwrap();
    let os = Os::de_rang(choix(9, 3)).unwrap();
    let navigateur = Navigateur::de_rang(choix(12, 3)).unwrap();
    let heure = choix(15, 24);
    let outil = match type_service {
        TypeService::Natif => "",
        TypeService::Tiers => OUTILS[usize::from(choix(20, 3))],
    };
    let (visiteur, client) = (u64::from(personne % 3), u64::from(personne / 3 % 2));
    let ligne = Ligne {
        uai: ECOLE,
        ts: *ts,
        visiteur,
        client,
        // Few enough for some to be equal in `ts` and ordered by id.
        id: [u64::from(quoi), u64::from(personne)],
        codes: Codes::de_profil(profil)
            | Codes::de_service(service.rang())
            | Codes::de_type(type_service)
            | Codes::d_appareil(appareil)
            | Codes::d_os(os)
            | Codes::de_navigateur(navigateur)
            | Codes::d_heure(heure),
        outil: etiquettes.outil(outil),
    };
    let id = [ligne.id[0].to_be_bytes(), ligne.id[1].to_be_bytes()].concat();
    let lu = EvenementLu {
        ts: i64::from(*ts),
        id,
        heure,
        uai: Uai::from(ECOLE).to_string(),
        profil: profil.code().into(),
        visiteur,
        client,
        service: plan.code(service).into(),
        type_service: type_service.code().into(),
        outil: outil.into(),
        appareil: appareil.code().into(),
        os: os.code().into(),
        navigateur: navigateur.code().into(),
        plateforme: "ONE".into(),
        projet: String::new(),
        exploitant: String::new(),
    };
    Double { ligne, lu }
}

fn par_le_coeur(mut lignes: Vec<Ligne>, etiquettes: &Etiquettes) -> reference::Cellules {
    let membres = Membres::du_plan(&Plan::integre().unwrap());
    lignes.sort_unstable_by(Ligne::ordre);
    let (mut cube, mut presences) = (Cube::default(), Vec::new());
    compter(&lignes, etiquettes, &mut cube, &mut presences);
    assert!(presences.is_sorted_by_key(Presence::cle));
    compter_utilisateurs(&presences, etiquettes, &mut cube);
    let mut cellules = Cellules::default();
    let code = Uai::from(ECOLE).to_string();
    cellules.ajouter(code.clone(), &cube, &membres, etiquettes);
    let textes = cellules.iter().map(|(_, profil, membre, mesures)| {
        let (axe, membre) = match membre {
            Membre::Outil(outil) => (Axe::Outil, etiquettes.libelle(outil).to_string()),
            Membre::Ferme(position) => {
                let axe = Axe::TOUS
                    .iter()
                    .find(|axe| plage(**axe).contains(&position));
                (*axe.unwrap(), membres.code(position).to_owned())
            }
        };
        let profil = code_profil(profil).to_owned();
        (
            CleCellule {
                code: code.clone(),
                profil,
                axe: axe.code(),
                membre,
            },
            mesures,
        )
    });
    textes.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_school_s_day_is_the_reference_s(
        tirages in prop::collection::vec((0_usize..PAS.len(), 0_u32..6, any::<u32>()), 1..30),
    ) {
        let (etiquettes, mut ts) = (Etiquettes::new(), 1_000_000);
        let doubles: Vec<Double> = tirages
            .into_iter()
            .map(|(pas, personne, quoi)| double(pas, personne, quoi, &etiquettes, &mut ts))
            .collect();
        let lus = doubles.iter().map(|d| d.lu.clone()).collect();
        let jours = BTreeMap::from([(Jour::de_epoque(20_000), lus)]);
        let attendues = reference::cellules(&jours, |uai| Some(uai.to_owned()));
        // An identifier drawn twice is for `unicite`: keep what the reference keeps.
        let mut par_id: BTreeMap<[u64; 2], &Double> = BTreeMap::new();
        for d in &doubles {
            let retenu = par_id.entry(d.ligne.id).or_insert(d);
            if d.lu < retenu.lu {
                *retenu = d;
            }
        }
        let lignes = par_id.into_values().map(|d| d.ligne).collect();
        prop_assert_eq!(par_le_coeur(lignes, &etiquettes), attendues);
    }
}

#[test]
fn a_gap_of_exactly_1_800_s_stays_in_the_visit_and_a_millisecond_more_does_not() {
    let etiquettes = Etiquettes::new();
    for (pas, visites) in [(4, 1), (5, 2)] {
        let mut ts = 0;
        let lignes = vec![
            double(0, 0, 0, &etiquettes, &mut ts).ligne,
            double(pas, 0, 1 << 2, &etiquettes, &mut ts).ligne,
        ];
        let (mut cube, mut presences) = (Cube::default(), Vec::new());
        compter(&lignes, &etiquettes, &mut cube, &mut presences);
        compter_utilisateurs(&presences, &etiquettes, &mut cube);
        let total = cube.comptes(TOUS).unwrap().fermes[TOTAL];
        let duree_ms = if visites == 1 { 1_800_000 } else { 0 };
        let attendu = Mesures {
            visites,
            utilisateurs: 1,
            duree_ms,
            evenements: 2,
        };
        assert_eq!(total, attendu);
        assert_eq!(presences.len(), 1);
        assert!(presences[0].masque() < 1 << FERMES);
    }
}
