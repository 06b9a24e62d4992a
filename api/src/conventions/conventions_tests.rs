//! Conventions kept in SQLite and in PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{HorlogeSysteme, Lac};
use frequent_territory::conventions::{Cloture, Inscription, SortCumuls, Termes};
use frequent_territory::{Annuaire, Annuaires, CodeNom, Ecole, Etat, Secteur};

use super::*;
use crate::audit::{FiltreAudit, Journal, Trace};
use crate::base::banc::{Sorte, sur_chaque_base};
use crate::conservation::Certificat;

sur_chaque_base!(
    what_is_recorded_is_read_again_whole,
    two_conventions_never_share_a_school_on_a_platform,
    a_change_by_another_process_is_seen,
    an_end_is_due_and_then_destroyed,
    a_school_taken_off_is_due_and_not_once_it_is_back,
    what_the_trail_cannot_be_told_is_not_done,
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

fn contexte<'a>(annuaires: &'a Annuaires, journal: &'a Journal) -> Contexte<'a> {
    Contexte {
        annuaires,
        permise: &partout,
        aujourdhui: jour("2026-11-20"),
        trace: trace(journal),
    }
}

fn trace(journal: &Journal) -> Trace<'_> {
    Trace {
        journal,
        acteur: "claire",
    }
}

fn journal(dossier: &tempfile::TempDir, base: &Base) -> Journal {
    let lac = Lac::new(dossier.path());
    Journal::new(base.clone(), &lac, Arc::new(HorlogeSysteme)).unwrap()
}

/// What the trail was told: of what, and what.
async fn dits(journal: &Journal) -> Vec<(String, String)> {
    let filtre = FiltreAudit {
        limite: 100,
        ..FiltreAudit::default()
    };
    let lignes = journal.lire(&filtre).await.unwrap();
    lignes.into_iter().map(|l| (l.objet, l.detail)).collect()
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
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let contexte = contexte(&annuaires, &journal);
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
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (conventions, annuaires) = (Arc::new(ouvrir(&base).await), Arc::new(annuaires()));
    let journal = Arc::new(journal);
    let mut taches = tokio::task::JoinSet::new();
    for rang in 0..6 {
        let (conventions, annuaires) = (Arc::clone(&conventions), Arc::clone(&annuaires));
        let journal = Arc::clone(&journal);
        taches.spawn(async move {
            let une = convention(&format!("c{rang}"), "2026-09-01", "2027-08-31", &[1]);
            conventions
                .ajouter(contexte(&annuaires, &journal), une)
                .await
                .is_ok()
        });
    }
    let reussies = taches.join_all().await;
    assert_eq!(reussies.iter().filter(|reussie| **reussie).count(), 1);
    assert_eq!(conventions.registre().conventions().len(), 1);
    // Renewing one into the next is refused too.
    let contexte = contexte(&annuaires, &journal);
    let suivante = convention("suite", "2027-09-01", "2028-08-31", &[1]);
    conventions.ajouter(contexte, suivante).await.unwrap();
    let premiere = conventions.registre().conventions()[0].reference().clone();
    let refus = conventions.reconduire(contexte, premiere.as_str()).await;
    assert!(matches!(refus, Err(ConventionsErreur::Obstacles(_))));
}

async fn a_change_by_another_process_is_seen(sorte: Sorte) {
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (ici, ailleurs, annuaires) = (ouvrir(&base).await, ouvrir(&base).await, annuaires());
    assert!(!ici.actualiser().await.unwrap());
    let une = convention("a", "2026-09-01", "2027-08-31", &[1]);
    ailleurs
        .ajouter(contexte(&annuaires, &journal), une)
        .await
        .unwrap();
    assert!(ici.registre().conventions().is_empty());
    assert!(ici.actualiser().await.unwrap());
    let deploiement = ici.registre();
    let deploiement = deploiement.deploiement();
    assert!(deploiement.est_deployee(uai(1), jour("2026-11-20")));
}

async fn an_end_is_due_and_then_destroyed(sorte: Sorte) {
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let contexte = contexte(&annuaires, &journal);
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
        .noter_destruction(
            trace(&journal),
            une.reference(),
            (&ecoles, jour("2026-11-15")),
            &certificat(&ecoles),
        )
        .await
        .unwrap();
    assert!(conventions.a_detruire(jour("2026-12-01")).is_empty());
    let refus = conventions.annuler_fin(contexte, "a").await;
    let definitif = FauteConvention::Detruite(jour("2026-11-15"));
    assert!(matches!(refus, Err(ConventionsErreur::Convention(f)) if f == definitif));
    let relue = ouvrir(&base).await.registre();
    assert_eq!(relue.conventions()[0].detruites().len(), 2);
    let dits = dits(&journal).await;
    let objets: Vec<&str> = dits.iter().map(|(objet, _)| objet.as_str()).collect();
    assert_eq!(objets, ["a", "a", "2026-11-15-00000000"], "{dits:?}");
}

fn certificat(ecoles: &[Uai]) -> Certificat {
    Certificat {
        id: "2026-11-15-00000000".to_owned(),
        regle: "fin de convention".to_owned(),
        motif: "a".to_owned(),
        ecoles: ecoles.iter().copied().collect(),
        au: jour("2026-10-31"),
        cumuls: "gardes".to_owned(),
        decide_le: jour("2026-11-15"),
        fait_a: "2026-11-15T00:00:00Z".to_owned(),
        jours: BTreeSet::new(),
        lignes: BTreeMap::new(),
        fichiers: Vec::new(),
    }
}

