//! Conventions kept in SQLite and in PostgreSQL.

use frequent_plan::Lac;
use frequent_territory::conventions::{Cloture, Inscription, SortCumuls, Termes};
use frequent_territory::{Annuaire, Annuaires, CodeNom, Ecole, Etat, Secteur};

use super::*;
use crate::base::banc::{Sorte, sur_chaque_base};

sur_chaque_base!(
    what_is_recorded_is_read_again_whole,
    two_conventions_never_share_a_school_on_a_platform,
    a_change_by_another_process_is_seen,
    an_end_is_due_and_then_destroyed,
    a_convention_outside_the_perimeter_is_not_touched,
    a_file_is_recorded_in_part_and_an_essay_not_at_all,
);

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

fn uai(rang: u32) -> Uai {
    Uai::depuis_nombre(660_000 + rang)
}

fn annuaires() -> Annuaires {
    let code_nom = |code: &str| {
        Arc::new(CodeNom {
            code: code.to_owned(),
            nom: code.to_owned(),
        })
    };
    let ecoles = (1..=5).map(|rang| Ecole {
        uai: uai(rang),
        nom: format!("École {rang}"),
        type_etablissement: "Ecole".to_owned(),
        nature: String::new(),
        secteur: Secteur::Public,
        commune: code_nom("66136"),
        departement: code_nom("066"),
        academie: code_nom("11"),
        region: code_nom("76"),
        circonscription: None,
        effectif: None,
        education_prioritaire: None,
        position: None,
        etat: Etat::Ouvert,
        ministere: String::new(),
    });
    Annuaires::de_versions([Annuaire::new(jour("2024-11-26"), ecoles.collect())])
}

fn partout(_: &Convention) -> bool {
    true
}

fn contexte(annuaires: &Annuaires) -> Contexte<'_> {
    Contexte {
        annuaires,
        permise: &partout,
        aujourdhui: jour("2026-11-20"),
    }
}

fn convention(reference: &str, du: &str, au: &str, ecoles: &[u32]) -> Convention {
    let termes = Termes {
        autorite: "66136".parse().unwrap(),
        siret: Some("21660136900012".parse().unwrap()),
        fournisseur: "Édifice".parse().unwrap(),
        plateforme: "ONE".parse().unwrap(),
        prix: "45".parse().unwrap(),
    };
    let inscription = Inscription {
        entree: jour(du),
        sortie: None,
    };
    Convention::new(
        reference.parse().unwrap(),
        termes,
        (jour(du), jour(au)),
        ecoles.iter().map(|rang| (uai(*rang), inscription)),
    )
    .unwrap()
}

async fn ouvrir(base: &Base) -> Conventions {
    Conventions::ouvrir(base, ReglagesConventions::default())
        .await
        .unwrap()
}

async fn base(sorte: Sorte) -> (tempfile::TempDir, Base) {
    let dossier = tempfile::tempdir().unwrap();
    let base = sorte.base(&Lac::new(dossier.path())).await;
    (dossier, base)
}

async fn what_is_recorded_is_read_again_whole(sorte: Sorte) {
    let (_dossier, base) = base(sorte).await;
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let contexte = contexte(&annuaires);
    let une = convention("a", "2025-09-01", "2026-08-31", &[1, 2]);
    conventions.ajouter(contexte, une.clone()).await.unwrap();
    conventions.reconduire(contexte, "a").await.unwrap();
    let cloture = Cloture {
        date: jour("2026-12-31"),
        cumuls: SortCumuls::Detruire,
    };
    let terminee = conventions.terminer(contexte, "a", cloture).await.unwrap();
    let relues = ouvrir(&base).await.registre();
    assert_eq!(relues.conventions(), std::slice::from_ref(&terminee));
    let rouverte = conventions.annuler_fin(contexte, "a").await.unwrap();
    assert_eq!(rouverte.fin(), jour("2027-08-31"));
    let encore = conventions.ajouter(contexte, une).await;
    assert!(matches!(encore, Err(ConventionsErreur::Existe(_))));
    let absente = conventions.reconduire(contexte, "b").await;
    assert!(matches!(absente, Err(ConventionsErreur::Inconnue(_))));
}

async fn two_conventions_never_share_a_school_on_a_platform(sorte: Sorte) {
    let (_dossier, base) = base(sorte).await;
    let (conventions, annuaires) = (Arc::new(ouvrir(&base).await), Arc::new(annuaires()));
    let mut taches = tokio::task::JoinSet::new();
    for rang in 0..6 {
        let (conventions, annuaires) = (Arc::clone(&conventions), Arc::clone(&annuaires));
        taches.spawn(async move {
            let une = convention(&format!("c{rang}"), "2026-09-01", "2027-08-31", &[1]);
            conventions.ajouter(contexte(&annuaires), une).await.is_ok()
        });
    }
    let reussies = taches.join_all().await;
    assert_eq!(reussies.iter().filter(|reussie| **reussie).count(), 1);
    assert_eq!(conventions.registre().conventions().len(), 1);
    // Renewing one into the next is refused too.
    let contexte = contexte(&annuaires);
    let suivante = convention("suite", "2027-09-01", "2028-08-31", &[1]);
    conventions.ajouter(contexte, suivante).await.unwrap();
    let premiere = conventions.registre().conventions()[0].reference().clone();
    let refus = conventions.reconduire(contexte, premiere.as_str()).await;
    assert!(matches!(refus, Err(ConventionsErreur::Obstacles(_))));
}

