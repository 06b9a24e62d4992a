//! Signing in through a real OpenID Connect provider, started here: its forms are followed as a
//! browser would. What it signs for others, too late, or for another departure opens nothing.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use banc::{Banc, Serveur};
use serde_json::{Value, json};

const CLIENT: &str = "frequent";
const SECRET: &str = "un secret de client assez long";
const REGLES: &str = "fonction=ia-daasen => departement:031; \
    fonction=ien => circonscription:{rne} dans departement:031";

/// The provider, stopped with the value.
struct Fournisseur {
    processus: Child,
    ordres: ChildStdin,
    sortie: BufReader<ChildStdout>,
    emetteur: String,
}

impl Fournisseur {
    fn demarrer(retour: &str) -> Self {
        let dossier = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fournisseur_identite");
        let mut processus = Command::new("node")
            .args(["serveur.mjs", CLIENT, SECRET, retour])
            .current_dir(dossier)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let ordres = processus.stdin.take().unwrap();
        let sortie = BufReader::new(processus.stdout.take().unwrap());
        let mut fournisseur = Self {
            processus,
            ordres,
            sortie,
            emetteur: String::new(),
        };
        while !fournisseur.emetteur.starts_with("http://") {
            fournisseur.emetteur = fournisseur.ligne();
        }
        fournisseur
    }

    fn ligne(&mut self) -> String {
        let mut ligne = String::new();
        let lus = self.sortie.read_line(&mut ligne).unwrap();
        assert_ne!(lus, 0, "no provider: `make essais` installs it");
        ligne.trim().to_owned()
    }

    /// What it says from now on of whoever signs in, and what it changes in its tokens.
    #[expect(clippy::needless_pass_by_value, reason = "written on the spot")]
    fn dire(&mut self, claims: Value, jeton: Value) {
        writeln!(self.ordres, "{}", json!({"claims": claims, "jeton": jeton})).unwrap();
        while self.ligne() != "compris" {}
    }
}

impl Drop for Fournisseur {
    fn drop(&mut self) {
        let _deja_arrete = self.processus.kill();
        let _deja_attendu = self.processus.wait();
    }
}

/// An answer, as far as a browser cares.
#[derive(Debug)]
struct Page {
    statut: u16,
    vers: Option<String>,
    corps: String,
}

/// A browser: it keeps cookies (whose host all share, whatever the port) and follows nothing alone.
#[derive(Default)]
struct Navigateur {
    temoins: BTreeMap<String, String>,
}

impl Navigateur {
    fn aller(&mut self, adresse: &str) -> Page {
        self.demander(adresse, None)
    }

    fn demander(&mut self, adresse: &str, formulaire: Option<&[(&str, &str)]>) -> Page {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        let temoins: Vec<String> = self
            .temoins
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let temoins = temoins.join("; ");
        let mut reponse = match formulaire {
            None => agent.get(adresse).header("Cookie", temoins).call().unwrap(),
            Some(champs) => agent
                .post(adresse)
                .header("Cookie", temoins)
                .send_form(champs.iter().copied())
                .unwrap(),
        };
        for pose in reponse.headers().get_all("set-cookie") {
            let paire = pose.to_str().unwrap().split(';').next().unwrap();
            let (nom, valeur) = paire.split_once('=').unwrap();
            if valeur.is_empty() {
                self.temoins.remove(nom);
            } else {
                self.temoins.insert(nom.to_owned(), valeur.to_owned());
            }
        }
        let vers = reponse.headers().get("location");
        let vers = vers.map(|vers| vers.to_str().unwrap().to_owned());
        Page {
            statut: reponse.status().as_u16(),
            vers,
            corps: reponse.body_mut().read_to_string().unwrap(),
        }
    }

