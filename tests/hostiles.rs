//! Clients that mean harm, on the built binary: none of them stops the server, holds it up, makes it
//! take more memory than it is allowed, or changes a count.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::io::Write;

use banc::prise::{Prise, lire_statuts, statuts};
use banc::trafic::Hasard;
use banc::{Banc, PLATEFORME, Serveur};

const SITE: &str = "365203";
/// The number of hits that must never be counted.
const MAUVAIS: u64 = 999_999;
/// Memory that the server may take beyond what it starts with, in MiB: two bodies of 16 MiB, each
/// held as it came and as it unfolds, and what reading them takes.
const MEMOIRE_MAX_MIO: u64 = 160;

/// A server under attack, and a count of the good hits that it was sent meanwhile.
struct Siege {
    banc: Banc,
    serveur: Serveur,
    cle: String,
    au_depart: u64,
    bons: u64,
}

impl Siege {
    fn new(reglages: &[(&str, &str)]) -> Self {
        let banc = Banc::vide();
        banc.reussir(&["site", "add", SITE, "--plateforme", PLATEFORME]);
        let cle = banc.cle();
        let mut tous = vec![("COLLECTE_MEMOIRE_MAX_MIO", "64")];
        tous.extend_from_slice(reglages);
        let serveur = banc.servir_avec(&tous);
        let mut siege = Self {
            au_depart: serveur.memoire_max_mio(),
            banc,
            serveur,
            cle,
            bons: 0,
        };
        siege.un_bon_hit();
        siege
    }

    /// A well-behaved page is measured, and at once.
    fn un_bon_hit(&mut self) {
        let debut = std::time::Instant::now();
        let requete = format!(
            "GET /hit.xiti?{} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\r\n",
            hit(self.bons)
        );
        assert_eq!(statuts(self.serveur.adresse(), requete.as_bytes()), [200]);
        assert!(
            debut.elapsed().as_secs() < 10,
            "un bon client a attendu {:?}",
            debut.elapsed()
        );
        self.bons += 1;
    }

    /// Sends bytes, and gives the statuses that they get.
    fn envoyer(&self, octets: impl AsRef<[u8]>) -> Vec<u16> {
        statuts(self.serveur.adresse(), octets.as_ref())
    }

    /// Posts a body with the provider's key.
    fn poster(&self, entetes: &str, corps: &[u8]) -> Vec<u16> {
        let mut requete = format!(
            "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {}\r\n\
             Content-Length: {}\r\nConnection: close\r\n{entetes}\r\n",
            self.cle,
            corps.len()
        )
        .into_bytes();
        requete.extend_from_slice(corps);
        self.envoyer(requete)
    }

    /// The server still answers, took no more memory than allowed, and counts the good hits alone.
    fn lever(mut self) {
        self.un_bon_hit();
        let prise = self.serveur.memoire_max_mio() - self.au_depart;
        assert!(prise < MEMOIRE_MAX_MIO, "{prise} Mio de plus qu’au départ");
        assert!(self.serveur.terminer().success());
        assert_eq!(self.banc.evenements(), self.bons);
        let traces = self.banc.traces();
        assert!(!traces.contains("panicked"), "{traces}");
    }
}

fn hit(numero: u64) -> String {
    format!(
        "s={SITE}&idclient=c{numero}&at={numero}1&p=page&uai=0660713S&profil=ELEVE&service=ACCUEIL"
    )
}

