//! Tagging quality, the test bench and receipts, on the built binary.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::time::{Duration, Instant};

use banc::{Banc, PLATEFORME, Serveur, client};
use frequent_ingest::qualite::{Ligne, lire_jour};
use frequent_plan::{Horloge, HorlogeSysteme, Jour, Lac};

const PATIENCE: Duration = Duration::from_mins(1);

fn lignes(noms: std::ops::Range<u32>) -> String {
    let maintenant = HorlogeSysteme.maintenant().0;
    noms.map(|n| {
        format!(
            r#"{{"id":"q{n}","ts":{maintenant},"uai":"0660713S","profil":"ELEVE","visiteur":"u{n}","service":"NOTES","plateforme":"{PLATEFORME}"}}"#
        ) + "\n"
    })
    .collect()
}

/// Every row of the table, whatever the day.
fn table(banc: &Banc) -> Vec<Ligne> {
    let lac = Lac::new(banc.donnees());
    let jours = jours(&lac).into_iter();
    jours
        .flat_map(|jour| lire_jour(&lac, jour).unwrap())
        .collect()
}

/// The days on which something was received.
fn jours(lac: &Lac) -> Vec<Jour> {
    let Ok(dossiers) = std::fs::read_dir(lac.qualite()) else {
        return Vec::new();
    };
    dossiers
        .map(|d| d.unwrap().file_name().into_string().unwrap())
        .filter_map(|nom| Lac::jour_de_dossier(&nom))
        .collect()
}

fn somme(banc: &Banc, mesure: &str) -> i64 {
    let table = table(banc);
    let lignes = table.iter().filter(|l| l.mesure == mesure);
    lignes.map(|l| l.nombre).sum()
}

fn attendre(quoi: &str, arrive: impl Fn() -> bool) {
    let debut = Instant::now();
    while !arrive() {
        assert!(debut.elapsed() < PATIENCE, "{quoi}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_killed_server_loses_at_most_what_it_had_not_written_and_counts_nothing_twice() {
    let banc = Banc::vide();
    let cle = banc.cle();
    let serveur = banc.servir();
    assert_eq!(serveur.envoyer(&cle, lignes(0..10)).0, 202);
    attendre("first writing", || somme(&banc, "recus") == 10);
    assert_eq!(serveur.envoyer(&cle, lignes(10..15)).0, 202);
    serveur.tuer();

    let serveur = banc.servir();
    assert_eq!(serveur.envoyer(&cle, lignes(15..18)).0, 202);
    assert_eq!(serveur.envoyer(&cle, lignes(15..18)).0, 202);
    // The events themselves are all there, the second batch of three as repeats.
    attendre("all landed and counted", || {
        (somme(&banc, "atterris"), somme(&banc, "doublons")) == (21, 3)
    });
    attendre("last writing", || somme(&banc, "recus") >= 16);
    let recus = somme(&banc, "recus");
    assert!(
        [16, 21].contains(&recus),
        "{recus}: the killed batch whole, or not at all"
    );
    assert_eq!(somme(&banc, "acceptes"), recus);
    assert_eq!(somme(&banc, "sans_client"), recus);
}

fn recu(serveur: &Serveur, cle: &str, jour: &str) -> (u16, String) {
    let mut reponse = client()
        .get(format!("{}/v1/recus/{jour}", serveur.url))
        .header("Authorization", format!("Bearer {cle}"))
        .call()
        .unwrap();
    let texte = reponse.body_mut().read_to_string().unwrap();
    (reponse.status().as_u16(), texte)
}

#[test]
fn a_provider_gets_a_receipt_that_anyone_can_check_without_a_network() {
    let banc = Banc::vide();
    let cle = banc.cle();
    let serveur = banc.servir();
    let corps = lignes(0..5) + &lignes(5..6).replace("NOTES", "INCONNU");
    assert_eq!(serveur.envoyer(&cle, corps).0, 202);
    attendre("written", || somme(&banc, "recus") == 6);
    let jour = jours(&Lac::new(banc.donnees()))[0].to_string();
    let (statut, texte) = recu(&serveur, &cle, &jour);
    assert_eq!(statut, 200, "{texte}");
    assert!(texte.contains("\"valeur_inconnue\": 1"), "{texte}");
    assert_eq!(recu(&serveur, &cle, "2199-01-01").0, 404);
    assert_eq!(recu(&serveur, &cle, "hier").0, 400);
    assert_eq!(recu(&serveur, "fq_faux", "2026-01-01").0, 401);

    let publique = banc.reussir(&["key", "show"]);
    let publiee: serde_json::Value = client()
        .get(format!("{}/v1/cle-publique", serveur.url))
        .call()
        .unwrap()
        .body_mut()
        .read_json()
        .unwrap();
    assert_eq!(publiee["cle"], publique.trim());

    let fichier = banc.fichier("recu.json");
    let chemin = fichier.to_str().unwrap().to_owned();
    let verifier = ["recu", "verifier", &chemin, "--cle", publique.trim()];
    std::fs::write(&fichier, &texte).unwrap();
    let sortie = banc.reussir(&verifier);
    assert!(
        sortie.contains("6 événements reçus, 5 acceptés, 1 refusés"),
        "{sortie}"
    );
    std::fs::write(
        &fichier,
        texte.replace("\"acceptes\": 5", "\"acceptes\": 6"),
    )
    .unwrap();
    let sortie = banc.executer(&verifier);
    assert_eq!(sortie.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&sortie.stderr).contains("altéré"));
}

#[test]
fn a_test_key_made_at_the_command_line_is_judged_and_never_counted() {
    let banc = Banc::vide();
    let sortie = banc.reussir(&[
        "provider",
        "add",
        "Essais",
        "--plateforme",
        "NEUVE",
        "--essai",
    ]);
    let cle = sortie
        .split_whitespace()
        .find(|mot| mot.starts_with("fq_"))
        .unwrap();
    assert!(
        banc.reussir(&["provider", "list"])
            .contains("Essais (essai)")
    );
    let production = banc.cle();
    let serveur = banc.servir();
    let corps = lignes(0..2)
        .replace(PLATEFORME, "NEUVE")
        .replace("u1", "m.dupont");
    let (statut, verdict) = serveur.envoyer(cle, corps);
    assert_eq!((statut, &verdict["acceptes"]), (200, &2.into()));
    let conseils = verdict["evenements"][1]["champs"].to_string();
    assert!(conseils.contains("ressemble à un nom"), "{conseils}");
    assert!(!conseils.contains("dupont"), "{conseils}");
    assert_eq!(serveur.envoyer(&production, lignes(0..1)).0, 202);
    attendre("the other is counted", || somme(&banc, "recus") == 1);
    let cles = banc.donnees().join("cles");
    let noms: Vec<String> = std::fs::read_dir(cles)
        .unwrap()
        .map(|entree| entree.unwrap().file_name().into_string().unwrap())
        .collect();
    let pseudonymes = noms.iter().filter(|nom| nom.strip_suffix(".cle").is_some());
    assert_eq!(pseudonymes.count(), 1, "one platform's key: {noms:?}");
}