    /// Signs in at the provider and agrees; gives the address that leads back to us.
    fn se_presenter(&mut self, depart: &str, qui: &str, retour: &str) -> String {
        let origine = depart.split('/').take(3).collect::<Vec<_>>().join("/");
        let mut adresse = depart.to_owned();
        for _ in 0..20 {
            let page = self.aller(&adresse);
            let suivante = if let Some(vers) = page.vers {
                vers
            } else {
                let prompt = if page.corps.contains("value=\"consent\"") {
                    "consent"
                } else {
                    "login"
                };
                let champs = [("prompt", prompt), ("login", qui), ("password", "x")];
                let action = page.corps.split("action=\"").nth(1).unwrap();
                let action = action.split('"').next().unwrap().to_owned();
                let action = if action.starts_with('/') {
                    format!("{origine}{action}")
                } else {
                    action
                };
                let page = self.demander(&action, Some(&champs));
                page.vers.unwrap_or_else(|| panic!("{}", page.corps))
            };
            adresse = if suivante.starts_with('/') {
                format!("{origine}{suivante}")
            } else {
                suivante
            };
            if adresse.starts_with(retour) {
                return adresse;
            }
        }
        panic!("{depart}: going round in circles");
    }
}

struct Scene {
    banc: Banc,
    serveur: Serveur,
    fournisseur: Fournisseur,
    retour: String,
}

impl Scene {
    fn avec(reglages: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let adresse = port.local_addr().unwrap().to_string();
        drop(port);
        let url = format!("http://{adresse}");
        let retour = format!("{url}/api/v1/connexion/oidc/retour");
        let fournisseur = Fournisseur::demarrer(&retour);
        let banc = Banc::avec_annuaire();
        let secret = banc.fichier("secret");
        std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
        let mut tous = vec![
            ("SERVEUR_URL_PUBLIQUE", url.as_str()),
            ("OIDC_EMETTEUR", &fournisseur.emetteur),
            ("OIDC_CLIENT", CLIENT),
            ("OIDC_SECRET_FICHIER", secret.to_str().unwrap()),
            ("OIDC_REGLES", REGLES),
        ];
        tous.extend(reglages);
        let serveur = banc.servir_sur(&adresse, "collect,land,aggregate,api", &tous);
        Self {
            banc,
            serveur,
            fournisseur,
            retour,
        }
    }

    fn partir(&self, navigateur: &mut Navigateur, suite: &str) -> String {
        let page = navigateur.aller(&format!(
            "{}/api/v1/connexion/oidc{suite}",
            self.serveur.url
        ));
        assert_eq!(page.statut, 303, "{}", page.corps);
        page.vers.unwrap()
    }

    /// All the way, as someone; gives the page where the browser arrives.
    fn connecter(&self, navigateur: &mut Navigateur, qui: &str) -> Page {
        let depart = self.partir(navigateur, "");
        let arrivee = navigateur.se_presenter(&depart, qui, &self.retour);
        navigateur.aller(&arrivee)
    }

    fn session(&self, navigateur: &mut Navigateur) -> (u16, Value) {
        let page = navigateur.aller(&format!("{}/api/v1/session", self.serveur.url));
        (page.statut, serde_json::from_str(&page.corps).unwrap())
    }

    /// A page that refuses, and no session.
    fn refuse(&self, navigateur: &mut Navigateur, page: &Page, statut: u16, mot: &str) {
        assert_eq!(page.statut, statut, "{}", page.corps);
        assert!(page.corps.contains(mot), "{mot} : {}", page.corps);
        assert_eq!(self.session(navigateur).0, 401);
    }
}

