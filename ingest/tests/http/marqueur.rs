use std::io::Write;

use frequent_ingest::http::ReglagesCollecte;
use frequent_ingest::journal::ReglagesJournal;
use frequent_ingest::qualite::Emetteur;

use crate::banc::{Banc, Reponse, SITE};

const BON: &str = "s=365203&idclient=c&at=4&service=NOTES&uai=0660713S&profil=ELEVE&ref=";

fn assert_image(reponse: &Reponse) {
    assert_eq!(reponse.statut, 200);
    assert!(reponse.corps.starts_with(b"GIF89a") && reponse.corps.len() == 43);
    assert!(reponse.entetes.contains("content-type: image/gif"));
    assert!(reponse.entetes.contains("cache-control: no-store"));
    assert!(!reponse.entetes.contains("set-cookie"));
}

#[test]
fn a_hit_gets_the_image_by_get_and_by_post() {
    let banc = Banc::new();
    assert_image(&banc.hit(BON));
    let tete = format!(
        "POST /hit.xiti?{BON} HTTP/1.1\r\nHost: ent\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    assert_image(&banc.envoyer(&[tete.as_bytes()]));
    let releve = banc.releve(&Emetteur::Site(SITE));
    assert_eq!((releve.recus, releve.acceptes), (2, 2));
}

#[test]
fn a_hit_that_cannot_be_understood_gets_the_image_and_is_counted() {
    let banc = Banc::new();
    let sans_service = BON.replace("service=NOTES&", "");
    let cas = [
        BON.replace("0660713S", "0660713T"),
        BON.replace("&ref=", "&p=%C"),
        sans_service.clone(),
        format!("{sans_service}https://x/?a={{b}}|c&service=NOTES^`[]'"),
        format!("click=A&{BON}"),
    ];
    for requete in &cas {
        assert_image(&banc.hit(requete));
    }
    let releve = banc.releve(&Emetteur::Site(SITE));
    assert_eq!(
        (releve.recus, releve.acceptes, releve.sans_acces),
        (4, 0, 1)
    );
    let refus: Vec<_> = releve.refus.into_iter().collect();
    assert_eq!(
        refus,
        [
            ("champ_manquant", 2),
            ("cle_invalide", 1),
            ("requete_illisible", 1)
        ]
    );
}

#[test]
fn hits_of_a_site_that_is_not_declared_are_counted_together() {
    let banc = Banc::new();
    for requete in ["", "s=8&at=4", "s=&x", "s=99999999999999999999", "%"] {
        assert_image(&banc.hit(requete));
    }
    let releve = banc.releve(&Emetteur::SitesInconnus);
    assert_eq!(releve.refus.get("site_inconnu"), Some(&5));
}

#[test]
fn a_connection_kept_alive_serves_one_hit_after_the_other() {
    let banc = Banc::new();
    let mut flux = banc.connecter();
    for _ in 0..3 {
        let requete = format!("GET /hit.xiti?{BON} HTTP/1.1\r\nHost: ent\r\n\r\n");
        flux.write_all(requete.as_bytes()).unwrap();
    }
    let fin = "GET /hit.xiti?s=1 HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\r\n";
    flux.write_all(fin.as_bytes()).unwrap();
    let tout = Reponse::lire(flux);
    let suite = String::from_utf8_lossy(&tout.corps);
    assert_eq!(suite.matches("HTTP/1.1 200 OK").count(), 3);
    assert_eq!(banc.releve(&Emetteur::Site(SITE)).acceptes, 3);
}

#[test]
fn a_log_that_cannot_take_more_says_when_to_come_back() {
    let plein = ReglagesJournal {
        file_lots: 0,
        ..ReglagesJournal::default()
    };
    let banc = Banc::avec(ReglagesCollecte::default(), plein);
    let hit = banc.hit(BON);
    assert_eq!((hit.statut, hit.probleme()), (503, "journal_plein".into()));
    assert!(hit.entetes.contains("retry-after: "));
    let lot = banc.lignes(&crate::banc::ligne(1));
    assert_eq!((lot.statut, lot.probleme()), (503, "journal_plein".into()));
    assert!(lot.entetes.contains("retry-after: "));
    assert_eq!(banc.releve(&Emetteur::Site(SITE)).acceptes, 0);
    assert_eq!(banc.releve_cle().recus, 0);
}

#[test]
fn the_older_tag_is_counted_for_the_school_that_the_site_calls_by_its_number() {
    let banc = Banc::new();
    let uai = frequent_plan::Uai::lire(b"0660713S").unwrap();
    let numeros = [("1234".to_owned(), uai)].into();
    banc.acces.ajouter_etablissements(SITE, numeros).unwrap();
    let page = "s=365203&s2=1234&p=Cahier&x1=9&x2=1&x3=ENT&x4=ONE-OCC&at=49&ref=";
    for requete in [
        page.to_owned(),
        page.replace("x1=9", "x1="),
        page.replace("s2=1234", "s2=0311667U"),
        page.replace("x2=1", "x2=99"),
    ] {
        assert_image(&banc.hit(&requete));
    }
    assert_eq!(banc.releve(&Emetteur::Site(SITE)).acceptes, 4);

    for requete in [
        page.replace("s2=1234", "s2=99"),
        page.replace("x1=9", "x1=8"),
        page.replace("x2=1&", ""),
        page.replace("ONE-OCC", "AUTRE"),
    ] {
        assert_image(&banc.hit(&requete));
    }
    let releve = banc.releve(&Emetteur::Site(SITE));
    assert_eq!((releve.recus, releve.acceptes), (8, 4));
    let refus: Vec<_> = releve.refus.into_iter().collect();
    assert_eq!(
        refus,
        [
            ("champ_manquant", 1),
            ("etablissement_inconnu", 1),
            ("plateforme_refusee", 1),
            ("valeur_inconnue", 1)
        ]
    );
}
