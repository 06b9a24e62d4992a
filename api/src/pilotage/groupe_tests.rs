use proptest::prelude::*;

use super::*;

fn nomme(code: &str) -> Arc<CodeNom> {
    Arc::new(CodeNom {
        code: code.to_owned(),
        nom: code.to_owned(),
    })
}

/// A school of a département (of two in the académie, of four in the region).
fn ecole(rang: u32, departement: u32, college: bool, prive: bool, effectif: Option<u32>) -> Ecole {
    let type_etablissement = if college { "Collège" } else { "Ecole" };
    Ecole {
        uai: Uai::depuis_nombre(310_000 + rang),
        nom: format!("École {rang}"),
        type_etablissement: type_etablissement.to_owned(),
        nature: String::new(),
        secteur: if prive {
            Secteur::Prive
        } else {
            Secteur::Public
        },
        commune: nomme("31555"),
        departement: nomme(&format!("{departement:03}")),
        academie: nomme(&format!("{:02}", departement / 2)),
        region: nomme("76"),
        circonscription: None,
        effectif,
        education_prioritaire: None,
        position: None,
        etat: Etat::Ouvert,
        ministere: String::new(),
    }
}

fn annuaire(ecoles: Vec<Ecole>) -> Annuaire {
    Annuaire::new("2024-11-26".parse().unwrap(), ecoles)
}

fn eleves(ecole: &Ecole) -> Option<u64> {
    ecole.effectif.map(u64::from)
}

#[test]
fn the_territory_widens_until_there_are_eight_peers() {
    let mut ecoles: Vec<Ecole> = (0..5)
        .map(|r| ecole(r, 0, false, false, Some(120)))
        .collect();
    ecoles.extend((5..9).map(|r| ecole(r, 1, false, false, Some(150))));
    ecoles.extend((9..20).map(|r| ecole(r, 2, false, false, Some(150))));
    let une = ecoles[0].clone();
    let groupe = pairs(&annuaire(ecoles), &une, eleves, |_| true);
    assert_eq!(groupe.territoire.0, Niveau::Academie);
    assert_eq!(groupe.ecoles.len(), 8);
    assert!(!groupe.ecoles.contains(&une.uai));
}

#[test]
fn a_school_alone_of_its_kind_has_the_region_and_no_peer() {
    let ecoles = vec![
        ecole(0, 0, false, false, Some(120)),
        ecole(1, 0, true, false, Some(120)),
        ecole(2, 0, false, true, Some(120)),
        ecole(3, 0, false, false, Some(20)),
        ecole(4, 0, false, false, None),
    ];
    let une = ecoles[0].clone();
    let groupe = pairs(&annuaire(ecoles), &une, eleves, |_| true);
    assert_eq!(groupe.territoire.0, Niveau::Region);
    assert_eq!(groupe.ecoles, []);
}

proptest! {
    #[test]
    fn peers_are_those_that_a_search_one_by_one_finds(
        decrites in proptest::collection::vec(
            (0_u32..4, any::<bool>(), any::<bool>(), proptest::option::of(0_u32..300)), 1..60)
    ) {
        let ecoles: Vec<Ecole> = (0_u32..)
            .zip(&decrites)
            .map(|(r, (d, college, prive, effectif))| ecole(r, *d, *college, *prive, *effectif))
            .collect();
        let une = ecoles[0].clone();
        let admise = |uai: Uai| uai.as_str().len() == 8 && uai != Uai::depuis_nombre(310_003);
        let groupe = pairs(&annuaire(ecoles.clone()), &une, eleves, admise);
        let semblables = |meme: &dyn Fn(&Ecole) -> bool| -> Vec<Uai> {
            let semblable = |e: &&Ecole| {
                e.uai != une.uai
                    && (e.type_etablissement.as_str(), e.secteur)
                        == (une.type_etablissement.as_str(), une.secteur)
                    && e.effectif.map(|n| TrancheEffectif::de(n.into()))
                        == une.effectif.map(|n| TrancheEffectif::de(n.into()))
                    && admise(e.uai)
                    && meme(e)
            };
            let mut uais: Vec<Uai> = ecoles.iter().filter(semblable).map(|e| e.uai).collect();
            uais.sort_unstable();
            uais
        };
        let mut attendues = semblables(&|e| e.departement == une.departement);
        if attendues.len() < PAIRS_MIN {
            attendues = semblables(&|e| e.academie == une.academie);
        }
        if attendues.len() < PAIRS_MIN {
            attendues = semblables(&|_| true);
        }
        prop_assert_eq!(groupe.ecoles, attendues);
    }
}
