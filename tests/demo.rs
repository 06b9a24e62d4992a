//! The demo on the built binary, made small and on a set day: what it promises to show is there.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeSet;

use banc::{Banc, Session};
use serde_json::Value;

/// A Thursday of November: three weeks of class since the holidays.
const JOUR: &str = "2026-11-26";
const CERET: &str = "niveau=circonscription&code=0660055B";
/// Trained seven weeks before; visited the same week; called some days before.
const FORMEE: &str = "0660180M";
const TEMOIN: &str = "0660560A";
const APPELEE: &str = "0660664N";
const DEPARTEMENT: &str = "niveau=departement&code=066";

/// Every text of this name in a list.
fn textes<'v>(liste: &'v Value, nom: &str) -> Vec<&'v str> {
    let lignes = liste.as_array().unwrap().iter();
    lignes.filter_map(|ligne| ligne[nom].as_str()).collect()
}

fn raisons(session: &Session<'_>, lieu: &str) -> (usize, BTreeSet<String>) {
    let vue = session.lire(&format!("/api/v1/tournee?{lieu}"));
    let raisons = textes(&vue["ecoles"], "raison");
    let distinctes = raisons.iter().map(|r| (*r).to_owned()).collect();
    (raisons.len(), distinctes)
}

#[test]
fn the_demo_gives_each_of_its_accounts_what_it_promises() {
    let banc = Banc::vide();
    let serveur = banc.demontrer(JOUR);
    let mot_de_passe = banc.mot_de_passe_de_la_demo();
    let session = |qui| serveur.session_de(qui, &mot_de_passe);

    let conseil = session("conseil");
    let (nombre, distinctes) = raisons(&conseil, CERET);
    let toutes = ["chute", "exemple", "jamais_commence", "sans_parents"];
    assert_eq!(distinctes, toutes.map(str::to_owned).into());
    assert!(nombre <= 10, "{nombre}");
    let suivi = conseil.lire(&format!("/api/v1/suivi?{CERET}"));
    let action = |uai: &str| {
        let actions = suivi["actions"].as_array().unwrap().iter();
        actions.clone().find(|a| a["uai"] == uai).unwrap()
    };
    let (formee, temoin) = (&action(FORMEE)["effet"], &action(TEMOIN)["effet"]);
    for effet in [formee, temoin] {
        assert!(effet["ecoles_pairs"].as_u64().unwrap() >= 8, "{suivi}");
    }
    let visites = |nom: &str| formee[nom].as_f64().unwrap();
    assert!(visites("apres") > visites("avant"), "{formee}");
    assert!(visites("apres_pairs") < visites("apres"), "{formee}");
    let refus = action(APPELEE)["refus"].as_str().unwrap();
    assert!(refus.contains("s’achèvent le"), "{refus}");

    let dsden = session("dsden");
    let (_, distinctes) = raisons(&dsden, DEPARTEMENT);
    assert_eq!(distinctes, toutes.map(str::to_owned).into());
    let parcours = dsden.lire(&format!("/api/v1/parcours?{DEPARTEMENT}"));
    let etapes: BTreeSet<&str> = textes(&parcours["ecoles"], "etape").into_iter().collect();
    for etape in ["convention", "comptes", "enseignant", "parents", "regulier"] {
        assert!(etapes.contains(etape), "{etape} : {etapes:?}");
    }
    let incidents = dsden.lire(&format!(
        "/api/v1/incidents?{DEPARTEMENT}&du=2026-08-01&au={JOUR}"
    ));
    let natures: BTreeSet<&str> = textes(&incidents["incidents"], "nature")
        .into_iter()
        .collect();
    assert_eq!(natures, ["incident", "rupture"].into());

    assert!(
        !raisons(&session("demo"), "niveau=region&code=76")
            .1
            .is_empty()
    );
    let editeur = session("editeur");
    let qualite = editeur.lire("/api/v1/qualite?plateforme=ONE-OCC");
    assert!(qualite.to_string().contains("valeur_inconnue"), "{qualite}");
    assert_eq!(qualite["plateformes"], serde_json::json!(["ONE-OCC"]));
    // Each sees what her role sees, and nothing beside.
    let sien = |session: &Session<'_>| session.lire("/api/v1/session");
    assert_eq!(sien(&editeur)["perimetre"], Value::Null);
    for session in [&conseil, &dsden] {
        assert_eq!(sien(session)["voit_qualite"], false);
    }
}
