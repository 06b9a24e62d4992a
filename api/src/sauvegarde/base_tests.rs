//! A real PostgreSQL, in an archive and out of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use frequent_plan::{HorlogeSysteme, Lac};

use super::super::{Secret, sauvegarder};
use super::*;
use crate::audit::{Action, Ecriture, Journal};
use crate::base::banc::Sorte as Banc;

/// Something in tables of every sort: texts, numbers, bytes, nothing.
async fn remplir(base: &Base, lac: &Lac) {
    for ordre in [
        "insert into comptes (identifiant, nom, role, cree_le, vu_le)
             values ('claire', 'Claire « é »', 'dsden', 12, null)",
        "insert into comptes_territoires (identifiant, niveau, code)
             values ('claire', 'departement', '066')",
        "insert into perimetres (id, nom, cree_le) values ('p', 'Père', 1)",
        "insert into perimetres (id, nom, parent, cree_le) values ('a', 'Fils', 'p', 2)",
        "insert into conventions (reference, autorite, fournisseur, plateforme, prix, debut, fin)
             values ('c', '66136', 'É', 'ONE', 4500, '2026-09-01', '2027-08-31')",
        "insert into conventions_ecoles (reference, uai, entree)
             values ('c', '0660713S', '2026-09-01')",
        "update conventions_revision set numero = 7",
    ] {
        sqlx::query(ordre).execute(base.pool()).await.unwrap();
    }
    let journal = Journal::new(base.clone(), lac, Arc::new(HorlogeSysteme)).unwrap();
    for _ in 0..3 {
        let ecriture = Ecriture::new("claire", Action::Connexion, "session");
        journal.inscrire(ecriture).await.unwrap();
    }
}

async fn texte(base: &Base, dossier: &Path, nom: &str) -> String {
    let chemin = dossier.join(nom);
    ecrire(base, &chemin).await.unwrap();
    std::fs::read_to_string(chemin).unwrap()
}

#[tokio::test]
async fn a_server_s_base_comes_back_whole_into_another_and_its_trail_is_verified() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path().join("donnees"));
    let base = Banc::Postgres.base(&lac).await;
    remplir(&base, &lac).await;
    let copie = texte(&base, dossier.path(), "copie").await;
    let autre = Banc::Postgres.base(&lac).await;
    assert!(est_neuve(&autre).await.unwrap());
    charger(&autre, &dossier.path().join("copie"))
        .await
        .unwrap();
    assert_eq!(texte(&autre, dossier.path(), "encore").await, copie);
    let journal = Journal::new(autre.clone(), &lac, Arc::new(HorlogeSysteme)).unwrap();
    let bilan = journal.verifier().await.unwrap();
    assert_eq!((bilan.lignes, bilan.anomalies), (3, Vec::new()));
    // It is not loaded over anything.
    let refus = charger(&autre, &dossier.path().join("copie")).await;
    assert!(matches!(refus, Err(SauvegardeErreur::BaseServie)));
}

#[tokio::test]
async fn a_server_s_base_can_be_loaded_into_a_file() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path().join("donnees"));
    let base = Banc::Postgres.base(&lac).await;
    remplir(&base, &lac).await;
    let copie = dossier.path().join("copie");
    ecrire(&base, &copie).await.unwrap();
    let fichier = Banc::Sqlite.base(&lac).await;
    charger(&fichier, &copie).await.unwrap();
    let journal = Journal::new(fichier, &lac, Arc::new(HorlogeSysteme)).unwrap();
    assert_eq!(journal.verifier().await.unwrap().anomalies, []);
}

#[tokio::test]
async fn what_was_altered_loads_nothing() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path().join("donnees"));
    let base = Banc::Postgres.base(&lac).await;
    remplir(&base, &lac).await;
    let copie = texte(&base, dossier.path(), "copie").await;
    let faux = [
        copie.replace("4500", "\"cher\""),
        copie.replace(
            "\"table\":\"audit\"",
            "\"table\":\"audit; drop table audit\"",
        ),
        copie.lines().skip(1).collect::<Vec<_>>().join("\n"),
    ];
    let neuve = Banc::Postgres.base(&lac).await;
    for faux in faux {
        let chemin = dossier.path().join("fausse");
        std::fs::write(&chemin, faux).unwrap();
        charger(&neuve, &chemin).await.unwrap_err();
        assert!(est_neuve(&neuve).await.unwrap());
    }
}

#[tokio::test]
async fn every_table_is_copied() {
    let dossier = tempfile::tempdir().unwrap();
    let base = Banc::Postgres.base(&Lac::new(dossier.path())).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables where table_schema = 'public'",
    )
    .fetch_all(base.pool())
    .await
    .unwrap();
    let tables: BTreeSet<&str> = tables.iter().map(String::as_str).collect();
    let mut copiees: BTreeSet<&str> = TABLES.iter().map(|(nom, _)| *nom).collect();
    copiees.insert("_sqlx_migrations");
    assert_eq!(tables, copiees);
}

#[tokio::test]
async fn the_archive_of_an_instance_with_a_server_holds_its_base() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path().join("donnees"));
    let base = Banc::Postgres.base(&lac).await;
    remplir(&base, &lac).await;
    let secret = Secret::Phrase("une phrase assez longue".to_owned().into());
    let archive = dossier.path().join("tout.age");
    sauvegarder(&lac, &base, &secret, &archive).await.unwrap();
    let rendu = Lac::new(dossier.path().join("rendu"));
    let reprise = super::super::Reprise {
        durees: crate::conservation::DUREES_D_ESSAI,
        jour: "2026-11-25".parse().unwrap(),
        registre: None,
    };
    super::super::restaurer(&archive, &secret, &rendu, reprise).unwrap();
    let autre = Banc::Postgres.base(&rendu).await;
    assert!(
        super::super::reprendre_la_base(&autre, &rendu)
            .await
            .unwrap()
    );
    assert!(!rendu.racine().join(super::super::COPIE_DE_BASE).exists());
    let journal = Journal::new(autre, &rendu, Arc::new(HorlogeSysteme)).unwrap();
    let bilan = journal.verifier().await.unwrap();
    assert_eq!((bilan.lignes, bilan.anomalies), (3, Vec::new()));
}