async fn a_school_taken_off_is_due_and_not_once_it_is_back(sorte: Sorte) {
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let contexte = contexte(&annuaires, &journal);
    let une = convention("a", "2026-09-01", "2027-08-31", &[1, 2]);
    conventions.ajouter(contexte, une.clone()).await.unwrap();
    let modifier = async |rangs: usize, sort| {
        let accord = (une.termes().clone(), (une.debut(), une.echeance()));
        let ecoles = une.ecoles().iter().take(rangs).map(|(u, i)| (*u, *i));
        conventions
            .modifier(contexte, "a", accord, ecoles.collect(), sort)
            .await
            .unwrap()
    };
    let sans = modifier(1, SortCumuls::Detruire).await;
    let relue = ouvrir(&base).await;
    assert_eq!(relue.registre().conventions(), [sans]);
    assert!(relue.a_detruire(jour("2026-12-04")).is_empty());
    let dues = relue.a_detruire(jour("2026-12-05"));
    assert_eq!(
        (dues[0].uai, dues[0].cumuls),
        (uai(2), SortCumuls::Detruire)
    );
    modifier(2, SortCumuls::Garder).await;
    assert!(conventions.a_detruire(jour("2026-12-05")).is_empty());
    let dits = dits(&journal).await;
    let attendu = format!("\"retirees\":[\"{}\"]", uai(2));
    assert!(dits[1].1.contains(&attendu), "{dits:?}");
}

async fn what_the_trail_cannot_be_told_is_not_done(sorte: Sorte) {
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    sqlx::query("alter table audit rename to audit_ailleurs")
        .execute(base.pool())
        .await
        .unwrap();
    let une = convention("a", "2026-09-01", "2027-08-31", &[1]);
    let refus = conventions
        .ajouter(contexte(&annuaires, &journal), une)
        .await;
    assert!(refus.unwrap_err().est_interne());
    assert!(conventions.registre().conventions().is_empty());
    assert!(ouvrir(&base).await.registre().conventions().is_empty());
}

async fn a_convention_outside_the_perimeter_is_not_touched(sorte: Sorte) {
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
    let (conventions, annuaires) = (ouvrir(&base).await, annuaires());
    let une = convention("a", "2026-09-01", "2027-08-31", &[1, 2]);
    conventions
        .ajouter(contexte(&annuaires, &journal), une)
        .await
        .unwrap();
    let sans_la_2 = |c: &Convention| !c.ecoles().contains_key(&uai(2));
    let contexte = Contexte {
        permise: &sans_la_2,
        ..contexte(&annuaires, &journal)
    };
    let refus = conventions.reconduire(contexte, "a").await;
    assert!(matches!(refus, Err(ConventionsErreur::HorsPerimetre)));
    let autre = convention("b", "2027-09-01", "2028-08-31", &[2]);
    let refus = conventions.ajouter(contexte, autre).await;
    assert!(matches!(refus, Err(ConventionsErreur::HorsPerimetre)));
}

async fn a_file_is_recorded_in_part_and_an_essay_not_at_all(sorte: Sorte) {
    let (dossier, base) = base(sorte).await;
    let journal = journal(&dossier, &base);
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
        ..contexte(&annuaires, &journal)
    };
    // One recorded outside the perimeter is not named to who gives a school of it.
    let contexte_entier = self::contexte(&annuaires, &journal);
    let ailleurs = convention("secrete", "2026-09-01", "2027-08-31", &[3]);
    conventions
        .ajouter(contexte_entier, ailleurs)
        .await
        .unwrap();
    let prise = format!(
        "convention;autorite;fournisseur;plateforme;uai;debut;fin;prix\n\
         a;66136;Édifice;ONE;{};01/09/2026;31/08/2027;45,00\n",
        uai(3)
    );
    let refus = |contexte| {
        let (import, _) = conventions
            .essayer_import(contexte, prise.as_bytes())
            .unwrap();
        import.refusees[0].to_string()
    };
    assert!(refus(contexte_entier).contains("secrete"));
    let sans_la_secrete = |c: &Convention| c.reference().as_str() != "secrete";
    let tue = refus(Contexte {
        permise: &sans_la_secrete,
        ..contexte_entier
    });
    assert!(
        tue.contains("une autre convention") && !tue.contains("secrete"),
        "{tue}"
    );
    let essai = conventions.essayer_import(contexte, fichier.as_bytes());
    let (import, ecartees) = essai.unwrap();
    assert_eq!((import.acceptees.len(), import.refusees.len()), (1, 1));
    assert_eq!(ecartees[0].as_str(), "b");
    assert_eq!(ouvrir(&base).await.registre().conventions().len(), 1);
    let lu = conventions.importer(contexte, fichier.as_bytes()).await;
    assert_eq!(lu.unwrap().unwrap().0.conventions.len(), 1);
    let relues = ouvrir(&base).await.registre();
    assert_eq!(relues.conventions().len(), 2);
    assert_eq!(relues.conventions()[0].ecoles().len(), 1);
}
