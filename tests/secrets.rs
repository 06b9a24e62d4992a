//! Nothing that could name a person, a machine or a key is left behind: planted values are sent by
//! every way in, good and bad, with all logs on; then every byte that the program wrote is read,
//! Parquet unfolded, for any of them in any form.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use banc::prise::statuts;
use banc::{Banc, PLATEFORME, Serveur, rangees, tous_les_fichiers};
use frequent_plan::{Horloge, HorlogeSysteme};
use parquet::file::reader::{FileReader, SerializedFileReader};

const SITE: &str = "365203";
const ORIGINE: &str = "https://ent.exemple.fr";

/// What is planted. Persons also stand in digits, as the XiTi tag writes them.
const PERSONNES: [&str; 6] = [
    "zoe.quintefeuille@ecole-plantee.fr",
    "0771994455K",
    "personne-plantee-7f3a91",
    "877199445566",
    "quintefeuille.zoe",
    "f47ac10b-58cc-4372-a567-0e02b2c3d479",
];
const MACHINES: [&str; 5] = [
    "203.0.113.177",
    "2001:db8:77:31::abcd",
    "NavigateurPlante/77.31",
    "temoin-plante-55aa",
    "client-plante-91bc",
];
const PAGES: [&str; 3] = ["page-plantee", "recherche-plantee", "lot-plante-8812"];

/// Headers in which browsers and proxies tell of a person.
fn entetes() -> String {
    let [ip, ip6, agent, temoin, _] = MACHINES;
    let personne = PERSONNES[0];
    format!(
        "User-Agent: Mozilla/5.0 ({agent}) Firefox/128.0\r\nX-Forwarded-For: {ip}, {ip6}\r\n\
         X-Real-IP: {ip}\r\nForwarded: for=\"[{ip6}]\";by={ip}\r\nTrue-Client-IP: {ip}\r\n\
         CF-Connecting-IP: {ip6}\r\nVia: 1.1 {ip}\r\nCookie: session={temoin}; u={personne}\r\n\
         Referer: https://ent.exemple.fr/{page}?q={recherche}&u={personne}\r\nFrom: {personne}\r\n\
         X-Request-Id: {temoin}\r\nSec-CH-UA: \"{agent}\";v=\"77\"\r\n",
        page = PAGES[0],
        recherche = PAGES[1],
    )
}

struct Essai {
    banc: Banc,
    cle: String,
    cle_publique: String,
}

impl Essai {
    fn new() -> Self {
        let banc = Banc::vide();
        banc.reussir(&[
            "site",
            "add",
            SITE,
            "--plateforme",
            PLATEFORME,
            "--origine",
            ORIGINE,
        ]);
        let sites = banc.reussir(&["site", "list"]);
        let cle_publique = sites
            .split_whitespace()
            .find(|mot| mot.starts_with("fs_"))
            .unwrap()
            .to_owned();
        let cle = banc.cle();
        Self {
            banc,
            cle,
            cle_publique,
        }
    }

    /// Every way in over HTTP, with each person in every place that it may be put in by mistake.
    fn tout_envoyer(&self, serveur: &Serveur) {
        let adresse = serveur.adresse();
        for personne in PERSONNES {
            for requete in hits(personne) {
                for methode in ["GET", "POST"] {
                    let statuts = statuts(
                        adresse,
                        format!(
                            "{methode} /hit.xiti?{requete} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\
                             Content-Length: 0\r\n{}\r\n",
                            entetes()
                        )
                        .as_bytes(),
                    );
                    assert_eq!(statuts, [200], "{requete}");
                }
            }
            let lignes = lignes(personne).join("\n");
            let cle = format!(
                "Authorization: Bearer {}\r\nIdempotency-Key: {}\r\n",
                self.cle, PAGES[2]
            );
            assert_eq!(poster(adresse, "/v1/events", &cle, &lignes), [202]);
            let fausse = format!("Authorization: Bearer {personne}\r\n");
            assert_eq!(poster(adresse, "/v1/events", &fausse, &lignes), [401]);
            let illisible = format!("{cle}Content-Encoding: gzip\r\n");
            assert_eq!(poster(adresse, "/v1/events", &illisible, &lignes), [400]);

            let origine = format!("Origin: {ORIGINE}\r\nContent-Type: text/plain\r\n");
            let page = format!("/v1/collect?cle={}&u={personne}", self.cle_publique);
            let statuts = poster(adresse, &page, &origine, &lignes);
            assert!(matches!(statuts[..], [200..=299]), "{statuts:?}");
            let ailleurs = format!("Origin: https://{}\r\n", PAGES[0]);
            assert!(poster(adresse, &page, &ailleurs, &lignes)[0] >= 400);
            for chemin in [
                personne,
                &format!("api/v1/cellules?u={personne}"),
                &format!("{personne}/hit.xiti"),
            ] {
                let requete = format!(
                    "GET /{chemin} HTTP/1.1\r\nHost: {personne}\r\nConnection: close\r\n{}\r\n",
                    entetes()
                );
                statuts_quelconques(adresse, &requete);
            }
        }
    }

