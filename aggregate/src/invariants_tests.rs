use super::*;
use crate::reference::{EvenementLu, cellules};
use frequent_plan::Jour;

/// Two persons, one of them in both schools and under two profiles, with a tool.
fn evenements() -> Vec<EvenementLu> {
    let un = |numero: u8, uai: &str, profil: &str, visiteur, ts, type_service: &str| EvenementLu {
        ts,
        id: vec![numero; 16],
        heure: 9,
        uai: uai.into(),
        profil: profil.into(),
        visiteur,
        client: 0,
        service: if ts % 2 == 0 { "ACCUEIL" } else { "NOTES" }.into(),
        type_service: type_service.into(),
        outil: if type_service == "TIERS" {
            "PADLET"
        } else {
            ""
        }
        .into(),
        appareil: "ORDINATEUR".into(),
        os: "LINUX".into(),
        navigateur: "FIREFOX".into(),
        plateforme: "ONE".into(),
        projet: String::new(),
        exploitant: String::new(),
    };
    vec![
        un(1, "A", "PARENT", 1, 1_000, "NATIF"),
        un(2, "A", "PARENT", 1, 61_001, "TIERS"),
        un(3, "A", "PARENT", 1, 90_000, "NATIF"),
        un(4, "B", "PARENT", 1, 5_000, "NATIF"),
        un(5, "B", "ENSEIGNANT", 1, 9_000, "NATIF"),
        un(6, "B", "ELEVE", 2, 7_000, "NATIF"),
    ]
}

fn compter(code: impl Fn(&str) -> Option<String>) -> Cellules {
    cellules(
        &BTreeMap::from([(Jour::de_epoque(20_000), evenements())]),
        code,
    )
}

fn ecoles() -> Cellules {
    compter(|uai| Some(uai.to_owned()))
}

fn territoire() -> Cellules {
    compter(|_| Some("T".to_owned()))
}

/// The number of the invariant that `alterer` breaks in the cell of this axis and member, under
/// PARENT or, where it is said, under another profile.
fn contredit(profil: &str, membre: &str, alterer: impl FnOnce(&mut Mesures)) -> &'static str {
    let mut cellules = ecoles();
    let cle = cellules
        .keys()
        .find(|c| c.profil == profil && c.membre == membre)
        .cloned()
        .unwrap();
    alterer(cellules.get_mut(&cle).unwrap());
    verifier(&cellules).unwrap_err().numero
}

#[test]
fn true_cells_contradict_nothing() {
    verifier(&ecoles()).unwrap();
    verifier(&territoire()).unwrap();
    verifier_niveau(&territoire(), &ecoles(), |_| Some("T".to_owned())).unwrap();
    verifier_periode(&ecoles(), &[ecoles(), ecoles()]).unwrap_err();
    let deux = cellules(
        &BTreeMap::from([
            (Jour::de_epoque(20_000), evenements()),
            (Jour::de_epoque(20_001), evenements()),
        ]),
        |uai| Some(uai.to_owned()),
    );
    verifier_periode(&deux, &[ecoles(), ecoles()]).unwrap();
}

#[test]
fn each_invariant_sees_what_contradicts_it() {
    assert_eq!(contredit("PARENT", "LINUX", |m| m.duree_ms += 1), "I1");
    assert_eq!(contredit("PARENT", "ACCUEIL", |m| m.duree_ms += 1), "I2");
    assert_eq!(contredit("PARENT", "TIERS", |m| m.evenements += 1), "I2");
    assert_eq!(contredit("PARENT", "9", |m| m.utilisateurs = 0), "I3");
    assert_eq!(
        contredit("PARENT", "NOTES", |m| (m.visites, m.evenements) = (9, 9)),
        "I5"
    );
    assert_eq!(
        contredit("PARENT", "PADLET", |m| m.duree_ms += 1_000_000),
        "I6"
    );
    let tous = |alterer: fn(&mut Mesures)| {
        let mut cellules = ecoles();
        for (cle, mesures) in &mut cellules {
            if cle.profil == TOUS_PROFILS && cle.code == "B" {
                alterer(mesures);
            }
        }
        verifier(&cellules).unwrap_err().numero
    };
    assert_eq!(
        tous(|m| (m.visites, m.evenements) = (2 * m.visites, 2 * m.evenements)),
        "I4"
    );
}

#[test]
fn a_territory_counts_a_person_of_two_schools_once_and_no_less() {
    let seuls = |cle: &CleCellule| cle.axe == "total" && cle.profil == TOUS_PROFILS;
    for (utilisateurs, juste) in [(1, false), (2, true), (3, true), (4, false)] {
        let mut territoire = territoire();
        let cle = territoire.keys().find(|cle| seuls(cle)).cloned().unwrap();
        territoire.get_mut(&cle).unwrap().utilisateurs = utilisateurs;
        let verdict = verifier_niveau(&territoire, &ecoles(), |_| Some("T".to_owned()));
        assert_eq!(verdict.is_ok(), juste, "{utilisateurs}");
    }
    assert_eq!(
        territoire()
            .iter()
            .find(|(cle, _)| seuls(cle))
            .unwrap()
            .1
            .utilisateurs,
        2
    );
}
