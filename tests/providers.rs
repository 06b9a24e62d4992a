//! The integrators' guide, `docs/providers.md`, followed to the letter: its commands are run in their
//! order against the built binary, its answers compared, its page opened in a real browser, its
//! lists checked against the plan.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use banc::{Banc, PLATEFORME, Serveur};
use frequent_aggregate::reference::evenements;
use frequent_plan::{Fuseaux, Horloge, HorlogeSysteme, Jour, Lac, Plan, Raison, Uai};
use serde_json::Value;

const GUIDE: &str = include_str!("../docs/providers.md");
/// The date of the guide's examples, moved to yesterday: too old an event would be refused.
const DATE: &str = "2026-09-14";
/// The origin that the guide declares besides the ENT's own, for pages on one's machine.
const ORIGINE: &str = "http://127.0.0.1:8000";

/// A fenced block of the guide.
struct Bloc {
    langage: &'static str,
    /// The file that it shows, or how.
    titre: &'static str,
    contenu: &'static str,
}

fn blocs() -> Vec<Bloc> {
    let mut morceaux = GUIDE.split("```");
    morceaux.next();
    let mut blocs = Vec::new();
    while let Some(bloc) = morceaux.next() {
        morceaux.next();
        let (titre, contenu) = bloc.split_once('\n').unwrap();
        let (langage, titre) = titre.split_once(' ').unwrap_or((titre, ""));
        blocs.push(Bloc {
            langage,
            titre,
            contenu,
        });
    }
    blocs
}

fn aujourdhui() -> Jour {
    let paris = Uai::depuis_nombre(750_000);
    let fuseaux = Fuseaux::charger().unwrap();
    fuseaux
        .heure_locale(paris, HorlogeSysteme.maintenant())
        .jour
}

#[test]
fn the_guide_s_commands_answer_what_it_says_and_its_page_counts() {
    let banc = Banc::vide();
    let cles = Cles {
        production: banc.cle(),
        essai: cle_d_essai(&banc),
    };
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let origine = format!("http://127.0.0.1:{}", pages.local_addr().unwrap().port());
    let hier = aujourdhui().plus(-1);
    let mut serveur = banc.servir();
    let dossier = banc.fichier("guide");
    std::fs::create_dir(&dossier).unwrap();

    let blocs = blocs();
    let mut suite = blocs.iter().peekable();
    while let Some(bloc) = suite.next() {
        let contenu = bloc
            .contenu
            .replace(DATE, &hier.to_string())
            .replace(ORIGINE, &origine);
        if bloc.langage == "csv" {
            std::fs::write(dossier.join(bloc.titre), &contenu).unwrap();
        }
        if bloc.langage != "sh" {
            continue;
        }
        let dit = executer(&banc, &serveur, &cles, &dossier, &contenu);
        match suite.peek() {
            Some(reponse) if reponse.langage == "json" => {
                let lu: Value = serde_json::from_str(&dit).unwrap();
                let attendu: Value = serde_json::from_str(reponse.contenu).unwrap();
                match reponse.titre {
                    "extrait" => assert!(contient(&lu, &attendu), "{contenu}{lu:#}"),
                    _ => assert_eq!(lu, attendu, "{contenu}"),
                }
            }
            Some(reponse) if reponse.langage == "text" => {
                assert_eq!(dit, reponse.contenu, "{contenu}");
            }
            _ => {}
        }
        // A running server takes a change within a second; the next command does not wait for it.
        if contenu.starts_with("frequent site") {
            serveur.tuer();
            serveur = banc.servir();
        }
    }

    let liste = banc.reussir(&["site", "list"]);
    let cle_publique = liste
        .split_whitespace()
        .find(|mot| mot.starts_with("fs_"))
        .unwrap();
    let page = un("html")
        .replace("https://mesure.exemple.fr", &serveur.url)
        .replace("fs_…", cle_publique);
    std::thread::spawn(move || servir(&pages, &page));
    visiter(&origine);

    serveur.tuer();
    banc.reussir(&["aggregate"]);
    let lac = Lac::new(banc.donnees());
    let mut comptes = BTreeSet::new();
    for jour in hier.jusqua(aujourdhui()) {
        let lus = evenements(&lac, jour).unwrap();
        comptes.extend(lus.into_iter().map(|evenement| (jour, evenement.id)));
    }
    // Two hits, a first event, the good line of four, two of a file, three from the page.
    assert_eq!(comptes.len(), 2 + 1 + 1 + 2 + 3);
}