    fn importer(&self) {
        let mut csv = String::from("id;ts;uai;profil;visiteur;client;service;plateforme\n");
        for personne in PERSONNES {
            let ts = HorlogeSysteme.maintenant().0;
            let _ = writeln!(
                csv,
                "{personne};{ts};0660713S;ELEVE;{personne};{};ACCUEIL;{PLATEFORME}",
                MACHINES[4]
            );
            let _ = writeln!(
                csv,
                "{personne};{ts};{personne};{personne};{personne};;{personne};{PLATEFORME}"
            );
        }
        let lignes: Vec<String> = PERSONNES.iter().flat_map(|p| lignes(p)).collect();
        for (nom, contenu) in [("nuit.csv", csv), ("nuit.ndjson", lignes.join("\n"))] {
            let fichier = self.banc.fichier(nom);
            fs::write(&fichier, contenu).unwrap();
            // Beside what it was read from, as its lines are the sender's to correct.
            let refus = self.banc.fichier(&format!("{nom}.refus"));
            let sortie = self.banc.executer(&[
                "import",
                fichier.to_str().unwrap(),
                "--plateforme",
                PLATEFORME,
                "--refus",
                refus.to_str().unwrap(),
            ]);
            assert_eq!(sortie.status.code(), Some(3), "{sortie:?}");
            fs::write(
                self.banc.donnees().join(format!("{nom}.sortie")),
                [sortie.stdout, sortie.stderr].concat(),
            )
            .unwrap();
        }
    }
}

fn hits(personne: &str) -> Vec<String> {
    let client = MACHINES[4];
    let [page, recherche, _] = PAGES;
    let bon = format!(
        "s={SITE}&idclient={client}&at={personne}&p={page}&service=ACCUEIL&uai=0660713S&profil=ELEVE\
         &ref=https://ent.exemple.fr/{page}?q={recherche}%26u={personne}"
    );
    vec![
        bon.replace("service=ACCUEIL", &format!("service={personne}")),
        bon.replace("uai=0660713S", &format!("uai={personne}")),
        bon.replace("profil=ELEVE", &format!("profil={personne}&{personne}=1")),
        bon.replace(&format!("s={SITE}"), "s=1"),
        bon.replace(&format!("s={SITE}"), &format!("s={personne}")),
        format!("s={SITE}&s2={personne}&p={page}&x1={personne}&x2={personne}&x3={personne}&x4={PLATEFORME}&at={personne}"),
        format!("s={SITE}&s2=0660713S&p={page}&x1=1&x2=1&at={personne}&ac={personne}"),
        format!("s={SITE}&idclient={client}&mh=1-2-77&at={personne}&p={page}"),
        format!("s={SITE}&idclient={client}&mh=9-2-78&at={personne}"),
        format!(
            "s={SITE}&idclient={client}&at={personne}&uai=0660713S&profil=ELEVE&col=2&events=[{{\"name\":\"{personne}\",\"data\":{{\"service\":\"{personne}\"}}}}]"
        ).replace('"', "%22").replace('{', "%7B").replace('}', "%7D"),
        bon,
    ]
}

