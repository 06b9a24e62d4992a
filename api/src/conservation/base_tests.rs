//! What is over in SQLite and in PostgreSQL.

use std::sync::Arc;

use frequent_plan::{Horloge, Lac};

use super::*;
use crate::audit::{FiltreAudit, Journal};
use crate::base::banc::{Sorte, sur_chaque_base};

sur_chaque_base!(
    accounts_that_serve_no_more_go_and_those_that_do_stay,
    the_rows_of_the_trail_go_after_a_year_and_not_the_day_before,
);

use crate::conservation::DUREES_D_ESSAI as DUREES;

/// A clock that stands at the beginning of a day.
struct Arretee(Jour);

impl Horloge for Arretee {
    fn maintenant(&self) -> Instant {
        Instant::debut_utc(self.0)
    }
}

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

async fn compte(base: &Base, identifiant: &str, role: &str, (cree, vu): (&str, Option<&str>)) {
    sqlx::query(
        "insert into comptes (identifiant, nom, role, cree_le, vu_le)
         values ($1, $1, $2, $3, $4)",
    )
    .bind(identifiant)
    .bind(role)
    .bind(Instant::debut_utc(jour(cree)).0)
    .bind(vu.map(|vu| Instant::debut_utc(jour(vu)).0))
    .execute(base.pool())
    .await
    .unwrap();
}

async fn accounts_that_serve_no_more_go_and_those_that_do_stay(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let base = sorte.base(&lac).await;
    let aujourd_hui = jour("2028-11-25");
    let journal = Journal::new(base.clone(), &lac, Arc::new(Arretee(aujourd_hui))).unwrap();
    let trace = Trace {
        journal: &journal,
        acteur: "(planificateur)",
    };
    let vieux = "2024-09-01";
    compte(&base, "parti", "dsden", (vieux, Some("2026-11-24"))).await;
    compte(&base, "jamais-venu", "dsden", (vieux, None)).await;
    compte(&base, "limite", "dsden", (vieux, Some("2026-11-25"))).await;
    compte(&base, "neuf", "dsden", ("2028-11-01", None)).await;
    compte(&base, "programme", "dsden", (vieux, None)).await;
    sqlx::query(
        "insert into jetons (id, empreinte, identifiant, nom, portees, cree_le, expire_le, vu_le)
         values ('j', $1, 'programme', 'j', '', 0, 0, $2)",
    )
    .bind(vec![1_u8])
    .bind(Instant::debut_utc(jour("2028-06-01")).0)
    .execute(base.pool())
    .await
    .unwrap();
    compte(
        &base,
        "ancien-chef",
        "administrateur",
        (vieux, Some("2025-01-01")),
    )
    .await;
    compte(&base, "chef", "administrateur", (vieux, Some("2026-01-01"))).await;

    let prevus = prevoir_en_base(&base, &journal, &DUREES, aujourd_hui)
        .await
        .unwrap();
    assert_eq!(
        (prevus.len(), prevus[0].table, prevus[0].lignes),
        (1, "comptes", 3)
    );
    let faits = purger_en_base(&base, trace, &DUREES, aujourd_hui)
        .await
        .unwrap();
    assert_eq!(faits, prevus);
    let restants: Vec<String> = sqlx::query_scalar("select identifiant from comptes order by 1")
        .fetch_all(base.pool())
        .await
        .unwrap();
    assert_eq!(restants, ["chef", "limite", "neuf", "programme"]);
    let filtre = FiltreAudit {
        limite: 10,
        ..FiltreAudit::default()
    };
    let dits = journal.lire(&filtre).await.unwrap();
    let objets: Vec<&str> = dits.iter().map(|l| l.objet.as_str()).collect();
    assert_eq!(objets, ["ancien-chef", "jamais-venu", "parti"]);
    let encore = purger_en_base(&base, trace, &DUREES, aujourd_hui)
        .await
        .unwrap();
    assert_eq!(encore, []);
}

async fn the_rows_of_the_trail_go_after_a_year_and_not_the_day_before(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let base = sorte.base(&lac).await;
    for date in ["2027-11-24", "2027-11-25", "2028-11-25"] {
        let horloge = Arc::new(Arretee(jour(date)));
        let journal = Journal::new(base.clone(), &lac, horloge).unwrap();
        let ecriture = Ecriture::new("claire", Action::Export, date);
        journal.inscrire(ecriture).await.unwrap();
    }
    let horloge = Arc::new(Arretee(jour("2028-11-25")));
    let journal = Journal::new(base.clone(), &lac, horloge).unwrap();
    let trace = Trace {
        journal: &journal,
        acteur: "(planificateur)",
    };
    let purger = async |date| {
        purger_en_base(&base, trace, &DUREES, jour(date))
            .await
            .unwrap()
    };
    assert_eq!(purger("2028-11-24").await, []);
    let faits = purger("2028-11-25").await;
    assert_eq!(
        (faits.len(), faits[0].table, faits[0].lignes),
        (1, "audit", 1)
    );
    assert_eq!(journal.verifier().await.unwrap().anomalies, []);
}
