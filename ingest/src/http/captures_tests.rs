//! All the hits captured from the real tag, one by one, and what each gives.

use std::collections::{BTreeMap, BTreeSet};

use frequent_plan::{Evenement, Fuseaux, Horloge, Lac, Plan};
use serde::Deserialize;
use tempfile::TempDir;

use super::super::{Moyens, ReglagesCollecte};
use super::*;
use crate::TrousseauDisque;
use crate::acces::Acces;
use crate::journal::{JournalEmbarque, ReglagesJournal};
use crate::lot::LecteurLots;
use crate::qualite::Qualite;

const CAPTURES: &str = include_str!("../../tests/data/xiti-hits.jsonl");
const SITE: u32 = 365_203;
const MAINTENANT: Instant = Instant(1_795_296_030_000);

#[derive(Deserialize)]
struct Capture {
    method: String,
    url: String,
    user_agent: String,
    body: String,
}

struct Arretee;

impl Horloge for Arretee {
    fn maintenant(&self) -> Instant {
        MAINTENANT
    }
}

/// What an event says, in codes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lu {
    textes: Vec<String>,
    visiteur: u64,
    client: u64,
    id: [u8; 16],
}

fn lu(plan: &Plan, e: &Evenement<'_>) -> Lu {
    assert_eq!(e.ts, MAINTENANT);
    let textes = [
        e.profil.code(),
        plan.code(e.service),
        e.type_service.code(),
        e.outil,
        e.uai.as_str(),
        e.appareil.code(),
        e.os.code(),
        e.navigateur.code(),
        e.plateforme,
        e.projet,
        e.exploitant,
    ];
    Lu {
        textes: textes.map(str::to_owned).to_vec(),
        visiteur: e.visiteur.0,
        client: e.client.0,
        id: e.id.0,
    }
}

struct Banc {
    collecte: Collecte,
    dossier: TempDir,
}

impl Banc {
    fn new() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        let acces = Acces::ouvrir(&lac).unwrap();
        let site = Site {
            numero: SITE,
            plateforme: "ONE-OCC".to_owned(),
            autres_plateformes: vec![],
            projet: "PROJET-DU-SITE".to_owned(),
            exploitant: "EXPLOITANT-DU-SITE".to_owned(),
            ..Site::default()
        };
        acces.ajouter_site(site).unwrap();
        let moyens = Moyens {
            plan: Arc::new(Plan::integre().unwrap()),
            fuseaux: Arc::new(Fuseaux::charger().unwrap()),
            trousseau: Arc::new(TrousseauDisque::ouvrir(&lac).unwrap()),
            journal: JournalEmbarque::ouvrir(&lac, ReglagesJournal::default())
                .unwrap()
                .into(),
            acces: Arc::new(acces),
            qualite: Arc::new(Qualite::new(Arc::new(Fuseaux::charger().unwrap()))),
            horloge: Arc::new(Arretee),
        };
        Self {
            collecte: Collecte::new(moyens, ReglagesCollecte::default()).unwrap(),
            dossier,
        }
    }

    fn recevoir(&self, url: &str, agent: &str) -> Vec<Lu> {
        let requete = url.strip_prefix("/hit.xiti?").unwrap();
        let mut entetes = HeaderMap::new();
        entetes.insert(USER_AGENT, agent.parse().unwrap());
        let recu = self
            .collecte
            .lire_hit(requete.as_bytes(), &entetes, MAINTENANT)
            .unwrap();
        let Lecture::Comptee(recu) = recu else {
            panic!("the site is no test one")
        };
        recu.decompte.verser(&recu.emetteur);
        let mut octets = Vec::new();
        recu.lot.verser(&mut octets);
        let plan = &self.collecte.moyens.plan;
        LecteurLots::new(&octets, plan)
            .map(|evenement| lu(plan, &evenement.unwrap()))
            .collect()
    }

    fn refus(&self) -> BTreeMap<&'static str, u64> {
        self.collecte
            .releve()
            .remove(&Emetteur::Site(SITE))
            .unwrap_or_default()
            .refus
    }
}

fn captures() -> Vec<Capture> {
    CAPTURES
        .lines()
        .map(|ligne| serde_json::from_str(ligne).unwrap())
        .collect()
}