/// A good line, then the same one spoilt in every way.
fn lignes(personne: &str) -> Vec<String> {
    let objet = serde_json::json!({
        "id": format!("{personne}-{}", PAGES[2]), "ts": HorlogeSysteme.maintenant().0, "uai": "0660713S",
        "profil": "ELEVE", "visiteur": personne, "client": MACHINES[4], "service": "ACCUEIL",
        "plateforme": PLATEFORME, "user_agent": format!("Mozilla/5.0 ({})", MACHINES[2]),
    });
    let mut lignes = vec![objet.to_string()];
    for champ in [
        "ts",
        "uai",
        "profil",
        "service",
        "type",
        "appareil",
        "plateforme",
    ] {
        let mut faux = objet.clone();
        faux[champ] = personne.into();
        lignes.push(faux.to_string());
    }
    let mut inconnu = objet.clone();
    inconnu[personne] = MACHINES[0].into();
    lignes.push(inconnu.to_string());
    let bon = objet.to_string();
    lignes.push(bon[..bon.len() - 5].to_owned());
    lignes.push(format!("{personne} {} {}", MACHINES[0], PAGES[0]));
    lignes
}

fn poster(adresse: &str, chemin: &str, entete: &str, corps: &str) -> Vec<u16> {
    let requete = format!(
        "POST {chemin} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\nContent-Length: {}\r\n{entete}{}\r\n{corps}",
        corps.len(),
        entetes()
    );
    statuts(adresse, requete.as_bytes())
}

fn statuts_quelconques(adresse: &str, requete: &str) {
    let statuts = statuts(adresse, requete.as_bytes());
    assert!(statuts.iter().all(|s| *s < 500), "{statuts:?}");
}

/// A value in the forms that it may be kept in.
fn formes(valeur: &str) -> BTreeMap<String, Vec<u8>> {
    let octets = valeur.as_bytes();
    let mut formes = BTreeMap::new();
    let mut noter = |nom: &str, forme: Vec<u8>| {
        formes.insert(format!("{nom} de {valeur}"), forme);
    };
    noter("texte", octets.to_vec());
    noter("minuscules", valeur.to_lowercase().into());
    noter("majuscules", valeur.to_uppercase().into());
    noter("envers", octets.iter().rev().copied().collect());
    noter(
        "UTF-16",
        valeur.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    );
    noter("hexadécimal", chiffrer(octets, |t, o| write!(t, "{o:02x}")));
    noter("HEXADÉCIMAL", chiffrer(octets, |t, o| write!(t, "{o:02X}")));
    noter(
        "pour cent",
        chiffrer(octets, |t, o| {
            if o.is_ascii_alphanumeric() {
                write!(t, "{}", char::from(o))
            } else {
                write!(t, "%{o:02X}")
            }
        }),
    );
    noter(
        "pour cent partout",
        chiffrer(octets, |t, o| write!(t, "%{o:02x}")),
    );
    // The XiTi tag writes a text as the numbers of its characters.
    noter("chiffres", chiffrer(octets, |t, o| write!(t, "{o}")));
    noter(
        "chiffres à trois",
        chiffrer(octets, |t, o| write!(t, "{o:03}")),
    );
    for decalage in 0..3 {
        for url in [false, true] {
            noter(
                &format!("base64 {decalage} {url}"),
                base64(octets, decalage, url),
            );
        }
    }
    for (nom, condense) in condenses(octets) {
        noter(nom, chiffrer(&condense, |t, o| write!(t, "{o:02x}")));
        noter(&format!("{nom}, octets"), condense[..12].to_vec());
    }
    formes
}

fn chiffrer(octets: &[u8], ecrire: impl Fn(&mut String, u8) -> std::fmt::Result) -> Vec<u8> {
    let mut texte = String::new();
    for octet in octets {
        ecrire(&mut texte, *octet).unwrap();
    }
    texte.into_bytes()
}

/// The part of a base64 text that does not depend on what stands around the value.
fn base64(octets: &[u8], decalage: usize, url: bool) -> Vec<u8> {
    let [plus, barre] = if url { [b'-', b'_'] } else { [b'+', b'/'] };
    let alphabet: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain([plus, barre])
        .collect();
    let mut entoures = vec![0; decalage];
    entoures.extend_from_slice(octets);
    let entiers = entoures.chunks_exact(3).flat_map(|trois| {
        let bits = u32::from(trois[0]) << 16 | u32::from(trois[1]) << 8 | u32::from(trois[2]);
        [18, 12, 6, 0].map(|rang| alphabet[(bits >> rang & 63) as usize])
    });
    entiers.skip(if decalage == 0 { 0 } else { 4 }).collect()
}