#[test]
fn who_the_provider_knows_is_signed_in_with_what_the_rules_give() {
    let mut scene = Scene::avec(&[]);
    scene
        .fournisseur
        .dire(json!({"fonction": "ia-daasen"}), json!({}));
    let mut navigateur = Navigateur::default();
    let depart = scene.partir(&mut navigateur, "?retour=/tableau?niveau%3Ddepartement");
    for attendu in [
        "code_challenge_method=S256",
        "nonce=",
        "state=",
        "scope=openid",
    ] {
        assert!(depart.contains(attendu), "{depart}");
    }
    assert!(!depart.contains(SECRET));
    let arrivee = navigateur.se_presenter(&depart, "claire", &scene.retour);
    let page = navigateur.aller(&arrivee);
    assert_eq!(page.statut, 303, "{}", page.corps);
    assert_eq!(page.vers.as_deref(), Some("/tableau?niveau=departement"));
    let (statut, session) = scene.session(&mut navigateur);
    assert_eq!(statut, 200);
    assert_eq!(session["identifiant"], "claire");
    assert_eq!(session["nom"], "Nom de claire");
    assert_eq!(session["perimetre"]["code"], "031");

    // The same code again, from the same browser.
    let page = navigateur.aller(&arrivee);
    assert_eq!(page.statut, 400, "{}", page.corps);

    // A value that no rule names opens nothing, even to who was known.
    scene
        .fournisseur
        .dire(json!({"fonction": "inconnue"}), json!({}));
    let mut autre = Navigateur::default();
    let page = scene.connecter(&mut autre, "claire");
    scene.refuse(&mut autre, &page, 403, "aucun accès");
}

#[test]
fn a_territory_outside_the_rule_or_unknown_gives_nothing() {
    let mut scene = Scene::avec(&[]);
    for (rne, mot) in [
        // Céret, in another département.
        (json!("0660055B"), "hors de ce que sa règle permet"),
        (json!("0000000A"), "hors de ce que sa règle permet"),
        (json!(["0311234X", "0660055B"]), "en dit plusieurs"),
    ] {
        scene
            .fournisseur
            .dire(json!({"fonction": "ien", "rne": rne}), json!({}));
        let mut navigateur = Navigateur::default();
        let page = scene.connecter(&mut navigateur, "paul");
        scene.refuse(&mut navigateur, &page, 403, mot);
    }
}

#[test]
fn a_wrong_state_another_browser_and_a_refusal_open_nothing() {
    let mut scene = Scene::avec(&[]);
    scene
        .fournisseur
        .dire(json!({"fonction": "ia-daasen"}), json!({}));
    let mut navigateur = Navigateur::default();
    let depart = scene.partir(&mut navigateur, "?retour=//ailleurs.example/");
    let arrivee = navigateur.se_presenter(&depart, "claire", &scene.retour);
    // The address that leads back, given to another browser: a session planted by someone else.
    let mut victime = Navigateur::default();
    let page = victime.aller(&arrivee);
    scene.refuse(&mut victime, &page, 400, "inconnue de ce serveur");
    let autre = scene.partir(&mut victime, "");
    assert_ne!(autre, depart);
    let page = victime.aller(&arrivee);
    scene.refuse(&mut victime, &page, 400, "inconnue de ce serveur");
    // The browser that left, with a state that is not its own.
    let (avant, apres) = arrivee.split_once("state=").unwrap();
    let faux = format!("{avant}state=x{apres}");
    let page = navigateur.aller(&faux);
    scene.refuse(&mut navigateur, &page, 400, "inconnue de ce serveur");

    // A refusal by the person or the provider.
    let mut navigateur = Navigateur::default();
    let depart = scene.partir(&mut navigateur, "");
    let etat = depart
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let page = navigateur.aller(&format!(
        "{}?error=access_denied&state={etat}",
        scene.retour
    ));
    scene.refuse(&mut navigateur, &page, 403, "pas confirmé");

    // Another site's address is no place to go back to.
    let mut navigateur = Navigateur::default();
    let depart = scene.partir(&mut navigateur, "?retour=//ailleurs.example/");
    let arrivee = navigateur.se_presenter(&depart, "claire", &scene.retour);
    assert_eq!(navigateur.aller(&arrivee).vers.as_deref(), Some("/"));
}