/// Profile, school, device, system, browser of the fourteen people who each opened three pages.
const PERSONNES: [[&str; 5]; 14] = [
    ["ELEVE", "0660713S", "ORDINATEUR", "WINDOWS", "CHROME"],
    ["PARENT", "0311667U", "ORDINATEUR", "WINDOWS", "EDGE"],
    ["ENSEIGNANT", "0660713S", "ORDINATEUR", "WINDOWS", "FIREFOX"],
    [
        "ADMIN_VIE_SCOL_TECH",
        "0311667U",
        "ORDINATEUR",
        "LINUX",
        "FIREFOX",
    ],
    ["AUTRE", "0660713S", "ORDINATEUR", "MACOS", "SAFARI"],
    ["ELEVE", "0311667U", "SMARTPHONE", "IOS", "SAFARI"],
    ["PARENT", "0660713S", "TABLETTE", "IOS", "SAFARI"],
    [
        "ENSEIGNANT",
        "0311667U",
        "SMARTPHONE",
        "ANDROID",
        "CHROME_MOBILE",
    ],
    [
        "ADMIN_VIE_SCOL_TECH",
        "0660713S",
        "TABLETTE",
        "ANDROID",
        "CHROME_MOBILE",
    ],
    [
        "AUTRE",
        "0311667U",
        "SMARTPHONE",
        "ANDROID",
        "SAMSUNG_BROWSER",
    ],
    ["ELEVE", "0660713S", "ORDINATEUR", "CHROMEOS", "CHROME"],
    [
        "PARENT",
        "0311667U",
        "SMARTPHONE",
        "ANDROID",
        "MIUI_BROWSER",
    ],
    [
        "ENSEIGNANT",
        "0660713S",
        "SMARTPHONE",
        "ANDROID",
        "HUAWEI_BROWSER",
    ],
    [
        "ADMIN_VIE_SCOL_TECH",
        "0311667U",
        "ORDINATEUR",
        "WINDOWS",
        "OPERA",
    ],
];
const PAGES: [&str; 3] = ["ACCUEIL", "COURRIER_ELECTRONIQUE", "CAHIER_TEXTES"];

fn attendu(parties: &str) -> Vec<String> {
    parties.split('|').map(str::to_owned).collect()
}

#[test]
fn every_captured_hit_gives_what_the_tag_meant() {
    let captures = captures();
    assert_eq!(captures.len(), 48);
    assert!(captures.iter().all(|c| c.body.is_empty()));
    assert!(
        captures
            .iter()
            .all(|c| matches!(c.method.as_str(), "GET" | "POST"))
    );
    let banc = Banc::new();
    let lus: Vec<_> = captures
        .iter()
        .map(|c| banc.recevoir(&c.url, &c.user_agent))
        .collect();

    let bureau = "0660713S|ORDINATEUR|LINUX|CHROME";
    let (declare, du_site) = (
        "ONE-OCC|ENT-ECOLE|EDIFICE",
        "ONE-OCC|PROJET-DU-SITE|EXPLOITANT-DU-SITE",
    );
    let premiers = [
        // A page, with all its properties.
        Some(format!(
            "ENSEIGNANT|COURRIER_ELECTRONIQUE|NATIF||{bureau}|{declare}"
        )),
        // A navigation click to a third party's tool, by POST.
        Some(format!(
            "ENSEIGNANT|RESSOURCE_DOCUMENTAIRE|TIERS|UNIVERSALIS JUNIOR|{bureau}|{declare}"
        )),
        // Two parts of a page whose name was too long: the tag says `mherr=1` in the first and
        // sends nothing but the beginning of that name in the second. All else is lost with it.
        None,
        None,
        // Pages without type, platform, project or provider: the site's own stand in.
        Some(format!("ELEVE|ACCUEIL|NATIF||{bureau}|{du_site}")),
        // The event model: the event's service beats the hit's.
        Some(format!("ELEVE|NOTES|NATIF||{bureau}|{du_site}")),
    ];
    for (lu, attendu_) in lus.iter().zip(&premiers) {
        let textes: Vec<_> = lu.iter().map(|e| e.textes.clone()).collect();
        let attendus: Vec<_> = attendu_.iter().map(|texte| attendu(texte)).collect();
        assert_eq!(textes, attendus);
    }
    for (place, lu) in lus[6..].iter().enumerate() {
        let [profil, uai, appareil, os, navigateur] = PERSONNES[place / 3];
        let service = PAGES[place % 3];
        let texte =
            format!("{profil}|{service}|NATIF||{uai}|{appareil}|{os}|{navigateur}|{declare}");
        assert_eq!(lu.len(), 1);
        assert_eq!(lu[0].textes, attendu(&texte));
        assert_eq!(lu[0].visiteur, lus[6 + 3 * (place / 3)][0].visiteur);
    }

    let ids: BTreeSet<_> = lus.iter().flatten().map(|e| e.id).collect();
    let personnes: BTreeSet<_> = lus.iter().flatten().map(|e| e.visiteur).collect();
    let navigateurs: BTreeSet<_> = lus.iter().flatten().map(|e| e.client).collect();
    assert_eq!(
        (ids.len(), personnes.len(), navigateurs.len()),
        (46, 16, 15)
    );
    assert!(!navigateurs.contains(&0));
    assert_eq!(banc.refus(), BTreeMap::from([("abandon_du_marqueur", 1)]));
    let releve = banc
        .collecte
        .releve()
        .remove(&Emetteur::Site(SITE))
        .unwrap();
    assert_eq!(releve.recus, 47);
}

