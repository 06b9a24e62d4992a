//! Tags end to end, on the built binary: the older XiTi tag, our own in a real browser, and the
//! providers' own service names, converted while the server runs.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use banc::{Banc, PLATEFORME, Serveur, client};
use frequent_aggregate::reference::{EvenementLu, evenements};
use frequent_plan::{Fuseaux, Horloge, HorlogeSysteme, Jour, Lac, Uai};

const ECOLE: &str = "0660713S";
const SITE: &str = "365203";

fn aujourdhui() -> Jour {
    let uai = Uai::lire(ECOLE.as_bytes()).unwrap();
    let fuseaux = Fuseaux::charger().unwrap();
    fuseaux.heure_locale(uai, HorlogeSysteme.maintenant()).jour
}

/// The events of the test as they count: each identifier once. The night may have fallen since
/// `depuis`.
fn comptes(banc: &Banc, serveur: Serveur, depuis: Jour) -> Vec<EvenementLu> {
    serveur.tuer();
    banc.reussir(&["aggregate"]);
    let lac = Lac::new(banc.donnees());
    let jours: BTreeSet<Jour> = [depuis, aujourdhui()].into();
    let mut uniques = BTreeMap::new();
    for jour in jours {
        for evenement in evenements(&lac, jour).unwrap() {
            uniques.insert((jour, evenement.id.clone()), evenement);
        }
    }
    uniques.into_values().collect()
}

fn services(comptes: &[EvenementLu]) -> BTreeMap<String, usize> {
    let mut services = BTreeMap::new();
    for evenement in comptes {
        *services.entry(evenement.service.clone()).or_default() += 1;
    }
    services
}

fn hit(serveur: &Serveur, requete: &str) {
    let reponse = client()
        .get(format!("{}/hit.xiti?s={SITE}&{requete}", serveur.url))
        .call()
        .unwrap();
    assert_eq!(reponse.status(), 200);
}

#[test]
fn the_older_tag_counts_for_the_schools_whose_numbers_were_imported() {
    let banc = Banc::avec_annuaire();
    banc.reussir(&["site", "add", SITE, "--plateforme", PLATEFORME]);
    let fichier = banc.fichier("etablissements.csv");
    std::fs::write(
        &fichier,
        "numero;uai\n1234;0660713S\n1235;0311667U\n1236;0311667A\n",
    )
    .unwrap();
    let import = banc.executer(&[
        "site",
        "etablissements",
        "import",
        SITE,
        fichier.to_str().unwrap(),
    ]);
    assert_eq!(import.status.code(), Some(2));
    let dit = String::from_utf8(import.stdout).unwrap();
    assert!(
        dit.contains("2 numéros ajoutés") && dit.contains("1 lignes refusées"),
        "{dit}"
    );
    let refus = String::from_utf8(import.stderr).unwrap();
    assert!(
        refus.contains("ligne 4, uai : la lettre de contrôle attendue est U"),
        "{refus}"
    );
    let liste = banc.reussir(&["site", "etablissements", "list", SITE]);
    assert_eq!(liste, "1234\t0660713S\n1235\t0311667U\n");

    let depuis = aujourdhui();
    let serveur = banc.servir();
    hit(
        &serveur,
        "s2=1234&x1=9&x2=2&x3=ENT&x4=ONE-OCC&p=cahier&at=481",
    );
    hit(&serveur, "s2=1235&x1=&x2=1&p=accueil&at=482");
    hit(&serveur, "s2=9999&x1=9&x2=2&p=cahier&at=483");
    let comptes = comptes(&banc, serveur, depuis);
    let lus: BTreeSet<_> = comptes
        .iter()
        .map(|e| {
            (
                e.uai.as_str(),
                e.profil.as_str(),
                e.service.as_str(),
                e.projet.as_str(),
            )
        })
        .collect();
    let attendus = [
        ("0660713S", "ENSEIGNANT", "CAHIER_TEXTES", "ENT"),
        ("0311667U", "ELEVE", "ACCUEIL", ""),
    ];
    assert_eq!(lus, attendus.into());

    banc.reussir(&["site", "etablissements", "remove", SITE, "1234"]);
    let liste = banc.reussir(&["site", "etablissements", "list", SITE]);
    assert_eq!(liste, "1235\t0311667U\n");
}