#[test]
fn half_requests_by_the_hundred_do_not_keep_good_clients_out() {
    let mut siege = Siege::new(&[("CONNEXIONS_MAX", "64"), ("CONNEXIONS_SILENCE_S", "20")]);
    let mut demies = Vec::new();
    for tour in 0..300 {
        let mut prise = Prise::ouvrir(siege.serveur.adresse());
        prise.ecrire(
            format!(
                "GET /hit.xiti?{} HTTP/1.1\r\nHost: ent\r\nX-{tour}: ",
                hit(MAUVAIS)
            )
            .as_bytes(),
        );
        demies.push(prise);
        // Each drips a byte now and then, so that it never looks idle.
        for prise in demies.iter_mut().rev().take(20) {
            prise.ecrire(b"a");
        }
        if tour % 20 == 0 {
            siege.un_bon_hit();
        }
    }
    // Bodies that never come, from someone who has a key.
    for _ in 0..40 {
        let mut prise = Prise::ouvrir(siege.serveur.adresse());
        let tete = format!(
            "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {}\r\nContent-Length: 1000\r\n\r\n{{",
            siege.cle
        );
        prise.ecrire(tete.as_bytes());
        demies.push(prise);
        siege.un_bon_hit();
    }
    siege.lever();
}

#[test]
fn a_head_that_never_ends_is_given_up_after_the_silence_allowed() {
    let siege = Siege::new(&[("CONNEXIONS_SILENCE_S", "1")]);
    let mut prise = Prise::ouvrir(siege.serveur.adresse());
    prise.ecrire(format!("GET /hit.xiti?{} HTTP/1.1\r\nHost: ", hit(MAUVAIS)).as_bytes());
    let debut = std::time::Instant::now();
    let reponse = prise.lire_jusqu_au_bout();
    assert!(debut.elapsed().as_secs() < 15, "{:?}", debut.elapsed());
    assert!(
        lire_statuts(&reponse).iter().all(|s| *s == 408),
        "{reponse:?}"
    );
    siege.lever();
}

#[test]
fn heads_too_large_or_too_many_are_refused() {
    let siege = Siege::new(&[]);
    let requete = |chemin: &str, entetes: &str| {
        siege.envoyer(format!(
            "GET {chemin} HTTP/1.1\r\nHost: ent\r\n{entetes}\r\n"
        ))
    };
    let bon = format!("/hit.xiti?{}", hit(MAUVAIS));
    let refus =
        |statuts: Vec<u16>| assert!(matches!(statuts[..], [] | [400 | 414 | 431]), "{statuts:?}");
    refus(requete(&bon, &"X: y\r\n".repeat(101)));
    refus(requete(&bon, &"X: y\r\n".repeat(100_000)));
    refus(requete(&bon, &format!("X: {}\r\n", "y".repeat(40_000))));
    refus(requete(&bon, &format!("{}: y\r\n", "X".repeat(70_000))));
    refus(requete(&format!("{bon}&p={}", "y".repeat(1 << 20)), ""));
    // A flood that never ends its head.
    let mut prise = Prise::ouvrir(siege.serveur.adresse());
    prise.ecrire(format!("GET {bon} HTTP/1.1\r\nHost: ent\r\n").as_bytes());
    let flot = "X-Flot: 0123456789abcdef\r\n".repeat(4_000);
    for _ in 0..500 {
        if !prise.ecrire(flot.as_bytes()) {
            break;
        }
    }
    refus(lire_statuts(&prise.tout_lire()));
    siege.lever();
}

#[test]
fn paths_that_look_like_the_collections_are_not_it_and_none_leaves_the_console() {
    let siege = Siege::new(&[]);
    let hit = hit(MAUVAIS);
    for chemin in [
        "//hit.xiti",
        "/hit.xiti/",
        "/./hit.xiti",
        "/a/../hit.xiti",
        "/hit.xiti/..;/",
        "/%68it.xiti",
        "/hit%2exiti",
        "/HIT.XITI",
        "/hit.xiti%00",
        "/hit.xiti;a=b",
        "/%2e%2e/hit.xiti",
        "\\hit.xiti",
        "/hit.xiti%20",
        "/hit.xiti%3f",
        "/v1/../hit.xiti",
        "*",
        "http://ent/../hit.xiti",
    ] {
        let statuts = siege.envoyer(format!(
            "GET {chemin}?{hit} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\r\n"
        ));
        assert!(statuts.iter().all(|s| *s < 500), "{chemin} : {statuts:?}");
    }
    for chemin in [
        "/../../../../../../etc/passwd",
        "/assets/../../../../../etc/passwd",
        "/..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "//etc/passwd",
        "/....//....//etc/passwd",
        "/..\\..\\..\\etc\\passwd",
        "/etc/passwd%00.html",
    ] {
        let mut prise = Prise::ouvrir(siege.serveur.adresse());
        prise.ecrire(
            format!("GET {chemin} HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\r\n").as_bytes(),
        );
        let reponse = String::from_utf8_lossy(&prise.tout_lire()).into_owned();
        assert!(!reponse.contains("root:"), "{chemin} : {reponse}");
    }
    siege.lever();
}

