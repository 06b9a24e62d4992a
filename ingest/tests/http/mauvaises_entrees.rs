use std::io::Write;
use std::time::Duration;

use frequent_ingest::http::ReglagesCollecte;
use frequent_ingest::journal::ReglagesJournal;
use serde_json::{Value, json};

use crate::banc::{Banc, MAINTENANT, Reponse, ligne};

/// A good line with a field's value replaced.
fn avec(champ: &str, valeur: Value) -> String {
    let mut objet: Value = serde_json::from_str(&ligne(1)).unwrap();
    objet[champ] = valeur;
    objet.to_string()
}

fn sans(champ: &str) -> String {
    avec(champ, Value::Null)
}

#[test]
fn each_bad_line_is_named_and_the_good_ones_around_it_are_kept() {
    let il_y_a_8_jours = MAINTENANT - 8 * 24 * 3_600_000;
    let cas: Vec<(String, Value)> = vec![
        (
            avec("uai", json!("0660713T")),
            json!({"champ": "uai", "raison": "cle_invalide", "valeur": "0660713T"}),
        ),
        (
            avec("uai", json!("66")),
            json!({"champ": "uai", "raison": "uai_malforme", "valeur": "66"}),
        ),
        (
            avec("service", json!("CANTINE")),
            json!({"champ": "service", "raison": "valeur_inconnue", "valeur": "CANTINE"}),
        ),
        (
            avec("profil", json!("ELEVES")),
            json!({"champ": "profil", "raison": "valeur_inconnue", "valeur": "ELEVES"}),
        ),
        (
            avec("nom", json!("Marie Dupont")),
            json!({"champ": "nom", "raison": "champ_inconnu"}),
        ),
        (
            sans("visiteur"),
            json!({"champ": "visiteur", "raison": "champ_manquant"}),
        ),
        (
            sans("ts"),
            json!({"champ": "ts", "raison": "champ_manquant"}),
        ),
        (
            avec("ts", json!("hier")),
            json!({"champ": "ts", "raison": "date_illisible"}),
        ),
        (
            avec("ts", json!(il_y_a_8_jours)),
            json!({"champ": "ts", "raison": "trop_ancien"}),
        ),
        (
            avec("ts", json!("1970-01-01T00:00:00Z")),
            json!({"champ": "ts", "raison": "trop_ancien"}),
        ),
        (
            avec("ts", json!(i64::MAX)),
            json!({"champ": "ts", "raison": "futur"}),
        ),
        (
            avec("ts", json!(i64::MIN)),
            json!({"champ": "ts", "raison": "trop_ancien"}),
        ),
        (
            avec("ts", json!("2026-11-20T08:05:00.001Z")),
            json!({"champ": "ts", "raison": "futur"}),
        ),
        (
            avec("visiteur", json!(12)),
            json!({"champ": "visiteur", "raison": "type_invalide"}),
        ),
        (
            avec("visiteur", json!("x".repeat(257))),
            json!({"champ": "visiteur", "raison": "texte_invalide"}),
        ),
        (
            avec("service", json!("Marie Dupont")),
            json!({"champ": "service", "raison": "valeur_inconnue"}),
        ),
        (
            ligne(1).replacen('{', "{\"id\":\"b\",", 1),
            json!({"champ": "id", "raison": "champ_en_double"}),
        ),
        ("{\"ts\":".to_owned(), json!({"raison": "json_invalide"})),
        ("<html>".to_owned(), json!({"raison": "json_invalide"})),
    ];
    let mut lignes = vec![ligne(1)];
    for (mauvaise, _) in &cas {
        lignes.push(mauvaise.clone());
        lignes.push(ligne(2));
    }
    let banc = Banc::new();
    let reponse = banc.lignes(&lignes.join("\n"));
    assert_eq!(reponse.statut, 202);
    let json = reponse.json();
    assert_eq!(json["recus"], 2 * cas.len() + 1);
    assert_eq!(json["acceptes"], cas.len() + 1);
    for (place, (texte, attendu)) in cas.iter().enumerate() {
        let mut attendu = attendu.clone();
        attendu["ligne"] = json!(2 * place + 2);
        assert_eq!(json["rejetes"][place], attendu, "{texte}");
    }
    let releve = banc.releve_cle();
    assert_eq!(releve.refus.values().sum::<u64>(), cas.len() as u64);
    assert_eq!(releve.refus["valeur_inconnue"], 3);
}