#[test]
fn a_hit_sent_twice_has_one_identifier() {
    let banc = Banc::new();
    let capture = &captures()[0];
    let premier = banc.recevoir(&capture.url, &capture.user_agent);
    assert_eq!(premier, banc.recevoir(&capture.url, &capture.user_agent));
}

#[test]
fn a_hit_in_parts_is_the_same_event_in_any_order_and_when_sent_again() {
    let entier = captures()[0].url.clone();
    let requete = entier.strip_prefix("/hit.xiti?").unwrap();
    let (debut, fin) = requete.split_at(requete.find("&vtag").unwrap());
    let (entete, debut) = debut.split_at(debut.find("&ts").unwrap());
    let parties = [
        format!("/hit.xiti?{entete}&mh=1-2-2110178216738{debut}"),
        format!("/hit.xiti?{entete}&mh=2-2-2110178216738{fin}"),
    ];
    let banc = Banc::new();
    let mut lus = Vec::new();
    for ordre in [[0, 1], [1, 0], [0, 1]] {
        assert_eq!(banc.recevoir(&parties[ordre[0]], ""), []);
        lus.push(banc.recevoir(&parties[ordre[1]], ""));
    }
    assert_eq!(lus[0].len(), 1);
    assert_eq!(lus[0][0].textes[1], "COURRIER_ELECTRONIQUE");
    assert!(lus.iter().all(|lu| *lu == lus[0]));
}

#[test]
fn a_part_that_never_comes_is_counted_once() {
    let banc = Banc::new();
    let url = format!("/hit.xiti?s={SITE}&idclient=c&mh=1-2-77&service=NOTES");
    assert_eq!(banc.recevoir(&url, ""), []);
    assert_eq!(banc.refus(), BTreeMap::new());
    banc.collecte
        .expirer_parties(Instant(MAINTENANT.0 + 60_000));
    assert_eq!(banc.refus(), BTreeMap::from([("partie_manquante", 1)]));
}

#[test]
fn a_hit_for_a_platform_that_is_not_the_sites_makes_no_key() {
    let banc = Banc::new();
    let url = captures()[0].url.replace("ONE-OCC", "AUTRE-PLATEFORME");
    assert_eq!(banc.recevoir(&url, ""), []);
    assert_eq!(banc.refus(), BTreeMap::from([("plateforme_refusee", 1)]));
    let cles = Lac::new(banc.dossier.path()).cles();
    assert_eq!(std::fs::read_dir(cles).unwrap().count(), 0);
}

#[test]
fn each_bad_hit_is_counted_under_its_reason() {
    let bon = format!("s={SITE}&idclient=c&at=4&service=NOTES&uai=0660713S&profil=ELEVE");
    let cas = [
        (bon.replace("NOTES", "INCONNU"), "valeur_inconnue"),
        (bon.replace("0660713S", "0660713T"), "cle_invalide"),
        (bon.replace("0660713S", "66"), "uai_malforme"),
        (bon.replace("&at=4", ""), "champ_manquant"),
        (bon.replace("service=NOTES", "service="), "champ_manquant"),
        (bon.replace("ELEVE", "%E9"), "utf8_invalide"),
        (format!("{bon}&p=%C"), "requete_illisible"),
        (format!("{bon}&mh=1-2"), "requete_illisible"),
        (format!("{bon}&col=2&events=%5B"), "json_invalide"),
        (format!("{bon}&mherr=1"), "abandon_du_marqueur"),
    ];
    for (requete, raison) in cas {
        let banc = Banc::new();
        assert_eq!(banc.recevoir(&format!("/hit.xiti?{requete}"), ""), []);
        assert_eq!(banc.refus(), BTreeMap::from([(raison, 1)]), "{requete}");
    }
}