/// Behind a proxy that reads lengths otherwise, the second request would pass for another client's.
#[test]
fn a_request_whose_length_can_be_read_in_two_ways_takes_nothing_after_it_along() {
    let siege = Siege::new(&[]);
    let cachee = format!(
        "GET /hit.xiti?{} HTTP/1.1\r\nHost: ent\r\n\r\n",
        hit(MAUVAIS)
    );
    for longueurs in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -5\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\x0bchunked\r\nContent-Length: 5\r\n",
        "Content-Length\r\n : 5\r\n",
    ] {
        let statuts = siege.envoyer(format!(
            "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {}\r\n{longueurs}\r\n0\r\n\r\n{cachee}",
            siege.cle
        ));
        assert!(statuts.len() <= 1, "{longueurs:?} : {statuts:?}");
        assert!(
            statuts.iter().all(|s| (400..500).contains(s)),
            "{longueurs:?} : {statuts:?}"
        );
    }
    siege.lever();
}

#[test]
fn broken_chunks_are_refused() {
    let siege = Siege::new(&[]);
    let tete = format!(
        "POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        siege.cle
    );
    let extension = format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(1 << 20));
    for corps in [
        "zz\r\nabc\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\na",
        "7fffffffffffffff\r\na",
        "3\r\nabcdef\r\n0\r\n\r\n",
        "3\nabc\n0\n\n",
        "\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        extension.as_str(),
    ] {
        let statuts = siege.envoyer(format!("{tete}{corps}"));
        let apercu = &corps[..corps.len().min(30)];
        assert!(
            statuts.iter().all(|s| (400..500).contains(s)),
            "{apercu:?} : {statuts:?}"
        );
    }
    siege.lever();
}

#[test]
fn what_unfolds_without_end_stops_at_the_bound() {
    let siege = Siege::new(&[]);
    let morceau = vec![b' '; 1 << 20];
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let mut zstd = zstd::Encoder::new(Vec::new(), 3).unwrap();
    for _ in 0..512 {
        gzip.write_all(&morceau).unwrap();
        zstd.write_all(&morceau).unwrap();
    }
    let (gzip, zstd) = (gzip.finish().unwrap(), zstd.finish().unwrap());
    assert_eq!(siege.poster("Content-Encoding: gzip\r\n", &gzip), [413]);
    assert_eq!(siege.poster("Content-Encoding: zstd\r\n", &zstd), [413]);
    // A frame that asks for a window of 2 GiB.
    let mut large = zstd::Encoder::new(Vec::new(), 3).unwrap();
    large.window_log(31).unwrap();
    large.long_distance_matching(true).unwrap();
    large.write_all(b"{}").unwrap();
    let large = large.finish().unwrap();
    assert_eq!(siege.poster("Content-Encoding: zstd\r\n", &large), [400]);
    // A bomb inside a bomb is not opened twice.
    let mut dehors = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    dehors.write_all(&gzip).unwrap();
    let dehors = dehors.finish().unwrap();
    let statuts = siege.poster("Content-Encoding: gzip, gzip\r\n", &dehors);
    assert_eq!(statuts, [415]);
    siege.lever();
}

