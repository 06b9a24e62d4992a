use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::base::banc::{Sorte, sur_chaque_base};

sur_chaque_base!(
    rows_written_together_follow_each_other_and_the_trail_is_whole,
    an_edited_row_is_named,
    a_deleted_row_is_named,
    rows_put_in_another_order_are_named,
    a_trail_cut_short_is_found_by_its_head,
    a_trail_written_again_from_the_start_is_found_by_its_head,
    a_head_signed_by_someone_else_is_no_head,
    the_oldest_rows_go_and_what_is_left_is_still_verified,
    rows_taken_out_before_their_time_are_named_whatever_mark_is_put_there,
    a_school_read_twice_in_a_day_is_told_once,
    rows_are_read_by_instant_and_account,
);

struct Seconde(AtomicI64);

impl Horloge for Seconde {
    fn maintenant(&self) -> Instant {
        Instant(self.0.fetch_add(1_000, Ordering::SeqCst))
    }
}

struct Banc {
    journal: Arc<Journal>,
    base: Base,
    lac: Lac,
    _dossier: tempfile::TempDir,
}

/// A trail of five rows.
async fn banc(sorte: Sorte) -> Banc {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let base = sorte.base(&lac).await;
    let horloge = Arc::new(Seconde(AtomicI64::new(0)));
    let journal = Arc::new(Journal::new(base.clone(), &lac, horloge).unwrap());
    for rang in 1..=5 {
        let acteur = if rang % 2 == 0 { "paul" } else { "claire" };
        let ecriture = Ecriture::new(acteur, Action::Connexion, "objet").avec(json!({"n": rang}));
        assert_eq!(journal.inscrire(ecriture).await.unwrap(), rang);
    }
    Banc {
        journal,
        base,
        lac,
        _dossier: dossier,
    }
}

impl Banc {
    /// What someone who holds the database does to it.
    async fn falsifier(&self, ordres: &[&'static str]) {
        let leve = match self.base.dialecte() {
            Dialecte::Sqlite => "drop trigger audit_inalterable",
            Dialecte::Postgres => "drop trigger audit_inalterable on audit",
        };
        for ordre in [leve].iter().chain(ordres) {
            sqlx::query(*ordre).execute(self.base.pool()).await.unwrap();
        }
    }

    async fn anomalies(&self) -> Vec<Anomalie> {
        self.journal.verifier().await.unwrap().anomalies
    }
}

async fn rows_written_together_follow_each_other_and_the_trail_is_whole(sorte: Sorte) {
    let banc = banc(sorte).await;
    let mut taches = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let journal = Arc::clone(&banc.journal);
        taches.spawn(async move {
            let ecriture = Ecriture::new("claire", Action::Export, "cellules");
            journal.inscrire(ecriture).await.unwrap()
        });
    }
    let mut rangs = taches.join_all().await;
    rangs.sort_unstable();
    assert_eq!(rangs, (6..=25).collect::<Vec<i64>>());
    let bilan = banc.journal.verifier().await.unwrap();
    assert_eq!((bilan.lignes, bilan.anomalies), (25, vec![]));
}

async fn an_edited_row_is_named(sorte: Sorte) {
    let banc = banc(sorte).await;
    let refus = sqlx::query("update audit set acteur = 'x' where rang = 3")
        .execute(banc.base.pool())
        .await;
    assert!(refus.is_err(), "the database itself refuses");
    banc.falsifier(&["update audit set acteur = 'x' where rang = 3"])
        .await;
    assert_eq!(banc.anomalies().await, [Anomalie::Modifiee(3)]);
}

async fn a_deleted_row_is_named(sorte: Sorte) {
    let banc = banc(sorte).await;
    banc.falsifier(&["delete from audit where rang = 3"]).await;
    assert_eq!(banc.anomalies().await, [Anomalie::Manquante(4)]);
    // Even when those after it are given its place.
    banc.falsifier_encore("update audit set rang = rang - 1 where rang = 4")
        .await;
    assert!(banc.anomalies().await.contains(&Anomalie::Modifiee(3)));
}

impl Banc {
    async fn falsifier_encore(&self, ordre: &'static str) {
        sqlx::query(ordre).execute(self.base.pool()).await.unwrap();
    }
}

async fn rows_put_in_another_order_are_named(sorte: Sorte) {
    let banc = banc(sorte).await;
    banc.falsifier(&[
        "update audit set rang = 100 where rang = 2",
        "update audit set rang = 2 where rang = 3",
        "update audit set rang = 3 where rang = 100",
    ])
    .await;
    let anomalies = banc.anomalies().await;
    assert!(anomalies.contains(&Anomalie::Modifiee(2)), "{anomalies:?}");
    assert!(anomalies.contains(&Anomalie::Modifiee(3)), "{anomalies:?}");
}

async fn a_trail_cut_short_is_found_by_its_head(sorte: Sorte) {
    let banc = banc(sorte).await;
    banc.falsifier(&["delete from audit where rang > 3"]).await;
    let attendue = Anomalie::Tronque {
        derniere: 3,
        tete: 5,
    };
    assert_eq!(banc.anomalies().await, [attendue]);
}

