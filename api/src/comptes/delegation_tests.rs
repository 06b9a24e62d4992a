use std::path::Path;
use std::sync::OnceLock;

use frequent_plan::{Lac, Niveau};
use frequent_territory::{Annuaires, import};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::comptes::PerimetreNomme;

fn annuaire() -> &'static Annuaire {
    static ANNUAIRE: OnceLock<std::sync::Arc<Annuaire>> = OnceLock::new();
    ANNUAIRE.get_or_init(|| {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        let fichier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/annuaire-occitanie.csv");
        let validite = import::date_du_fichier(&fichier).unwrap().unwrap();
        import::importer(&lac, &fichier, validite).unwrap();
        Annuaires::ouvrir(&lac).unwrap().courant().unwrap().clone()
    })
}

/// Territories of one département and above, and some of its schools.
fn perimetre() -> impl Strategy<Value = Perimetre> {
    let proches = annuaire().territoires().filter(|t| {
        t.niveau != Niveau::Ecole && (t.code.starts_with("066") || t.code.starts_with("66"))
            || t.niveau <= Niveau::Academie
    });
    let territoires: Vec<(Niveau, String)> = proches.map(|t| (t.niveau, t.code.clone())).collect();
    let ecoles: Vec<_> = annuaire()
        .ecoles_de(Niveau::Departement, "066")
        .map(|e| e.uai)
        .collect();
    (
        prop::collection::vec(select(territoires), 0..3),
        prop::collection::vec(select(ecoles), 0..3),
    )
        .prop_map(|(territoires, ecoles)| Perimetre::new(territoires, ecoles))
}

fn droits() -> impl Strategy<Value = Droits> {
    let plateformes = vec!["ONE-OCC".to_owned(), "ONE-NAQ".to_owned()];
    (
        select(Role::TOUS.to_vec()),
        perimetre(),
        prop::option::of(perimetre()),
        subsequence(plateformes, 0..=2),
    )
        .prop_filter_map(
            "an account sees something",
            |(role, propre, ensemble, p)| {
                let ensemble = ensemble.map(|perimetre| PerimetreNomme {
                    id: "e".to_owned(),
                    nom: "Ensemble".to_owned(),
                    parent: None,
                    perimetre,
                    cree_par: None,
                });
                Droits::composes(role, propre, ensemble.into_iter().collect(), p).ok()
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_given_is_never_wider_than_the_givers_own((donneur, donnes) in (droits(), droits())) {
        let annuaire = annuaire();
        if verifier_delegation(annuaire, &donneur, &donnes).is_err() {
            return Ok(());
        }
        for droit in donnes.role().droits() {
            prop_assert!(donneur.role().peut(*droit));
        }
        let (large, etroit) = (donneur.perimetre(), donnes.perimetre());
        for ecole in annuaire.ecoles() {
            let vue = etroit.contient_ecole(annuaire, ecole.uai);
            prop_assert!(!vue || large.contient_ecole(annuaire, ecole.uai));
        }
        for territoire in annuaire.territoires() {
            let vu = etroit.contient(annuaire, territoire.niveau, &territoire.code);
            prop_assert!(!vu || large.contient(annuaire, territoire.niveau, &territoire.code));
        }
        prop_assert!(donneur.voit_toute_plateforme() || !donnes.voit_toute_plateforme());
    }

    #[test]
    fn giving_in_turn_gives_no_more((a, b, c) in (droits(), droits(), droits())) {
        let annuaire = annuaire();
        if verifier_delegation(annuaire, &a, &b).is_ok()
            && verifier_delegation(annuaire, &b, &c).is_ok()
        {
            prop_assert_eq!(verifier_delegation(annuaire, &a, &c), Ok(()));
        }
    }
}

#[test]
fn a_head_gives_nothing_and_a_departement_no_more_than_its_own() {
    let annuaire = annuaire();
    let de = |role, niveau, code: &str| {
        Droits::composes(role, Perimetre::territoire(niveau, code), vec![], []).unwrap()
    };
    let directeur = de(Role::Directeur, Niveau::Ecole, "0660713S");
    assert_eq!(
        verifier_delegation(annuaire, &directeur, &directeur),
        Err(DelegationRefusee::Role)
    );
    let dsden = de(Role::Dsden, Niveau::Departement, "066");
    assert_eq!(verifier_delegation(annuaire, &dsden, &directeur), Ok(()));
    let voisine = de(Role::Conseiller, Niveau::Departement, "031");
    assert_eq!(
        verifier_delegation(annuaire, &dsden, &voisine),
        Err(DelegationRefusee::Perimetre)
    );
    let drane = de(Role::Drane, Niveau::Departement, "066");
    assert_eq!(
        verifier_delegation(annuaire, &dsden, &drane),
        Err(DelegationRefusee::RoleConfie(Role::Drane))
    );
    let fournisseur = Droits::new(None, ["ONE-OCC".to_owned()]).unwrap();
    let drane = de(Role::Drane, Niveau::Region, "76");
    assert_eq!(
        verifier_delegation(annuaire, &drane, &fournisseur),
        Err(DelegationRefusee::Plateforme)
    );
}
