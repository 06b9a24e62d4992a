use super::*;

fn lire(octets: &[u8]) -> Result<Ligne<'_>, Refus> {
    let mut ligne = Ligne::default();
    ligne.relire(octets).map(|()| ligne)
}

const COMPLETE: &str = r#"{"id":"01JD","ts":"2026-11-20T08:01:30.250+01:00","uai":"0660713S",
"profil":"ENSEIGNANT","visiteur":"u-7f3a","client":"b-91","service":"CAHIER_TEXTES","type":"TIERS",
"outil":"X","plateforme":"ONE-OCC","projet":"ENT-ECOLE","exploitant":"EDIFICE",
"appareil":"TABLETTE","os":"IOS","navigateur":"SAFARI","user_agent":"Mozilla/5.0"}"#;

fn refus(texte: &str) -> (String, Raison) {
    let refus = lire(texte.as_bytes()).unwrap_err();
    assert_eq!(refus.valeur, None);
    (refus.champ, refus.raison)
}

fn champ(nom: &str, raison: Raison) -> (String, Raison) {
    (nom.to_owned(), raison)
}

#[test]
fn every_field_finds_its_place_without_being_copied() {
    let ligne = lire(COMPLETE.as_bytes()).unwrap();
    let brut = &ligne.brut;
    let textes = [
        (&ligne.id, "01JD"),
        (&brut.uai, "0660713S"),
        (&brut.profil, "ENSEIGNANT"),
        (&brut.visiteur, "u-7f3a"),
        (&brut.client, "b-91"),
        (&brut.service, "CAHIER_TEXTES"),
        (&brut.type_service, "TIERS"),
        (&brut.outil, "X"),
        (&brut.plateforme, "ONE-OCC"),
        (&brut.projet, "ENT-ECOLE"),
        (&brut.exploitant, "EDIFICE"),
        (&brut.appareil, "TABLETTE"),
        (&brut.os, "IOS"),
        (&brut.navigateur, "SAFARI"),
        (&ligne.agent, "Mozilla/5.0"),
    ];
    for (lu, attendu) in textes {
        assert!(
            matches!(lu, Some(Cow::Borrowed(texte)) if *texte == attendu),
            "{attendu}"
        );
    }
    let date = Date::Rfc3339("2026-11-20T08:01:30.250+01:00".into());
    assert_eq!(brut.ts, Some(date));
}