async fn a_trail_written_again_from_the_start_is_found_by_its_head(sorte: Sorte) {
    let banc = banc(sorte).await;
    banc.falsifier(&["delete from audit"]).await;
    // The same rows by someone who has the program and the database, but not the key.
    let ailleurs = tempfile::tempdir().unwrap();
    let horloge = Arc::new(Seconde(AtomicI64::new(500)));
    let faussaire = Journal::new(banc.base.clone(), &Lac::new(ailleurs.path()), horloge).unwrap();
    for _ in 0..5 {
        let ecriture = Ecriture::new("claire", Action::Connexion, "objet");
        faussaire.inscrire(ecriture).await.unwrap();
    }
    assert_eq!(banc.anomalies().await, [Anomalie::Reecrite(5)]);
}

async fn a_head_signed_by_someone_else_is_no_head(sorte: Sorte) {
    let banc = banc(sorte).await;
    let tete = banc.lac.racine().join("audit.tete.json");
    let mut retenue: Value = serde_json::from_slice(&std::fs::read(&tete).unwrap()).unwrap();
    retenue["rang"] = json!(3);
    std::fs::write(&tete, retenue.to_string()).unwrap();
    assert_eq!(banc.anomalies().await, [Anomalie::Tete]);
}

async fn a_school_read_twice_in_a_day_is_told_once(sorte: Sorte) {
    let banc = banc(sorte).await;
    let uai = Uai::depuis_nombre(660_713);
    let lire = async |qui: &str, jour: &str| {
        let jour: Jour = jour.parse().unwrap();
        banc.journal.lecture_d_ecole(qui, uai, jour).await.unwrap();
        banc.journal.longueur().await.unwrap()
    };
    assert_eq!(lire("claire", "2026-11-20").await, 6);
    assert_eq!(lire("claire", "2026-11-20").await, 6);
    assert_eq!(lire("paul", "2026-11-20").await, 7);
    assert_eq!(lire("claire", "2026-11-21").await, 8);
    let veille = "2026-11-21".parse().unwrap();
    let oubliees = banc.journal.oublier_les_lectures_avant(veille).await;
    assert_eq!(oubliees.unwrap(), 2);
}

async fn rows_are_read_by_instant_and_account(sorte: Sorte) {
    let banc = banc(sorte).await;
    let rangs = async |filtre: FiltreAudit| {
        let lignes = banc.journal.lire(&filtre).await.unwrap();
        lignes.iter().map(|l| l.rang).collect::<Vec<i64>>()
    };
    let tout = FiltreAudit {
        limite: 10,
        ..FiltreAudit::default()
    };
    assert_eq!(rangs(tout.clone()).await, [1, 2, 3, 4, 5]);
    let de_paul = FiltreAudit {
        acteurs: Some(BTreeSet::from(["paul".to_owned()])),
        limite: 1,
        ..FiltreAudit::default()
    };
    assert_eq!(rangs(de_paul).await, [2]);
    let milieu = FiltreAudit {
        depuis: Some(Instant(1_000)),
        avant: Some(Instant(4_000)),
        apres: 2,
        ..tout
    };
    assert_eq!(rangs(milieu).await, [3, 4]);
}

async fn the_oldest_rows_go_and_what_is_left_is_still_verified(sorte: Sorte) {
    let banc = banc(sorte).await;
    // Rows are a second apart, from 0.
    let trois = Instant(3_000);
    assert_eq!(banc.journal.lignes_avant(trois).await.unwrap(), 3);
    let oubliees = banc
        .journal
        .oublier_avant("(planificateur)", trois, "essai");
    assert_eq!(oubliees.await.unwrap(), 3);
    assert_eq!(banc.anomalies().await, []);
    assert_eq!(banc.journal.lignes_avant(trois).await.unwrap(), 0);
    let filtre = FiltreAudit {
        limite: 100,
        ..FiltreAudit::default()
    };
    let restantes = banc.journal.lire(&filtre).await.unwrap();
    let rangs: Vec<i64> = restantes.iter().map(|l| l.rang).collect();
    assert_eq!(rangs, [4, 5, 6]);
    assert_eq!(restantes[2].action, "destruction");
    // Again, everything being old: the last row stays, and the trail goes on from it.
    let tout = banc
        .journal
        .oublier_avant("(planificateur)", Instant(i64::MAX), "essai");
    assert_eq!(tout.await.unwrap(), 2);
    assert_eq!(banc.anomalies().await, []);
    let ecriture = Ecriture::new("claire", Action::Connexion, "objet");
    assert_eq!(banc.journal.inscrire(ecriture).await.unwrap(), 8);
    assert_eq!(banc.anomalies().await, []);
}

async fn rows_taken_out_before_their_time_are_named_whatever_mark_is_put_there(sorte: Sorte) {
    let banc = banc(sorte).await;
    banc.falsifier(&["delete from audit where rang <= 2"]).await;
    assert_eq!(banc.anomalies().await[0], Anomalie::Manquante(3));
    let marque = "insert into audit_ancre (rang, empreinte, signature)
        select 2, precedent, precedent from audit where rang = 3";
    sqlx::query(marque).execute(banc.base.pool()).await.unwrap();
    assert_eq!(banc.anomalies().await[0], Anomalie::Ancre);
}
