use frequent_plan::Lac;

use super::*;
use crate::base::banc::{Sorte, sur_chaque_base};

sur_chaque_base!(
    an_action_is_written_corrected_and_taken_off,
    a_school_seen_again_is_silent_longer_and_only_for_who_saw_it,
);

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

/// The log of a base with the accounts of Claire and Paul.
async fn journal(sorte: Sorte, lac: &Lac) -> Accompagnement {
    let base = sorte.base(lac).await;
    for (identifiant, nom) in [("claire", "Claire"), ("paul", "Paul")] {
        sqlx::query(
            "insert into comptes (identifiant, nom, role, cree_le) values ($1, $2, 'dsden', 0)",
        )
        .bind(identifiant)
        .bind(nom)
        .execute(base.pool())
        .await
        .unwrap();
    }
    Accompagnement::new(base)
}

fn saisie(quand: &str) -> Saisie {
    Saisie {
        uai: Uai::depuis_nombre(310_001),
        jour: jour(quand),
        genre: Genre::Formation,
        note: " Prise en main ".to_owned(),
    }
}

async fn an_action_is_written_corrected_and_taken_off(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let journal = journal(sorte, &Lac::new(dossier.path())).await;
    let voulue = saisie("2026-11-02").verifiee(jour("2026-11-20")).unwrap();
    assert_eq!(voulue.note, "Prise en main");
    let auteur = ("claire", "Claire");
    let mut action = journal.noter(auteur, voulue).await.unwrap();
    assert_eq!(
        journal.action(&action.id).await.unwrap(),
        Some(action.clone())
    );
    assert_eq!(journal.depuis(jour("2026-11-03")).await.unwrap(), []);
    action.saisie.genre = Genre::Appel;
    journal.corriger(&action).await.unwrap();
    let lues = journal.depuis(jour("2026-11-02")).await.unwrap();
    assert_eq!(lues, [action.clone()]);
    sqlx::query("delete from comptes where identifiant = 'claire'")
        .execute(journal.base.pool())
        .await
        .unwrap();
    let orpheline = journal.action(&action.id).await.unwrap().unwrap();
    assert_eq!((orpheline.compte, orpheline.par), (None, None));
    assert_eq!(orpheline.saisie, action.saisie);
    journal.effacer(&action.id).await.unwrap();
    assert_eq!(journal.action(&action.id).await.unwrap(), None);
}

async fn a_school_seen_again_is_silent_longer_and_only_for_who_saw_it(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let journal = journal(sorte, &Lac::new(dossier.path())).await;
    let uai = Uai::depuis_nombre(310_001);
    let vue = |vue_le: &str, jusqu_au: &str| Vue {
        vue_le: jour(vue_le),
        jusqu_au: jour(jusqu_au),
    };
    for vue in [
        vue("2026-11-02", "2026-11-30"),
        vue("2026-11-09", "2026-12-07"),
    ] {
        journal.noter_vue("claire", uai, vue).await.unwrap();
    }
    let siennes = journal.vues("claire").await.unwrap();
    assert_eq!(siennes, [(uai, vue("2026-11-09", "2026-12-07"))].into());
    assert!(journal.vues("paul").await.unwrap().is_empty());
    journal.oublier_vue("claire", uai).await.unwrap();
    assert!(journal.vues("claire").await.unwrap().is_empty());
}

#[test]
fn an_action_to_come_or_with_too_long_a_note_is_refused() {
    let demain = saisie("2026-11-21").verifiee(jour("2026-11-20"));
    assert_eq!(demain, Err(FauteAction::Jour));
    let longue = Saisie {
        note: "x".repeat(1_001),
        ..saisie("2026-11-02")
    };
    assert_eq!(longue.verifiee(jour("2026-11-20")), Err(FauteAction::Note));
}