#[test]
fn a_provider_s_own_names_are_previewed_applied_and_undone_while_the_server_runs() {
    let banc = Banc::avec_annuaire();
    let cle = banc.cle();
    let depuis = aujourdhui();
    let serveur = banc.servir();
    let fichier = banc.fichier("noms.csv");
    let chemin = fichier.to_str().unwrap();
    std::fs::write(&fichier, "nom;service;type;outil\nMon blog;ACTUALITES;;\n").unwrap();

    let apercu = banc.reussir(&["conversion", "preview", PLATEFORME, chemin]);
    assert!(
        apercu.contains("nouveau\tMon blog\tACTUALITES\t0"),
        "{apercu}"
    );
    assert!(apercu.contains("Rien n’est changé."), "{apercu}");
    assert!(!accepte(&serveur, &cle, "a0"));
    // What is refused is counted for whoever looks for what to convert.
    let refuse = evenement("FORUM", "f0");
    serveur.envoyer(&cle, refuse.to_string());
    attendre(|| {
        let apercu = banc.reussir(&["conversion", "preview", PLATEFORME, chemin]);
        apercu.contains("inconnu\tFORUM\t\t1")
    });
    // And in the provider's own events, before it sends any.
    let nuit = banc.fichier("nuit.ndjson");
    let lignes = [
        evenement("Mon blog", "n1"),
        evenement("Mon blog", "n2"),
        refuse,
    ];
    std::fs::write(&nuit, lignes.map(|ligne| ligne.to_string()).join("\n")).unwrap();
    let apercu = banc.reussir(&[
        "conversion",
        "preview",
        PLATEFORME,
        chemin,
        "--evenements",
        nuit.to_str().unwrap(),
    ]);
    assert!(
        apercu.contains("nouveau\tMon blog\tACTUALITES\t2"),
        "{apercu}"
    );
    assert!(
        apercu.contains("2 événements à convertir, 1 de service encore inconnu."),
        "{apercu}"
    );

    banc.reussir(&["conversion", "apply", PLATEFORME, chemin]);
    attendre(|| accepte(&serveur, &cle, "a1"));

    std::fs::write(
        &fichier,
        "nom;service;type;outil\nMon blog;NOTES;TIERS;Blog\n",
    )
    .unwrap();
    let apercu = banc.reussir(&["conversion", "preview", PLATEFORME, chemin]);
    assert!(
        apercu.contains("modifié\tMon blog\tNOTES, TIERS : Blog (avant : ACTUALITES)"),
        "{apercu}"
    );
    std::fs::write(&fichier, "nom;service\nMon blog;NOTE\n").unwrap();
    let refuse = banc.executer(&["conversion", "apply", PLATEFORME, chemin]);
    assert_eq!(refuse.status.code(), Some(2));
    let liste = banc.reussir(&["conversion", "list"]);
    assert_eq!(liste, "ONE-OCC\tMon blog\tACTUALITES\n");

    banc.reussir(&["conversion", "undo", PLATEFORME]);
    attendre(|| !accepte(&serveur, &cle, "a2"));
    let comptes = comptes(&banc, serveur, depuis);
    let connus: BTreeSet<_> = services(&comptes).into_keys().collect();
    assert_eq!(connus, ["ACTUALITES".to_owned()].into());
}

/// Sends an event of a service that the plan does not name, and says whether it was accepted.
fn accepte(serveur: &Serveur, cle: &str, id: &str) -> bool {
    let (statut, reponse) = serveur.envoyer(cle, evenement("Mon blog", id).to_string());
    assert_eq!(statut, 202);
    reponse["acceptes"] == 1
}

fn evenement(service: &str, id: &str) -> serde_json::Value {
    serde_json::json!({
        "id": id, "ts": HorlogeSysteme.maintenant().0, "uai": ECOLE, "profil": "ELEVE",
        "visiteur": "u", "service": service, "plateforme": PLATEFORME,
    })
}

