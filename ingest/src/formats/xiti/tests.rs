use super::*;

const DEFAUTS: Defauts<'static> = Defauts {
    plateforme: "ONE-OCC",
    projet: "ENT-ECOLE",
    exploitant: "EDIFICE",
};

fn contenu(requete: &str) -> Result<Contenu<'_>, Refus> {
    Hit::lire(requete.as_bytes()).contenu(DEFAUTS)
}

fn un(requete: &str) -> Brut<'_> {
    match contenu(requete) {
        Ok(Contenu::Un(brut)) => brut,
        autre => panic!("un accès était attendu : {autre:?}"),
    }
}

fn raison(requete: &str) -> (String, Raison) {
    let refus = contenu(requete).unwrap_err();
    (refus.champ, refus.raison)
}

const PAGE: &str = "s=1&idclient=c&at=49&p=conversation&s2=0660713S&service=NOTES&type=TIERS\
                    &outil=UNIVERSALIS%20JUNIOR&uai=0311667U&profil=ELEVE";

#[test]
fn a_page_hit_gives_its_properties_and_the_sites_own_for_the_rest() {
    let brut = un(PAGE);
    assert_eq!(brut.visiteur.as_deref(), Some("49"));
    assert_eq!(brut.client.as_deref(), Some("c"));
    assert_eq!(brut.uai.as_deref(), Some("0311667U"));
    assert_eq!(brut.outil.as_deref(), Some("UNIVERSALIS JUNIOR"));
    assert_eq!(brut.plateforme.as_deref(), Some("ONE-OCC"));
    assert_eq!(brut.projet.as_deref(), Some("ENT-ECOLE"));
    assert_eq!(brut.exploitant.as_deref(), Some("EDIFICE"));
    assert_eq!(brut.ts, None);
}

#[test]
fn the_school_is_the_level_2_when_the_property_is_missing_or_empty() {
    assert_eq!(
        un("s=1&at=4&s2=0660713S&service=A").uai.as_deref(),
        Some("0660713S")
    );
    assert_eq!(
        un("s=1&at=4&s2=0660713S&uai=&service=A").uai.as_deref(),
        Some("0660713S")
    );
}

#[test]
fn an_unescaped_referrer_neither_eats_nor_breaks_anything() {
    for referent in [
        "https://ent.fr/?a=1&service=FAUX&profil=AUTRE&mherr=1",
        "&&==%zz%",
        "%",
        "http://x/%C3",
        "x&ref=y&click=A",
    ] {
        assert_eq!(
            un(&format!("{PAGE}&ref={referent}")),
            un(PAGE),
            "{referent}"
        );
    }
    assert_eq!(Hit::lire(b"ref=a&s=1").site(), None);
}

#[test]
fn the_first_of_two_parameters_stands() {
    assert_eq!(
        un(&format!("{PAGE}&profil=PARENT")).profil.as_deref(),
        Some("ELEVE")
    );
}

#[test]
fn a_page_name_written_raw_harms_nothing() {
    let requete = PAGE.replace("p=conversation", "p=100%&longue & é=b&");
    assert_eq!(un(&requete).service.as_deref(), Some("NOTES"));
}

#[test]
fn a_hit_cut_inside_an_escape_is_unreadable_wherever_it_was_cut() {
    let illisible = (String::new(), Raison::RequeteIllisible);
    for fin in ["&p=%", "&p=%C", "&outil=X%2", "%"] {
        assert_eq!(raison(&format!("{PAGE}{fin}")), illisible, "{fin}");
    }
}

#[test]
fn a_property_badly_escaped_or_not_utf8_is_named() {
    assert_eq!(
        raison(&PAGE.replace("NOTES", "NO%TES")),
        ("service".to_owned(), Raison::RequeteIllisible)
    );
    assert_eq!(
        raison(&PAGE.replace("ELEVE", "%E9l%E8ve")),
        ("profil".to_owned(), Raison::Utf8Invalide)
    );
}