#[test]
fn dates_within_the_window_are_taken_to_the_millisecond() {
    let banc = Banc::new();
    let semaine = 7 * 24 * 3_600_000;
    for ts in [json!(MAINTENANT - semaine), json!(MAINTENANT + 300_000)] {
        assert_eq!(banc.lignes(&avec("ts", ts)).json()["acceptes"], 1);
    }
    let vieux = banc.lignes(&avec("ts", json!(MAINTENANT - semaine - 1)));
    assert_eq!(vieux.json()["rejetes"][0]["raison"], "trop_ancien");
}

#[test]
fn a_line_that_is_not_utf8_is_named_and_the_others_kept() {
    let banc = Banc::new();
    let mut corps = format!("{}\n", ligne(1)).into_bytes();
    corps.extend_from_slice(b"{\"ts\":1,\"projet\":\"\xff\xfe\"}\n");
    corps.extend_from_slice(ligne(2).as_bytes());
    let json = banc.poster("", &corps).json();
    assert_eq!(json["acceptes"], 2);
    assert_eq!(
        json["rejetes"],
        json!([{"ligne": 2, "raison": "utf8_invalide"}])
    );
}

#[test]
fn json_broken_in_the_middle_of_an_array_costs_that_element_alone() {
    let banc = Banc::new();
    let json_ = "Content-Type: application/json\r\n";
    let corps = format!("[{},{{\"ts\":,}},{}]", ligne(1), ligne(2));
    let json = banc.poster(json_, corps.as_bytes()).json();
    assert_eq!((&json["recus"], &json["acceptes"]), (&json!(3), &json!(2)));
    assert_eq!(
        json["rejetes"],
        json!([{"ligne": 2, "raison": "json_invalide"}])
    );

    let ouvert = format!("[{},{{\"ts\":\"x}},{}]", ligne(1), ligne(2));
    let json = banc.poster(json_, ouvert.as_bytes()).json();
    assert_eq!((&json["recus"], &json["acceptes"]), (&json!(2), &json!(1)));
    assert_eq!(
        json["rejetes"],
        json!([{"ligne": 2, "raison": "json_invalide"}])
    );
}

#[test]
fn refusals_are_detailed_a_hundred_times_and_counted_whole() {
    let banc = Banc::new();
    let lignes = format!("{}\n", avec("uai", json!("0660713T"))).repeat(250);
    let json = banc.lignes(&lignes).json();
    assert_eq!(
        (&json["recus"], &json["acceptes"]),
        (&json!(250), &json!(0))
    );
    assert_eq!(json["rejetes"].as_array().unwrap().len(), 100);
    assert_eq!(banc.releve_cle().refus["cle_invalide"], 250);
}

#[test]
fn a_body_that_cannot_be_read_is_refused_whole() {
    let banc = Banc::new();
    let json_ = "Content-Type: application/json\r\n";
    let gzip = "Content-Encoding: gzip\r\n";
    let cas: [(&str, &[u8], u16, &str); 9] = [
        ("", b"", 400, "corps_vide"),
        ("", b" \n\n", 400, "corps_vide"),
        (json_, b"", 400, "corps_vide"),
        (json_, b"bonjour", 400, "corps_illisible"),
        (json_, b"{\"ts\":", 400, "corps_illisible"),
        (gzip, b"{}", 400, "decompression_impossible"),
        (
            "Content-Encoding: br\r\n",
            b"{}",
            415,
            "compression_refusee",
        ),
        ("Content-Type: text/plain\r\n", b"{}", 415, "type_refuse"),
        ("Idempotency-Key: \r\n", b"{}", 400, "idempotence_invalide"),
    ];
    for (entetes, corps, statut, code) in cas {
        let reponse = banc.poster(entetes, corps);
        assert_eq!(
            (reponse.statut, reponse.probleme()),
            (statut, code.to_owned())
        );
    }
    assert_eq!(banc.releve_cle().recus, 0);
}

#[test]
fn more_events_than_a_body_may_hold_are_refused_and_none_is_taken() {
    let banc = Banc::new();
    let lignes = "{}\n".repeat(50_001);
    let reponse = banc.lignes(&lignes);
    assert_eq!(
        (reponse.statut, reponse.probleme()),
        (413, "trop_d_evenements".into())
    );
    assert_eq!(banc.releve_cle().recus, 0);
    assert_eq!(banc.lignes(&"{}\n".repeat(50_000)).json()["recus"], 50_000);
}

const MORCEAU: &[u8] = &[b'x'; 1 << 20];

