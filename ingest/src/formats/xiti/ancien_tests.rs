use super::super::{Contenu, Defauts, Hit};
use super::*;

const DEFAUTS: Defauts<'static> = Defauts {
    plateforme: "ONE-OCC",
    projet: "ENT-ECOLE",
    exploitant: "EDIFICE",
};

fn traduire(requete: &str) -> Result<Brut<'_>, Refus> {
    let plan = Plan::integre().unwrap();
    match Hit::lire(requete.as_bytes()).contenu(DEFAUTS)? {
        Contenu::Ancien(ancien) => ancien.traduire(&plan, |numero| {
            (numero == "1234").then(|| Uai::depuis_nombre(660_713))
        }),
        autre => panic!("un hit ancien était attendu : {autre:?}"),
    }
}

fn refus(requete: &str) -> (String, Raison) {
    let refus = traduire(requete).unwrap_err();
    (refus.champ, refus.raison)
}

const PAGE: &str = "s=1&s2=1234&p=Cahier&x1=9&x2=2&x3=ENT&x4=ONE-PACA&at=49&ac=1";

#[test]
fn codes_and_numbers_become_todays() {
    let brut = traduire(PAGE).unwrap();
    assert_eq!(brut.uai.as_deref(), Some("0660713S"));
    assert_eq!(brut.service.as_deref(), Some("CAHIER_TEXTES"));
    assert_eq!(brut.profil.as_deref(), Some("ENSEIGNANT"));
    assert_eq!(brut.projet.as_deref(), Some("ENT"));
    assert_eq!(brut.plateforme.as_deref(), Some("ONE-PACA"));
    assert_eq!(brut.exploitant.as_deref(), Some("EDIFICE"));
    assert_eq!(brut.visiteur.as_deref(), Some("49"));
    assert_eq!(brut.ts, None);
}

#[test]
fn an_empty_or_absent_service_is_the_home_page_and_the_sites_own_values_fill_in() {
    for requete in ["s=1&s2=1234&x1=&x2=1&at=4", "s=1&s2=1234&x2=1&x4=&at=4"] {
        let brut = traduire(requete).unwrap();
        assert_eq!(brut.service.as_deref(), Some("ACCUEIL"), "{requete}");
        assert_eq!(brut.plateforme.as_deref(), Some("ONE-OCC"));
        assert_eq!(brut.projet.as_deref(), Some("ENT-ECOLE"));
    }
}

#[test]
fn texts_written_between_brackets_are_read_without_them() {
    let brut = traduire("s=1&s2=%5B1234%5D&x1=[3]&x2=[7]&x4=%5BONE-PACA%5D&at=4").unwrap();
    assert_eq!(brut.service.as_deref(), Some("NOTES"));
    assert_eq!(brut.profil.as_deref(), Some("COLLECTIVITE"));
    assert_eq!(brut.plateforme.as_deref(), Some("ONE-PACA"));
}

#[test]
fn another_profile_code_is_other_and_another_service_code_is_left_to_the_conversions() {
    let brut = traduire("s=1&s2=1234&x1=8&x2=6&at=4").unwrap();
    assert_eq!(brut.profil.as_deref(), Some("AUTRE"));
    assert_eq!(brut.service.as_deref(), Some("8"));
}

#[test]
fn a_number_that_is_a_uai_is_the_school_and_an_unknown_one_is_refused_by_its_own_reason() {
    let requete = PAGE.replace("1234", "0311667U");
    let brut = traduire(&requete).unwrap();
    assert_eq!(brut.uai.as_deref(), Some("0311667U"));
    for numero in ["99", "0311667T"] {
        let refus = traduire(&PAGE.replace("1234", numero)).unwrap_err();
        let attendu = Refus::de_valeur("s2", Raison::EtablissementInconnu, numero);
        assert_eq!(refus, attendu);
        assert_eq!(refus.valeur.as_deref(), Some(numero));
    }
}

#[test]
fn what_is_missing_or_cannot_be_read_is_named_as_the_tag_names_it() {
    let manque = |champ: &str| (champ.to_owned(), Raison::ChampManquant);
    assert_eq!(refus("s=1&x1=9&x2=2&at=4"), manque("s2"));
    assert_eq!(refus("s=1&s2=&x1=9&x2=2&at=4"), manque("s2"));
    assert_eq!(refus("s=1&s2=1234&x1=9&at=4"), manque("x2"));
    let illisible = Hit::lire(b"s=1&s2=1234&x1=%ZZ&x2=2").contenu(DEFAUTS);
    assert_eq!(illisible, Err(Refus::de("x1", Raison::RequeteIllisible)));
}

#[test]
fn todays_properties_make_it_a_hit_of_todays_tag() {
    for propriete in ["service=NOTES", "profil=ELEVE", "uai=0660713S"] {
        let requete = format!("{PAGE}&{propriete}");
        let lu = Hit::lire(requete.as_bytes()).contenu(DEFAUTS);
        assert!(matches!(lu, Ok(Contenu::Un(_))), "{propriete}");
    }
}

#[test]
fn a_click_with_a_service_code_is_an_access_and_one_without_is_not() {
    let contenu = |requete: &str| {
        let lu = Hit::lire(requete.as_bytes()).contenu(DEFAUTS).unwrap();
        matches!(lu, Contenu::Ancien(_))
    };
    assert!(contenu(&format!("{PAGE}&click=N")));
    assert!(!contenu(&format!("{PAGE}&click=A")));
    assert!(!contenu("s=1&s2=1234&x1=&x2=2&at=4&click=N"));
}