/// What an integrator is given.
struct Cles {
    production: String,
    essai: String,
}

fn cle_d_essai(banc: &Banc) -> String {
    let dit = banc.reussir(&[
        "provider",
        "add",
        "Essais",
        "--plateforme",
        PLATEFORME,
        "--essai",
    ]);
    let cle = dit.split_whitespace().find(|mot| mot.starts_with("fq_"));
    cle.unwrap().to_owned()
}

/// What is shown is in the answer: the fields of an object, the elements of a list.
fn contient(lu: &Value, montre: &Value) -> bool {
    match (lu, montre) {
        (Value::Object(lu), Value::Object(montre)) => montre
            .iter()
            .all(|(nom, valeur)| lu.get(nom).is_some_and(|lu| contient(lu, valeur))),
        (Value::Array(lus), Value::Array(montres)) => montres
            .iter()
            .all(|montre| lus.iter().any(|lu| contient(lu, montre))),
        _ => lu == montre,
    }
}

/// Runs a block of commands as the guide's reader would.
fn executer(
    banc: &Banc,
    serveur: &Serveur,
    cles: &Cles,
    dossier: &Path,
    commandes: &str,
) -> String {
    let binaire = Path::new(env!("CARGO_BIN_EXE_frequent")).parent().unwrap();
    let chemin = std::env::var("PATH").unwrap();
    let sortie = Command::new("sh")
        .args(["-eu", "-c", commandes])
        .current_dir(dossier)
        .env("PATH", format!("{}:{chemin}", binaire.display()))
        .env("FREQUENT_GENERAL_DONNEES", banc.donnees())
        .env("COLLECTE", &serveur.url)
        .env("CLE", &cles.production)
        .env("CLE_ESSAI", &cles.essai)
        .output()
        .unwrap();
    banc::reussie(commandes, sortie)
}

/// The only block of this language.
fn un(langage: &str) -> String {
    let blocs = blocs();
    let mut trouves = blocs.iter().filter(|bloc| bloc.langage == langage);
    let trouve = trouves.next().unwrap();
    assert!(trouves.next().is_none());
    trouve.contenu.to_owned()
}

/// Answers every request with the guide's page.
fn servir(pages: &TcpListener, page: &str) {
    for mut flux in pages.incoming().map_while(Result::ok) {
        let mut lecture = BufReader::new(flux.try_clone().unwrap());
        let mut ligne = String::new();
        while lecture.read_line(&mut ligne).is_ok_and(|lus| lus > 2) {
            ligne.clear();
        }
        let reponse = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{page}",
            page.len()
        );
        // The browser may have gone meanwhile.
        let _parti = flux.write_all(reponse.as_bytes());
    }
}

/// Opens the guide's page and makes its calls, in their order.
fn visiter(origine: &str) {
    let appels: Vec<_> = blocs()
        .iter()
        .filter(|bloc| bloc.langage == "js")
        .map(|bloc| bloc.contenu)
        .collect();
    let appels = serde_json::to_string(&appels).unwrap();
    banc::visiter("guide.mjs", &[("ENT_URL", origine), ("APPELS", &appels)]);
}

#[test]
fn the_guide_names_every_code_of_the_plan_and_every_reason_with_its_explanation() {
    let plan = Plan::integre().unwrap();
    let contenu = plan.contenu();
    let membres = [
        &contenu.profils,
        &contenu.types,
        &contenu.appareils,
        &contenu.os,
        &contenu.navigateurs,
    ];
    let codes = membres.into_iter().flatten().map(|membre| &membre.code);
    let services = contenu.services.iter().map(|service| &service.code);
    for code in codes.chain(services) {
        assert!(GUIDE.contains(&format!("`{code}`")), "{code}");
    }
    for service in &contenu.services {
        let Some(ancien) = service.ancien.as_deref().filter(|code| !code.is_empty()) else {
            continue;
        };
        let dit = GUIDE.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            dit.contains(&format!(" {ancien} `{}`", service.code)),
            "{ancien}"
        );
    }
    for raison in Raison::TOUTES {
        let ligne = format!("| `{raison}` | {} |", raison.explication());
        assert!(GUIDE.contains(&ligne), "il manque : {ligne}");
    }
    assert!(GUIDE.contains(PLATEFORME));
}