/// Writes what the server will take of 200 MB, then reads its answer.
fn envoyer_200_mo(banc: &Banc, entetes: &str, cadre: impl Fn(&mut dyn Write)) -> Reponse {
    let mut flux = banc.connecter();
    let tete = format!(
        "POST /v1/events HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\
         Authorization: Bearer {}\r\n{entetes}\r\n",
        banc.secret
    );
    flux.write_all(tete.as_bytes()).unwrap();
    for _ in 0..200 {
        cadre(&mut flux);
    }
    Reponse::lire(flux)
}

#[test]
fn a_body_of_200_megabytes_is_cut_at_the_bound() {
    let banc = Banc::new();
    let annonce = envoyer_200_mo(&banc, "Content-Length: 209715200\r\n", |flux| {
        flux.write_all(MORCEAU).unwrap();
    });
    assert_eq!(
        (annonce.statut, annonce.probleme()),
        (413, "corps_trop_grand".into())
    );

    let sans_annonce = envoyer_200_mo(&banc, "Transfer-Encoding: chunked\r\n", |flux| {
        flux.write_all(b"100000\r\n").unwrap();
        flux.write_all(MORCEAU).unwrap();
        flux.write_all(b"\r\n").unwrap();
    });
    assert_eq!(sans_annonce.statut, 413);
    assert_eq!(banc.lignes(&ligne(1)).json()["acceptes"], 1);
}

#[test]
fn a_sender_that_waits_for_leave_is_told_no_before_it_sends() {
    let banc = Banc::new();
    let entetes = "Content-Length: 209715200\r\nExpect: 100-continue\r\n";
    let tete = format!(
        "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {}\r\n{entetes}\r\n",
        banc.secret
    );
    let reponse = banc.envoyer(&[tete.as_bytes()]);
    assert_eq!(
        (reponse.statut, reponse.probleme()),
        (413, "corps_trop_grand".into())
    );
}

#[test]
fn a_gzip_bomb_stops_at_the_bound() {
    let banc = Banc::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..400 {
        gzip.write_all(MORCEAU).unwrap();
    }
    let bombe = gzip.finish().unwrap();
    assert!(bombe.len() < 1 << 20);
    let reponse = banc.poster("Content-Encoding: gzip\r\n", &bombe);
    assert_eq!(
        (reponse.statut, reponse.probleme()),
        (413, "corps_trop_grand".into())
    );
}

#[test]
fn a_body_that_comes_too_slowly_is_given_up() {
    let reglages = ReglagesCollecte {
        corps_delai: Duration::from_millis(50),
        ..ReglagesCollecte::default()
    };
    let banc = Banc::avec(reglages, ReglagesJournal::default());
    let tete = format!(
        "POST /v1/events HTTP/1.1\r\nHost: ent\r\nContent-Length: 1000\r\n\
         Authorization: Bearer {}\r\n\r\n{{",
        banc.secret
    );
    let reponse = banc.envoyer(&[tete.as_bytes()]);
    assert_eq!(
        (reponse.statut, reponse.probleme()),
        (408, "envoi_trop_lent".into())
    );
}

#[test]
fn bodies_past_the_common_memory_are_told_to_come_back() {
    let reglages = ReglagesCollecte {
        memoire_max: 4 << 10,
        ..ReglagesCollecte::default()
    };
    let banc = Banc::avec(reglages, ReglagesJournal::default());
    let lignes = format!("{}\n", ligne(1)).repeat(50);
    let reponse = banc.lignes(&lignes);
    assert_eq!((reponse.statut, reponse.probleme()), (503, "sature".into()));
    assert!(reponse.entetes.contains("retry-after: 2"));
    assert_eq!(banc.lignes(&ligne(1)).json()["acceptes"], 1);
}

#[test]
fn a_provider_past_its_rate_is_told_when_to_come_back() {
    let reglages = ReglagesCollecte {
        debit_max: std::num::NonZeroU32::new(1),
        evenements_max: std::num::NonZeroU32::new(10).unwrap(),
        ..ReglagesCollecte::default()
    };
    let banc = Banc::avec(reglages, ReglagesJournal::default());
    let lignes = format!("{}\n", ligne(1)).repeat(10);
    assert_eq!(banc.lignes(&lignes).statut, 202);
    let reponse = banc.lignes(&lignes);
    assert_eq!(
        (reponse.statut, reponse.probleme()),
        (429, "debit_depasse".into())
    );
    assert!(reponse.entetes.contains("retry-after: "));
    assert_eq!(banc.releve_cle().recus, 10);
}