fn attendre(mut condition: impl FnMut() -> bool) {
    let debut = Instant::now();
    while !condition() {
        assert!(debut.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn our_own_tag_counts_a_page_s_services_in_a_real_browser_and_keeps_nothing_there() {
    let banc = Banc::avec_annuaire();
    let pages = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = pages.local_addr().unwrap().port();
    let origine = format!("http://127.0.0.1:{port}");
    let ajout = banc.reussir(&[
        "site",
        "add",
        SITE,
        "--plateforme",
        PLATEFORME,
        "--origine",
        &origine,
    ]);
    let cle = ajout
        .split_whitespace()
        .find(|mot| mot.starts_with("fs_"))
        .unwrap();
    let liste = banc.reussir(&["site", "list"]);
    assert!(liste.contains(cle) && liste.contains(&origine), "{liste}");

    let depuis = aujourdhui();
    let serveur = banc.servir();
    let balise = balise(&serveur.url, cle);
    std::thread::spawn(move || {
        for flux in pages.incoming().map_while(Result::ok) {
            let balise = balise.clone();
            std::thread::spawn(move || repondre(flux, &balise));
        }
    });
    let ailleurs = format!("http://localhost:{port}");
    let environnement = [("ENT_URL", origine.as_str()), ("AILLEURS_URL", &ailleurs)];
    let vus = banc::visiter("tag.mjs", &environnement);
    let envoyes: Vec<BTreeMap<String, String>> = serde_json::from_str(&vus).unwrap();
    assert_eq!(envoyes.len(), 9);

    let comptes = comptes(&banc, serveur, depuis);
    let texte = |envoi: &BTreeMap<String, String>, champ: &str, defaut: &str| {
        envoi
            .get(champ)
            .cloned()
            .unwrap_or_else(|| defaut.to_owned())
    };
    let mut attendus: Vec<_> = envoyes
        .iter()
        .map(|e| {
            (
                texte(e, "service", ""),
                texte(e, "type", "NATIF"),
                texte(e, "outil", ""),
            )
        })
        .collect();
    let mut lus: Vec<_> = comptes
        .iter()
        .map(|e| (e.service.clone(), e.type_service.clone(), e.outil.clone()))
        .collect();
    attendus.sort();
    lus.sort();
    assert_eq!(lus, attendus);
    for evenement in &comptes {
        assert_eq!((&*evenement.uai, &*evenement.profil), (ECOLE, "ENSEIGNANT"));
        assert_eq!(
            (&*evenement.appareil, &*evenement.navigateur),
            ("ORDINATEUR", "CHROME")
        );
        assert_eq!((&*evenement.plateforme, evenement.client), (PLATEFORME, 0));
    }
    let visiteurs: BTreeSet<_> = comptes.iter().map(|e| e.visiteur).collect();
    assert_eq!(visiteurs.len(), 1);
}

/// The tag as an integrator pastes it.
fn balise(collecte: &str, cle: &str) -> String {
    format!(
        "<script async src=\"{collecte}/tag.js\" data-site=\"{cle}\" data-uai=\"{ECOLE}\" \
         data-profil=\"ENSEIGNANT\" data-visiteur=\"u-7f3a\" data-service=\"ACCUEIL\""
    )
}

/// Serves the ENT's pages.
fn repondre(mut flux: TcpStream, balise: &str) {
    let mut lecture = BufReader::new(flux.try_clone().unwrap());
    let mut premiere = String::new();
    // A browser may open a connection that it never uses.
    if lecture.read_line(&mut premiere).unwrap_or(0) == 0 {
        return;
    }
    let mut ligne = String::new();
    while lecture.read_line(&mut ligne).is_ok_and(|lus| lus > 2) {
        ligne.clear();
    }
    let page = match premiere.split(' ').nth(1).unwrap_or_default() {
        "/seul" => format!("<!doctype html><title>ENT</title>{balise}></script>"),
        "/refus" => portail("<html lang=fr>", &format!("{balise} data-refus></script>")),
        "/refus-page" => portail("<html lang=fr data-refus>", &format!("{balise}></script>")),
        "/favicon.ico" => String::new(),
        _ => portail("<html lang=fr>", &format!("{balise}></script>")),
    };
    let reponse = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    );
    // The browser may have gone meanwhile.
    let _parti = flux.write_all(reponse.as_bytes());
}

/// A portal of one page, its commands queued before the tag is there.
fn portail(html: &str, balise: &str) -> String {
    format!(
        "<!doctype html>{html}<title>ENT</title>
<script>
  window.frequent = window.frequent || function () {{ (frequent.q = frequent.q || []).push(arguments); }};
  frequent('pages', {{ '/cahier': 'CAHIER_TEXTES', '/cahier/12#messages': 'COURRIER_ELECTRONIQUE', '/notes': 'NOTES' }});
</script>
{balise}
<button onclick=\"history.pushState({{}}, '', '/cahier/12')\">Cahier</button>
<button onclick=\"history.replaceState({{}}, '', '?tri=date')\">Filtrer</button>
<button onclick=\"history.pushState({{}}, '', '/notes')\">Notes</button>
<a href=\"#messages\">Messages</a>
<button onclick=\"frequent('service', {{ service: 'NOTES', type: 'TIERS', outil: 'Pronote' }})\">Outil</button>"
    )
}