#[test]
fn a_token_for_another_too_old_or_for_another_departure_opens_nothing() {
    let mut scene = Scene::avec(&[]);
    let claims = json!({"fonction": "ia-daasen"});
    for jeton in [
        json!({"aud": "un-autre-client"}),
        json!({"exp": 1_700_000_000}),
        json!({"nonce": "un-autre-depart"}),
    ] {
        scene.fournisseur.dire(claims.clone(), jeton.clone());
        let mut navigateur = Navigateur::default();
        let page = scene.connecter(&mut navigateur, "claire");
        scene.refuse(&mut navigateur, &page, 403, "pas pu être vérifiée");
    }
    // The same person, by a right token: it was the tokens.
    scene.fournisseur.dire(claims, json!({}));
    let mut navigateur = Navigateur::default();
    assert_eq!(scene.connecter(&mut navigateur, "claire").statut, 303);
    // Nothing of the person stands in the logs.
    assert!(!scene.banc.traces().contains("claire"));
    assert!(scene.banc.traces().contains("refus=\"jeton\""));
}

#[test]
fn an_account_of_this_server_is_not_given_to_who_takes_its_name() {
    let mut scene = Scene::avec(&[]);
    scene.banc.compte("national");
    scene
        .fournisseur
        .dire(json!({"fonction": "ia-daasen"}), json!({}));
    let mut navigateur = Navigateur::default();
    let page = scene.connecter(&mut navigateur, banc::COMPTE);
    scene.refuse(&mut navigateur, &page, 403, "porte déjà cet identifiant");
}

#[test]
fn a_second_factor_can_be_demanded_of_the_provider() {
    let mut scene = Scene::avec(&[("OIDC_AMR_FORTS", "otp;hwk"), ("OIDC_EXIGER_FORTE", "true")]);
    for (amr, statut) in [(json!(["pwd"]), 403), (json!(["pwd", "otp"]), 303)] {
        let claims = json!({"fonction": "ia-daasen", "amr": amr});
        scene.fournisseur.dire(claims, json!({}));
        let mut navigateur = Navigateur::default();
        let page = scene.connecter(&mut navigateur, "claire");
        assert_eq!(page.statut, statut, "{}", page.corps);
    }
}

#[test]
fn a_provider_that_is_down_is_said_and_the_rest_goes_on() {
    let scene = Scene::avec(&[]);
    let Scene {
        serveur,
        fournisseur,
        banc,
        ..
    } = scene;
    drop(fournisseur);
    banc.compte("departement:031");
    let mut navigateur = Navigateur::default();
    let page = navigateur.aller(&format!("{}/api/v1/connexion/oidc", serveur.url));
    assert_eq!(page.statut, 503, "{}", page.corps);
    assert!(page.corps.contains("ne répond pas"));
    assert_eq!(
        serveur.session().lire("/api/v1/session")["identifiant"],
        banc::COMPTE
    );
}

#[test]
fn signing_out_goes_on_to_the_provider() {
    let scene = Scene::avec(&[]);
    let mut navigateur = Navigateur::default();
    let page = navigateur.aller(&format!("{}/api/v1/connexion/oidc/fin", scene.serveur.url));
    let vers = page.vers.unwrap();
    assert!(vers.starts_with(&scene.fournisseur.emetteur), "{vers}");
    assert!(vers.contains("post_logout_redirect_uri="), "{vers}");
}

#[test]
fn rules_that_cannot_work_stop_the_start() {
    let banc = Banc::vide();
    let mut commande = banc.commande(&["serve", "--adresse", "127.0.0.1:0"]);
    let sortie = commande
        .env("FREQUENT_OIDC_EMETTEUR", "https://sso.exemple.fr")
        .env("FREQUENT_OIDC_CLIENT", "frequent")
        .env("FREQUENT_OIDC_REGLES", "fonction=roi => pays:FR")
        .output()
        .unwrap();
    assert!(!sortie.status.success());
    let dit = String::from_utf8_lossy(&sortie.stderr);
    assert!(
        dit.contains("fonction=roi") && dit.contains("serveur.url_publique"),
        "{dit}"
    );
}
