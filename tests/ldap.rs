//! Signing in through Debian's own slapd, started here with a directory of its own: over TLS both
//! ways, with groups, with what could be mistaken for a filter, and when it is down.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use banc::{Banc, Serveur};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};

const SUFFIXE: &str = "dc=essai,dc=fr";
const LECTEUR: &str = "cn=lecteur,dc=essai,dc=fr";
const SECRET: &str = "le secret du lecteur";
const PHRASE: &str = "la phrase de claire";
const REGLES: &str = "groupe=dsden31 => departement:031; \
    employeeType=ien => circonscription:{departmentNumber} dans departement:031";

const CONTENU: &str = "dn: dc=essai,dc=fr
objectClass: dcObject
objectClass: organization
dc: essai
o: Essai

dn: ou=personnes,dc=essai,dc=fr
objectClass: organizationalUnit
ou: personnes

dn: ou=groupes,dc=essai,dc=fr
objectClass: organizationalUnit
ou: groupes

dn: uid=claire,ou=personnes,dc=essai,dc=fr
objectClass: inetOrgPerson
uid: claire
cn: Claire Durand
sn: Durand
userPassword: la phrase de claire

dn: uid=paul,ou=personnes,dc=essai,dc=fr
objectClass: inetOrgPerson
uid: paul
cn: Paul Martin
sn: Martin
employeeType: ien
departmentNumber: 0660055B
userPassword: la phrase de claire

dn: uid=sansdroit,ou=personnes,dc=essai,dc=fr
objectClass: inetOrgPerson
uid: sansdroit
cn: Sans Droit
sn: Droit
userPassword: la phrase de claire

dn: cn=dsden31,ou=groupes,dc=essai,dc=fr
objectClass: groupOfNames
cn: dsden31
member: uid=claire,ou=personnes,dc=essai,dc=fr
";

/// The directory, stopped with the value.
struct Annuaire {
    processus: Child,
    autorites: String,
    clair: u16,
    chiffre: u16,
}