async fn a_change_by_another_process_is_seen(sorte: Sorte) {
    let (_dossier, base) = base(sorte).await;
    let (ici, ailleurs, annuaires) = (ouvrir(&base).await, ouvrir(&base).await, annuaires());
    assert!(!ici.actualiser().await.unwrap());
    let une = convention("a", "2026-09-01", "2027-08-31", &[1]);
    ailleurs.ajouter(contexte(&annuaires), une).await.unwrap();
    assert!(ici.registre().conventions().is_empty());
    assert!(ici.actualiser().await.unwrap());
    let deploiement = ici.registre();
    let deploiement = deploiement.deploiement();
    assert!(deploiement.est_deployee(uai(1), jour("2026-11-20")));
}

async fn an_end_is_due_and_then_destroyed(sorte: Sorte) {
    let (_dossier, base) = base(sorte).await;
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let contexte = contexte(&annuaires);
    let une = convention("a", "2026-09-01", "2027-08-31", &[1, 2]);
    conventions.ajouter(contexte, une.clone()).await.unwrap();
    let cloture = Cloture {
        date: jour("2026-10-31"),
        cumuls: SortCumuls::Garder,
    };
    conventions.terminer(contexte, "a", cloture).await.unwrap();
    assert!(conventions.a_detruire(jour("2026-11-14")).is_empty());
    let dues = conventions.a_detruire(jour("2026-11-15"));
    assert_eq!(dues.len(), 2);
    let ecoles: Vec<Uai> = dues.iter().map(|due| due.uai).collect();
    conventions
        .noter_destruction(une.reference(), &ecoles, jour("2026-11-15"))
        .await
        .unwrap();
    assert!(conventions.a_detruire(jour("2026-12-01")).is_empty());
    let refus = conventions.annuler_fin(contexte, "a").await;
    let definitif = FauteConvention::Detruite(jour("2026-11-15"));
    assert!(matches!(refus, Err(ConventionsErreur::Convention(f)) if f == definitif));
    let relue = ouvrir(&base).await.registre();
    assert_eq!(relue.conventions()[0].detruites().len(), 2);
}

async fn a_convention_outside_the_perimeter_is_not_touched(sorte: Sorte) {
    let (_dossier, base) = base(sorte).await;
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let une = convention("a", "2026-09-01", "2027-08-31", &[1, 2]);
    conventions
        .ajouter(contexte(&annuaires), une)
        .await
        .unwrap();
    let sans_la_2 = |c: &Convention| !c.ecoles().contains_key(&uai(2));
    let contexte = Contexte {
        permise: &sans_la_2,
        ..contexte(&annuaires)
    };
    let refus = conventions.reconduire(contexte, "a").await;
    assert!(matches!(refus, Err(ConventionsErreur::HorsPerimetre)));
    let autre = convention("b", "2027-09-01", "2028-08-31", &[2]);
    let refus = conventions.ajouter(contexte, autre).await;
    assert!(matches!(refus, Err(ConventionsErreur::HorsPerimetre)));
}

async fn a_file_is_recorded_in_part_and_an_essay_not_at_all(sorte: Sorte) {
    let (_dossier, base) = base(sorte).await;
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let fichier = format!(
        "convention;autorite;fournisseur;plateforme;uai;debut;fin;prix\n\
         a;66136;Édifice;ONE;{};01/09/2026;31/08/2027;45,00\n\
         a;66136;Édifice;ONE;0660009Z;01/09/2026;31/08/2027;45,00\n\
         b;66136;Édifice;ONE;{};01/09/2026;31/08/2027;45,00\n",
        uai(1),
        uai(2)
    );
    let sans_b = |c: &Convention| c.reference().as_str() != "b";
    let contexte = Contexte {
        permise: &sans_b,
        ..contexte(&annuaires)
    };
    let essai = conventions.essayer_import(contexte, fichier.as_bytes());
    let (import, ecartees) = essai.unwrap();
    assert_eq!((import.acceptees.len(), import.refusees.len()), (1, 1));
    assert_eq!(ecartees[0].as_str(), "b");
    assert!(ouvrir(&base).await.registre().conventions().is_empty());
    let lu = conventions.importer(contexte, fichier.as_bytes()).await;
    assert_eq!(lu.unwrap().unwrap().0.conventions.len(), 1);
    let relues = ouvrir(&base).await.registre();
    assert_eq!(relues.conventions().len(), 1);
    assert_eq!(relues.conventions()[0].ecoles().len(), 1);
}
