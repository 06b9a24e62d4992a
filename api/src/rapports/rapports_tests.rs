//! Reports kept in SQLite and in PostgreSQL.

use frequent_plan::Lac;

use super::*;
use crate::base::Base;
use crate::base::banc::{Sorte, sur_chaque_base};

sur_chaque_base!(
    what_is_kept_is_read_again_whole,
    a_day_due_is_taken_by_one_and_for_a_while,
    a_report_goes_with_its_recipients_account,
);

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

fn demande() -> Demande {
    Demande {
        modele: Modele::Lettre,
        niveau: Niveau::Departement,
        code: "031".to_owned(),
        destinataire: "claire".to_owned(),
        courriel: Some("claire@exemple.fr".to_owned()),
        rythme: Rythme::Hebdomadaire,
    }
}

async fn base(sorte: Sorte, lac: &Lac) -> Base {
    let base = sorte.base(lac).await;
    sqlx::query(
        "insert into comptes (identifiant, nom, role, cree_le) values ('claire', 'Claire', 'dsden', 0)",
    )
    .execute(base.pool())
    .await
    .unwrap();
    base
}

async fn what_is_kept_is_read_again_whole(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let rapports = Rapports::new(&base(sorte, &Lac::new(dossier.path())).await);
    let vendredi = jour("2026-11-20");
    let neuf = rapports
        .creer(&demande(), "claire", vendredi)
        .await
        .unwrap();
    assert_eq!(neuf.servie, jour("2026-11-16"));
    assert_eq!(
        rapports.lister().await.unwrap(),
        std::slice::from_ref(&neuf)
    );
    let dernier = Dernier {
        le: Instant(1_795_000_000_123),
        etat: EtatEnvoi::Echec,
        raison: Some("boîte pleine".to_owned()),
    };
    rapports.noter(&neuf.id, &dernier).await.unwrap();
    let change = Demande {
        modele: Modele::Comite,
        courriel: None,
        rythme: Rythme::Semestriel,
        ..demande()
    };
    rapports
        .modifier(&neuf.id, &change, vendredi)
        .await
        .unwrap();
    let relu = rapports.un(&neuf.id).await.unwrap().unwrap();
    assert_eq!((relu.demande, relu.dernier), (change, Some(dernier)));
    assert_eq!(relu.servie, jour("2026-07-06"));
    rapports.supprimer(&neuf.id).await.unwrap();
    assert_eq!(rapports.un(&neuf.id).await.unwrap(), None);
}

async fn a_day_due_is_taken_by_one_and_for_a_while(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let rapports = Rapports::new(&base(sorte, &Lac::new(dossier.path())).await);
    let demandee = demande();
    let neuf = rapports.creer(&demandee, "claire", jour("2026-11-20"));
    let id = neuf.await.unwrap().id;
    let due = jour("2026-11-23");
    let prendre = async |maintenant| {
        let prise = (Instant(maintenant), Instant(maintenant + 100));
        rapports.prendre(&id, due, prise).await.unwrap()
    };
    let (une, autre) = tokio::join!(prendre(1_000), prendre(1_000));
    assert!(une != autre);
    assert!(!prendre(1_099).await);
    assert!(prendre(1_100).await);
    rapports.reporter(&id, 2, Instant(5_000)).await.unwrap();
    assert!(!prendre(4_999).await);
    assert_eq!(rapports.un(&id).await.unwrap().unwrap().essais, 2);
    assert!(prendre(5_000).await);
    rapports.servir(&id, due).await.unwrap();
    assert!(!prendre(9_000).await);
}

async fn a_report_goes_with_its_recipients_account(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let base = base(sorte, &Lac::new(dossier.path())).await;
    let rapports = Rapports::new(&base);
    let demandee = demande();
    let neuf = rapports.creer(&demandee, "claire", jour("2026-11-20"));
    neuf.await.unwrap();
    sqlx::query("delete from comptes where identifiant = 'claire'")
        .execute(base.pool())
        .await
        .unwrap();
    assert_eq!(rapports.lister().await.unwrap(), []);
}