impl Annuaire {
    fn demarrer(banc: &Banc) -> Self {
        let chemin = |nom: &str| banc.fichier(nom).to_str().unwrap().to_owned();
        let mut parametres = CertificateParams::new(Vec::new()).unwrap();
        parametres.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let emetteur =
            CertifiedIssuer::self_signed(parametres, KeyPair::generate().unwrap()).unwrap();
        let cle = KeyPair::generate().unwrap();
        let feuille = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let feuille = feuille.signed_by(&cle, &emetteur).unwrap();
        fs::write(chemin("autorite.pem"), emetteur.pem()).unwrap();
        fs::write(chemin("ldap.pem"), feuille.pem()).unwrap();
        fs::write(chemin("ldap.cle"), cle.serialize_pem()).unwrap();
        fs::create_dir(chemin("ldap")).unwrap();
        let reglage = format!(
            "include /etc/ldap/schema/core.schema\n\
             include /etc/ldap/schema/cosine.schema\n\
             include /etc/ldap/schema/inetorgperson.schema\n\
             modulepath /usr/lib/ldap\nmoduleload back_mdb\n\
             pidfile {pid}\n\
             TLSCACertificateFile {autorite}\nTLSCertificateFile {certificat}\n\
             TLSCertificateKeyFile {cle}\n\
             database mdb\nmaxsize 16777216\nsuffix \"{SUFFIXE}\"\n\
             rootdn \"{LECTEUR}\"\nrootpw \"{SECRET}\"\ndirectory {dossier}\n\
             access to attrs=userPassword by anonymous auth by * none\n\
             access to * by * none\n",
            pid = chemin("ldap.pid"),
            autorite = chemin("autorite.pem"),
            certificat = chemin("ldap.pem"),
            cle = chemin("ldap.cle"),
            dossier = chemin("ldap"),
        );
        fs::write(chemin("slapd.conf"), reglage).unwrap();
        fs::write(chemin("contenu.ldif"), CONTENU).unwrap();
        let ajout = Command::new("/usr/sbin/slapadd")
            .args(["-f", &chemin("slapd.conf"), "-l", &chemin("contenu.ldif")])
            .output()
            .unwrap();
        banc::reussie("slapadd", ajout);
        let (clair, chiffre) = (port_libre(), port_libre());
        let adresses = format!("ldap://127.0.0.1:{clair} ldaps://127.0.0.1:{chiffre}");
        let processus = Command::new("/usr/sbin/slapd")
            // A debug level keeps it in the foreground.
            .args(["-d", "0", "-f", &chemin("slapd.conf"), "-h", &adresses])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        for port in [clair, chiffre] {
            let debut = Instant::now();
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(debut.elapsed() < Duration::from_secs(20), "slapd");
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        Self {
            processus,
            autorites: chemin("autorite.pem"),
            clair,
            chiffre,
        }
    }

    fn servir(&self, banc: &Banc, url: &str, autres: &[(&str, &str)]) -> Serveur {
        let base = format!("ou=personnes,{SUFFIXE}");
        let groupes = format!("ou=groupes,{SUFFIXE}");
        let mut reglages = vec![
            ("LDAP_URL", url),
            ("LDAP_AUTORITES", &self.autorites),
            ("LDAP_COMPTE", LECTEUR),
            ("LDAP_MOT_DE_PASSE", SECRET),
            ("LDAP_BASE", &base),
            ("LDAP_BASE_GROUPES", &groupes),
            ("LDAP_REGLES", REGLES),
        ];
        reglages.extend(autres);
        banc.servir_avec(&reglages)
    }
}

impl Drop for Annuaire {
    fn drop(&mut self) {
        let _deja_arrete = self.processus.kill();
        let _deja_attendu = self.processus.wait();
    }
}

fn port_libre() -> u16 {
    let ecoute = TcpListener::bind("127.0.0.1:0").unwrap();
    ecoute.local_addr().unwrap().port()
}

fn connecter(serveur: &Serveur, qui: &str, mot_de_passe: &str) -> (u16, Value) {
    let mut reponse = banc::client()
        .post(format!("{}/api/v1/connexion/ldap", serveur.url))
        .header("Sec-Fetch-Site", "same-origin")
        .send_json(json!({"identifiant": qui, "mot_de_passe": mot_de_passe}))
        .unwrap();
    assert_eq!(
        reponse.headers().contains_key("set-cookie"),
        reponse.status() == 200
    );
    let statut = reponse.status().as_u16();
    (statut, reponse.body_mut().read_json().unwrap())
}

#[test]
fn who_the_directory_knows_is_signed_in_over_tls_with_what_its_groups_give() {
    let banc = Banc::avec_annuaire();
    let annuaire = Annuaire::demarrer(&banc);
    let ldaps = format!("ldaps://localhost:{}", annuaire.chiffre);
    let ldap = format!("ldap://localhost:{}", annuaire.clair);
    for (url, starttls) in [(&ldaps, "false"), (&ldap, "true")] {
        let serveur = annuaire.servir(&banc, url, &[("LDAP_STARTTLS", starttls)]);
        let (statut, session) = connecter(&serveur, "claire", PHRASE);
        assert_eq!(statut, 200, "{url}: {session}");
        assert_eq!(session["identifiant"], "claire");
        assert_eq!(session["nom"], "Claire Durand");
        assert_eq!(session["perimetre"]["code"], "031");
        // The same person's account, found again.
        assert_eq!(connecter(&serveur, "CLAIRE", PHRASE).0, 200);
        // Who is in no group, and who is charged with another département's circonscription.
        for qui in ["sansdroit", "paul"] {
            let (statut, refus) = connecter(&serveur, qui, PHRASE);
            assert_eq!(statut, 403, "{refus}");
            assert_eq!(refus["type"], "urn:frequent:probleme:sans-droits");
        }
    }
    let traces = banc.traces();
    for secret in ["claire", SECRET, PHRASE] {
        assert!(!traces.contains(secret), "{secret}");
    }
}

#[test]
fn a_wrong_an_empty_password_and_what_looks_like_a_filter_open_nothing() {
    let banc = Banc::avec_annuaire();
    let annuaire = Annuaire::demarrer(&banc);
    let url = format!("ldaps://localhost:{}", annuaire.chiffre);
    let serveur = annuaire.servir(&banc, &url, &[]);
    for (qui, mot_de_passe) in [
        ("claire", "une autre phrase"),
        // Directories take a bind without a password for a success.
        ("claire", ""),
        ("", PHRASE),
        ("personne", PHRASE),
        ("*", PHRASE),
        ("clair*", PHRASE),
        ("claire)(uid=*", PHRASE),
        ("x)(|(uid=claire", PHRASE),
        ("claire\\", PHRASE),
        ("clai\u{0}re", PHRASE),
    ] {
        let (statut, refus) = connecter(&serveur, qui, mot_de_passe);
        assert_eq!(statut, 401, "{qui:?}: {refus}");
        assert_eq!(refus["type"], "urn:frequent:probleme:identifiants-refuses");
    }
    assert_eq!(connecter(&serveur, "claire", PHRASE).0, 200);
    let essais = (0..20).map(|_| connecter(&serveur, "paul", "faux").0);
    assert!(essais.collect::<Vec<_>>().contains(&429));
}

#[test]
fn an_account_of_this_server_is_not_given_to_who_has_its_name_in_the_directory() {
    let banc = Banc::avec_annuaire();
    banc.reussir(&[
        "account",
        "add",
        "claire",
        "--nom",
        "Une autre",
        "--perimetre",
        "national",
    ]);
    let annuaire = Annuaire::demarrer(&banc);
    let url = format!("ldaps://localhost:{}", annuaire.chiffre);
    let serveur = annuaire.servir(&banc, &url, &[]);
    assert_eq!(connecter(&serveur, "claire", PHRASE).0, 401);
}

#[test]
fn a_directory_that_is_down_or_not_the_one_trusted_is_said() {
    let banc = Banc::avec_annuaire();
    let annuaire = Annuaire::demarrer(&banc);
    // Its certificate is for localhost.
    let url = format!("ldaps://127.0.0.1:{}", annuaire.chiffre);
    let serveur = annuaire.servir(&banc, &url, &[]);
    assert_eq!(connecter(&serveur, "claire", PHRASE).0, 503);
    drop(serveur);
    let url = format!("ldaps://localhost:{}", annuaire.chiffre);
    let serveur = annuaire.servir(&banc, &url, &[]);
    drop(annuaire);
    let (statut, refus) = connecter(&serveur, "claire", PHRASE);
    assert_eq!(statut, 503);
    assert_eq!(refus["type"], "urn:frequent:probleme:annuaire-muet");
}

#[test]
fn a_directory_in_clear_elsewhere_stops_the_start() {
    let banc = Banc::vide();
    let mut commande = banc.commande(&["serve", "--adresse", "127.0.0.1:0"]);
    let sortie = commande
        .env("FREQUENT_LDAP_URL", "ldap://annuaire.exemple.fr")
        .env("FREQUENT_LDAP_BASE", SUFFIXE)
        .env("FREQUENT_LDAP_REGLES", REGLES)
        .output()
        .unwrap();
    assert!(!sortie.status.success());
    assert!(String::from_utf8_lossy(&sortie.stderr).contains("starttls"));
}