#[test]
fn navigation_and_exit_clicks_with_a_service_are_accesses_and_no_others() {
    for click in ["N", "S"] {
        assert!(matches!(
            contenu(&format!("{PAGE}&click={click}")),
            Ok(Contenu::Un(_))
        ));
        let sans_service = format!("s=1&at=4&uai=0660713S&click={click}");
        assert_eq!(contenu(&sans_service), Ok(Contenu::Rien));
    }
    for click in ["A", "T", "F", ""] {
        assert_eq!(contenu(&format!("{PAGE}&click={click}")), Ok(Contenu::Rien));
    }
}

#[test]
fn the_tag_giving_up_is_named() {
    assert_eq!(
        raison("s=1&idclient=c&mherr=1"),
        ("mherr".to_owned(), Raison::AbandonDuMarqueur)
    );
}

fn col2(events: &str, reste: &str) -> String {
    let events = percent_encoding::utf8_percent_encode(events, percent_encoding::NON_ALPHANUMERIC);
    format!("s=1&col=2&at=12&profil=ELEVE&service=ACCUEIL{reste}&events={events}&ref=x")
}

#[test]
fn the_events_of_a_hit_override_its_properties_one_by_one() {
    let requete = col2(
        r#"[{"name":"page.display","data":{"page":"x","service":"NOTES"}},
            {"name":"click.action","data":{"service":"ABSENCES"}},
            {"name":"click.navigation","data":{"uai":"0311667U","type":{"$":"TIERS","x":1}}},
            {"name":"page.display","data":{"service":["NOTES"]}}]"#,
        "&uai=0660713S",
    );
    let Ok(Contenu::Plusieurs(lus)) = contenu(&requete) else {
        panic!("des événements étaient attendus");
    };
    let rangs: Vec<_> = lus.iter().map(|(rang, _)| *rang).collect();
    assert_eq!(rangs, [0, 2, 3]);
    let (premier, second) = (lus[0].1.as_ref().unwrap(), lus[1].1.as_ref().unwrap());
    assert_eq!(premier.service.as_deref(), Some("NOTES"));
    assert_eq!(premier.uai.as_deref(), Some("0660713S"));
    assert_eq!(second.service.as_deref(), Some("ACCUEIL"));
    assert_eq!(second.uai.as_deref(), Some("0311667U"));
    assert_eq!(second.type_service.as_deref(), Some("TIERS"));
    assert_eq!(lus[2].1, Err(Refus::de("service", Raison::TypeInvalide)));
}

#[test]
fn the_context_gives_the_school_when_nothing_else_does() {
    let requete = col2(
        r#"[{"name":"page.display"}]"#,
        "&context=%5B%7B%22data%22%3A%7B%22site%22%3A%7B%22level2%22%3A%220660713S%22%7D%7D%7D%5D",
    );
    let Ok(Contenu::Plusieurs(lus)) = contenu(&requete) else {
        panic!("un événement était attendu");
    };
    assert_eq!(lus[0].1.as_ref().unwrap().uai.as_deref(), Some("0660713S"));
}

#[test]
fn events_that_cannot_be_read_are_named() {
    assert_eq!(
        raison(&col2("[{]", "")),
        ("events".to_owned(), Raison::JsonInvalide)
    );
    assert_eq!(
        raison(&col2("[]", "")),
        ("events".to_owned(), Raison::ChampManquant)
    );
    assert_eq!(
        raison("s=1&col=2&at=12&service=A"),
        ("events".to_owned(), Raison::ChampManquant)
    );
    assert_eq!(
        contenu(&col2(r#"[{"name":"click.action"}]"#, "")),
        Ok(Contenu::Rien)
    );
}

#[test]
fn the_screen_is_read_from_its_first_two_numbers() {
    assert_eq!(Hit::lire(b"r=1280x720x24x24").ecran(), Some((1280, 720)));
    for requete in ["r=", "r=1280", "r=ax720", "r=70000x1", "x=1"] {
        assert_eq!(Hit::lire(requete.as_bytes()).ecran(), None, "{requete}");
    }
}
