use frequent_plan::Date;
use proptest::prelude::*;

use super::*;

fn entete(ligne: &str) -> EnTete {
    EnTete::lire(ligne.as_bytes()).unwrap()
}

fn lire<'a>(ligne: &'a str, entete: &EnTete) -> Result<Ligne<'a>, Refus> {
    let mut lue = Ligne::default();
    lue.relire_csv(ligne.as_bytes(), entete).map(|()| lue)
}

#[test]
fn a_record_gives_the_same_fields_as_the_same_event_in_json() {
    let entete = entete("id;ts;uai;profil;visiteur;service;plateforme;user_agent");
    let csv = r#"a-1;2026-11-20T08:01:30.250+01:00;0660713S;ELEVE;u-1;NOTES;ONE-OCC;"Mozilla/5.0 (X11; Linux)""#;
    let mut json = Ligne::default();
    json.relire(
        br#"{"id":"a-1","ts":"2026-11-20T08:01:30.250+01:00","uai":"0660713S","profil":"ELEVE",
            "visiteur":"u-1","service":"NOTES","plateforme":"ONE-OCC",
            "user_agent":"Mozilla/5.0 (X11; Linux)"}"#,
    )
    .unwrap();
    assert_eq!(lire(csv, &entete).unwrap(), json);
}

#[test]
fn the_separator_is_the_header_s_and_the_order_of_columns_is_free() {
    for ligne in ["uai,ts", "uai;ts", "\"uai\";\"ts\"", " uai , ts "] {
        let entete = entete(ligne);
        let separateur = entete.separateur;
        let texte = format!("0660713S{separateur}1795158000000");
        let ligne = lire(&texte, &entete).unwrap();
        assert_eq!(ligne.brut.uai.as_deref(), Some("0660713S"));
        assert_eq!(ligne.brut.ts, Some(Date::Epoque(1_795_158_000_000)));
    }
}

#[test]
fn an_empty_value_is_a_field_not_given() {
    let entete = entete("ts;client;outil");
    let ligne = lire("1;;\"\"", &entete).unwrap();
    assert_eq!((ligne.brut.client, ligne.brut.outil), (None, None));
    let refus = lire(";a;b", &entete).unwrap_err();
    assert_eq!(refus, Refus::de("ts", Raison::ChampManquant));
}

#[test]
fn quotes_hold_separators_and_quotes() {
    let entete = entete("ts,visiteur,client");
    let ligne = lire(r#"1,"a,""b""",c"d"#, &entete).unwrap();
    assert_eq!(ligne.brut.visiteur.as_deref(), Some(r#"a,"b""#));
    assert_eq!(ligne.brut.client.as_deref(), Some(r#"c"d"#));
}

#[test]
fn a_line_that_does_not_fit_its_header_is_refused_alone() {
    let entete = entete("ts,visiteur");
    for ligne in ["1", "1,a,b", "1,\"a", "1,\"a\"b", "1,\"a\"\""] {
        let refus = lire(ligne, &entete).unwrap_err();
        assert_eq!(refus, Refus::de("", Raison::CsvInvalide), "{ligne}");
    }
}

#[test]
fn a_header_that_names_no_event_s_fields_says_which_column() {
    let faute = |ligne: &[u8]| EnTete::lire(ligne).unwrap_err();
    assert_eq!(
        faute(b"ts;nom_de_famille"),
        EnTeteInvalide::Inconnue("nom_de_famille".to_owned())
    );
    assert_eq!(
        faute("ts;Prénom de l’élève".as_bytes()),
        EnTeteInvalide::Inconnue("(nom illisible)".to_owned())
    );
    assert_eq!(faute(b"ts;uai;ts"), EnTeteInvalide::EnDouble("ts"));
    assert_eq!(faute(b"uai;profil"), EnTeteInvalide::SansDate);
    assert_eq!(faute(b"ts;\"uai"), EnTeteInvalide::Illisible);
    assert_eq!(faute(b"ts;\xff"), EnTeteInvalide::Illisible);
}

proptest! {
    /// Whatever values a writer of CSV quotes, they are read back as they were.
    #[test]
    fn what_a_writer_quotes_is_read_back(valeurs in prop::collection::vec("[^\r\n]{0,20}", 2..6)) {
        let ligne = valeurs
            .iter()
            .map(|v| format!("\"{}\"", v.replace('"', "\"\"")))
            .collect::<Vec<_>>()
            .join(";");
        let lues: Option<Vec<_>> = Cellules::new(&ligne, ';').collect();
        prop_assert_eq!(lues.unwrap(), valeurs);
    }
}