#[test]
fn the_instant_may_be_milliseconds() {
    let ligne = lire(br#"{"ts":1795295415573}"#).unwrap();
    assert_eq!(ligne.brut.ts, Some(Date::Epoque(1_795_295_415_573)));
}

#[test]
fn null_is_a_field_not_given_and_escapes_are_read() {
    let ligne = lire(r#"{"ts":1,"outil":null,"projet":"\u00e9t\u00e9 \"x\""}"#.as_bytes()).unwrap();
    assert_eq!(ligne.brut.outil, None);
    assert_eq!(ligne.brut.projet.as_deref(), Some("été \"x\""));
}

#[test]
fn an_unknown_field_is_named() {
    assert_eq!(
        refus(r#"{"ts":1,"nom_eleve":"Marie"}"#),
        champ("nom_eleve", Raison::ChampInconnu)
    );
}

#[test]
fn an_unknown_name_that_could_be_a_persons_is_not_echoed() {
    let long = "x".repeat(41);
    for nom in ["Marie Dupont", "marie@ent.fr", "é", "", "0612345678", &long] {
        let texte = format!(r#"{{"ts":1,"{nom}":1}}"#);
        assert_eq!(
            refus(&texte),
            champ("(nom illisible)", Raison::ChampInconnu),
            "{nom}"
        );
    }
}

#[test]
fn a_field_given_twice_is_named() {
    assert_eq!(
        refus(r#"{"ts":1,"uai":"0660713S","uai":"0311667U"}"#),
        champ("uai", Raison::ChampEnDouble)
    );
    assert_eq!(
        refus(r#"{"ts":1,"outil":null,"outil":"x"}"#),
        champ("outil", Raison::ChampEnDouble)
    );
}

#[test]
fn a_value_of_another_type_is_named() {
    for valeur in [
        "3",
        "true",
        "1.5",
        "[\"x\"]",
        "{\"a\":[1]}",
        "99999999999999999999",
    ] {
        assert_eq!(
            refus(&format!(r#"{{"ts":1,"visiteur":{valeur}}}"#)),
            champ("visiteur", Raison::TypeInvalide),
            "{valeur}"
        );
    }
    for valeur in ["1.5", "true", "[]", "18446744073709551615"] {
        let texte = format!(r#"{{"ts":{valeur}}}"#);
        assert_eq!(refus(&texte), champ("ts", Raison::TypeInvalide), "{valeur}");
    }
}

#[test]
fn what_is_not_one_json_object_is_refused_whole() {
    for texte in [
        "",
        "{",
        "{\"ts\":1",
        "{\"ts\":1}}",
        "{\"ts\":1} x",
        "[]",
        "3",
        "\"x\"",
        "null",
        "{\"ts\":1,}",
        "{\"ts\":01}",
        "{'ts':1}",
        "{\"ts\":\"\u{1}\"}",
        "{\"a",
        "{\"ts\":1,\"\\ud800\":1}",
    ] {
        assert_eq!(refus(texte), champ("", Raison::JsonInvalide), "{texte}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_named_so() {
    let refus = lire(b"{\"ts\":1,\"projet\":\"\xff\"}").unwrap_err();
    assert_eq!(refus, Refus::de("", Raison::Utf8Invalide));
}

#[test]
fn an_event_without_an_instant_is_refused() {
    assert_eq!(refus("{}"), champ("ts", Raison::ChampManquant));
    assert_eq!(refus(r#"{"ts":null}"#), champ("ts", Raison::ChampManquant));
}

#[test]
fn the_identifier_is_the_senders_then_the_keys_then_the_contents() {
    let avec_id = lire(br#"{"ts":1,"id":"a"}"#).unwrap();
    let sans_id = lire(br#"{"ts":1,"id":""}"#).unwrap();
    assert_eq!(avec_id.origine(Some("k"), 3), Origine::Emetteur("a"));
    assert_eq!(
        sans_id.origine(Some("k"), 3),
        Origine::Idempotence { cle: "k", ligne: 3 }
    );
    assert_eq!(sans_id.origine(None, 3), Origine::Contenu);
}

#[test]
fn a_line_read_again_keeps_nothing_of_the_one_before() {
    let mut ligne = Ligne::default();
    ligne.relire(COMPLETE.as_bytes()).unwrap();
    ligne.relire(br#"{"ts":1}"#).unwrap();
    assert_eq!(ligne, lire(br#"{"ts":1}"#).unwrap());
}

#[test]
fn a_page_s_event_has_an_identifier_and_neither_instant_nor_user_agent() {
    let lire = |texte: &str| {
        let mut ligne = Ligne::default();
        let lue = ligne.relire_page(texte.as_bytes());
        lue.map_err(|refus| (refus.champ, refus.raison))
    };
    assert_eq!(lire(r#"{"id":"a","service":"NOTES","ts":null}"#), Ok(()));
    assert_eq!(
        lire(r#"{"id":"a","ts":1}"#),
        Err(champ("ts", Raison::ChampInconnu))
    );
    assert_eq!(
        lire(r#"{"id":"a","user_agent":"x"}"#),
        Err(champ("user_agent", Raison::ChampInconnu))
    );
    for texte in ["{}", r#"{"id":""}"#] {
        assert_eq!(lire(texte), Err(champ("id", Raison::ChampManquant)));
    }
    assert_eq!(
        lire(r#"{"id":"a","nom":"x"}"#),
        Err(champ("nom", Raison::ChampInconnu))
    );
}