#[test]
fn json_made_to_exhaust_a_reader_is_refused() {
    let siege = Siege::new(&[]);
    let json = "Content-Type: application/json\r\n";
    let profond = "[".repeat(8 << 20);
    assert!(matches!(
        siege.poster(json, profond.as_bytes())[..],
        [202 | 400]
    ));
    let emboite = "{\"a\":".repeat(1 << 20);
    assert!(matches!(
        siege.poster("", emboite.as_bytes())[..],
        [202 | 400]
    ));
    let champs: Vec<_> = (0..1_000_000).map(|n| format!("\"c{n:x}\":1")).collect();
    let champs = format!("{{{}}}", champs.join(","));
    assert!(champs.len() < 16 << 20);
    assert_eq!(siege.poster("", champs.as_bytes()), [202]);
    let long = format!("{{\"id\":\"{}\"}}", "x".repeat(15 << 20));
    assert_eq!(siege.poster("", long.as_bytes()), [202]);
    let nombres = format!("{{\"ts\":{}}}", "9".repeat(15 << 20));
    assert_eq!(siege.poster("", nombres.as_bytes()), [202]);
    let faux = b"{\"id\":\"\xff\xfe\xc0\xaf\xed\xa0\x80\",\"\xff\":\"\xf8\"}\n\xff\xff\n\0\0\n";
    assert_eq!(siege.poster("", faux), [202]);
    siege.lever();
}

#[test]
fn bytes_that_are_not_http_or_not_text_harm_nothing() {
    let siege = Siege::new(&[]);
    let hit = hit(MAUVAIS);
    let sans_sens: [&[u8]; 9] = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /hit.xiti\r\n",
        b"GET /hit.xiti?s=365203&p=\xff\xfe\xc3\x28 HTTP/1.1\r\nHost: ent\r\n\r\n",
        b"GET /hit.xiti?s=%ff%fe%c3%28%00&p=%u00e9%zz%&ref=%% HTTP/1.1\r\nHost: ent\r\nConnection: close\r\n\r\n",
        b"GET /hit.xiti HTTP/1.1\r\nHost: \xff\xfe\r\nUser-Agent: \xc3\x28\r\nConnection: close\r\n\r\n",
        b"GET /hit.xiti HTTP/1.1\r\nHost: a\0b\r\n\r\n",
        b"POST /v1/events HTTP/1.1\r\nHost: ent\r\nAuthorization: Bearer \xff\xff\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"G\xe9T / HTTP/9.9\r\n\r\n",
    ];
    for octets in sans_sens {
        let statuts = siege.envoyer(octets);
        assert!(statuts.iter().all(|s| *s < 500), "{octets:?} : {statuts:?}");
    }
    let mut hasard = Hasard(42);
    for _ in 0..200 {
        let longueur = hasard.sous(2_000);
        let bruit: Vec<u8> = (0..longueur)
            .map(|_| u8::try_from(hasard.sous(256)).unwrap())
            .collect();
        siege.envoyer(&bruit);
        // A good beginning, then noise.
        let mut requete = format!("GET /hit.xiti?{hit}").into_bytes();
        requete.extend_from_slice(&bruit);
        let statuts = siege.envoyer(&requete);
        assert!(statuts.iter().all(|s| *s < 500), "{statuts:?}");
    }
    siege.lever();
}

#[test]
fn old_and_pipelined_clients_are_served_each_request_once() {
    let mut siege = Siege::new(&[]);
    let ancien = format!("GET /hit.xiti?{} HTTP/1.0\r\n\r\n", hit(siege.bons));
    assert_eq!(siege.envoyer(ancien), [200]);
    siege.bons += 1;
    let premier = siege.bons;
    let requete = |n| format!("GET /hit.xiti?{} HTTP/1.1\r\nHost: ent\r\n\r\n", hit(n));
    let file: String = (premier..premier + 500).map(requete).collect();
    assert_eq!(siege.envoyer(&file), [200; 500]);
    siege.bons += 500;
    siege.lever();
}