fn condenses(octets: &[u8]) -> [(&'static str, Vec<u8>); 1] {
    use sha2::Digest;
    [("SHA-256", sha2::Sha256::digest(octets).to_vec())]
}

/// The bytes of a file as they are, and, if it is Parquet, its rows as text.
fn contenus(chemin: &Path) -> Vec<Vec<u8>> {
    let octets = fs::read(chemin).unwrap();
    let mut contenus = vec![octets.clone()];
    if octets.starts_with(b"PAR1") {
        let lignes = rangees(octets.clone()).join("\n");
        let lu = SerializedFileReader::new(bytes::Bytes::from(octets)).unwrap();
        let metas = format!("{:?}", lu.metadata().file_metadata().key_value_metadata());
        contenus.push((lignes + &metas).into_bytes());
    }
    contenus
}

fn contient(octets: &[u8], forme: &[u8]) -> bool {
    memchr::memmem::find(octets, forme).is_some()
}

/// Reads every byte that the program wrote and gives what it found of what was planted.
fn chercher(essai: &Essai) -> Vec<String> {
    let mut plants: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for valeur in PERSONNES.iter().chain(&MACHINES).chain(&PAGES) {
        plants.extend(formes(valeur));
    }
    plants.extend(
        formes(&essai.cle)
            .into_iter()
            .filter(|(nom, _)| !nom.starts_with("SHA")),
    );
    let mut trouves = Vec::new();
    let (mut lus, mut tables) = (0, 0);
    let mut a_lire = tous_les_fichiers(&essai.banc.donnees());
    a_lire.push(essai.banc.fichier("traces.txt"));
    for chemin in a_lire {
        for contenu in contenus(&chemin) {
            lus += contenu.len();
            for (nom, forme) in &plants {
                if contient(&contenu, forme) {
                    trouves.push(format!("{nom} dans {}", chemin.display()));
                }
            }
        }
        tables += usize::from(chemin.extension().is_some_and(|e| e == "parquet"));
    }
    assert!(lus > 10_000 && tables > 0, "{lus} octets, {tables} tables");
    trouves
}

#[test]
fn no_person_machine_page_or_key_is_on_the_disk_or_in_the_logs_in_any_form() {
    let essai = Essai::new();
    let reglages = [
        ("GENERAL_NIVEAU_JOURNAUX", "debug"),
        ("ATTERRISSAGE_INTERVALLE_S", "1"),
    ];
    // Stopped in order, killed, started again: each leaves other files.
    let serveur = essai.banc.servir_avec(&reglages);
    essai.tout_envoyer(&serveur);
    assert!(serveur.terminer().success());
    assert_eq!(chercher(&essai), [] as [&str; 0]);

    let serveur = essai
        .banc
        .servir_avec(&[reglages[0], ("ATTERRISSAGE_INTERVALLE_S", "3600")]);
    essai.tout_envoyer(&serveur);
    essai.importer();
    serveur.tuer();
    assert_eq!(chercher(&essai), [] as [&str; 0]);

    let serveur = essai.banc.servir_avec(&reglages);
    essai.tout_envoyer(&serveur);
    assert!(serveur.terminer().success());
    essai.banc.reussir(&["aggregate"]);
    assert_eq!(chercher(&essai), [] as [&str; 0]);
    assert!(essai.banc.evenements() > 0);
}

#[test]
fn the_search_finds_what_it_must_not_find() {
    let essai = Essai::new();
    let serveur = essai.banc.servir_avec(&[]);
    essai.tout_envoyer(&serveur);
    assert!(serveur.terminer().success());
    for (nom, forme) in formes(PERSONNES[0]) {
        let temoin = essai.banc.donnees().join("temoin");
        let entoure = [b"avant ".as_slice(), &forme, b" apres"].concat();
        fs::write(&temoin, entoure).unwrap();
        assert!(
            chercher(&essai).iter().any(|t| t.starts_with(&nom)),
            "{nom}"
        );
    }
}
