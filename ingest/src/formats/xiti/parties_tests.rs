use super::*;

const SITE: u32 = 365_203;
const DEBUT: Instant = Instant(1_000_000);

fn parties() -> Parties {
    Parties::new(PartiesReglages::default())
}

fn recevoir(parties: &mut Parties, requete: &str, maintenant: Instant) -> Result<Suite, Refus> {
    let hit = Hit::lire(requete.as_bytes());
    let numero = hit.partie().unwrap().unwrap();
    parties.recevoir(SITE, &hit, numero, requete.as_bytes(), maintenant)
}

fn entiere(morceaux: &[&str]) -> String {
    let mut parties = parties();
    let mut dernier = Suite::Attendre;
    for morceau in morceaux {
        assert_eq!(dernier, Suite::Attendre);
        dernier = recevoir(&mut parties, morceau, DEBUT).unwrap();
    }
    assert_eq!(parties.octets(), 0);
    match dernier {
        Suite::Entiere(requete) => String::from_utf8(requete).unwrap(),
        Suite::Attendre => panic!("il manque une partie"),
    }
}

#[test]
fn a_parameter_cut_inside_an_escape_goes_on_under_its_name() {
    let requete = entiere(&[
        "s=1&idclient=c&mh=1-2-77&ts=5&events=%5B%7",
        "s=1&idclient=c&mh=2-2-77&events=B%22a%22&profil=ELEVE&ref=http://x/?a=1&profil=AUTRE",
    ]);
    assert_eq!(
        requete,
        "s=1&idclient=c&ts=5&events=%5B%7B%22a%22&profil=ELEVE"
    );
}

#[test]
fn parts_are_joined_in_their_order_whatever_the_order_of_arrival() {
    let morceaux = [
        "s=1&idclient=c&mh=1-3-77&p=a",
        "s=1&idclient=c&mh=2-3-77&p=b&x=1",
        "s=1&idclient=c&mh=3-3-77&p=c&service=NOTES",
    ];
    let attendu = "s=1&idclient=c&p=abc&x=1&service=NOTES";
    for ordre in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        assert_eq!(entiere(&ordre.map(|i| morceaux[i])), attendu);
    }
}

#[test]
fn a_part_that_begins_with_no_name_carries_on_the_one_before() {
    let entier = "p=%C3%A9t%C3%A9&service=NOTES&profil=ELEVE";
    for coupure in 1..entier.len() {
        let (debut, fin) = entier.split_at(coupure);
        let requete = entiere(&[
            &format!("s=1&idclient=c&mh=1-2-77&{debut}"),
            &format!("s=1&idclient=c&mh=2-2-77&{fin}"),
        ]);
        let hit = Hit::lire(requete.as_bytes());
        assert_eq!(
            hit.champs.service,
            Some(&b"NOTES"[..]),
            "{coupure} {requete}"
        );
        assert_eq!(
            hit.champs.profil,
            Some(&b"ELEVE"[..]),
            "{coupure} {requete}"
        );
    }
}

#[test]
fn a_page_name_written_with_its_ampersand_does_not_swallow_the_next_part() {
    let requete = entiere(&[
        "s=1&idclient=c&mh=1-2-77&p=jeux & devinettes",
        "s=1&idclient=c&mh=2-2-77&service=NOTES",
    ]);
    assert_eq!(
        Hit::lire(requete.as_bytes()).champs.service,
        Some(&b"NOTES"[..])
    );
}

#[test]
fn a_part_received_twice_counts_once() {
    let mut parties = parties();
    for _ in 0..2 {
        let suite = recevoir(&mut parties, "s=1&idclient=c&mh=1-2-77&p=a", DEBUT).unwrap();
        assert_eq!(suite, Suite::Attendre);
    }
    let suite = recevoir(&mut parties, "s=1&idclient=c&mh=2-2-77&x=b", DEBUT).unwrap();
    assert_eq!(suite, Suite::Entiere(b"s=1&idclient=c&p=a&x=b".to_vec()));
}

#[test]
fn parts_of_two_browsers_are_never_mixed() {
    let mut parties = parties();
    recevoir(&mut parties, "s=1&idclient=c&mh=1-2-77&p=a", DEBUT).unwrap();
    let suite = recevoir(&mut parties, "s=1&idclient=d&mh=2-2-77&x=b", DEBUT).unwrap();
    assert_eq!(suite, Suite::Attendre);
}

#[test]
fn a_hit_never_whole_is_lost_when_its_time_is_over() {
    let mut parties = parties();
    recevoir(&mut parties, "s=1&idclient=c&mh=1-2-77&p=a", DEBUT).unwrap();
    recevoir(&mut parties, "s=1&idclient=c&mh=1-2-78&mherr=1", DEBUT).unwrap();
    assert_eq!(parties.expirer(Instant(DEBUT.0 + 59_999)), []);
    let raisons: Vec<_> = parties
        .expirer(Instant(DEBUT.0 + 60_000))
        .iter()
        .map(|p| (p.site, p.raison))
        .collect();
    assert_eq!(
        raisons,
        [
            (SITE, Raison::PartieManquante),
            (SITE, Raison::AbandonDuMarqueur)
        ]
    );
    assert_eq!(parties.octets(), 0);
}

#[test]
fn the_oldest_hits_give_way_when_too_many_bytes_wait() {
    let mut parties = Parties::new(PartiesReglages {
        octets_max: 100,
        ..PartiesReglages::default()
    });
    for numero in 0..50 {
        let requete = format!("s=1&idclient=c&mh=1-2-{numero}&p=0123456789");
        recevoir(&mut parties, &requete, DEBUT).unwrap();
        parties.expirer(DEBUT);
        assert!(parties.octets() <= 100);
    }
}

#[test]
fn more_parts_or_bytes_than_a_hit_has_are_refused() {
    let mut parties = parties();
    assert!(recevoir(&mut parties, "s=1&mh=1-101-77&p=a", DEBUT).is_err());
    let long = "x".repeat(256 << 10);
    assert!(recevoir(&mut parties, &format!("s=1&mh=1-2-77&p={long}"), DEBUT).is_err());
    assert_eq!(parties.octets(), 0);
}

#[test]
fn a_number_that_is_no_part_is_refused() {
    for mh in ["0-2-77", "3-2-77", "1-2", "1-2-", "a-2-77", "1-99999-7", ""] {
        let requete = format!("s=1&mh={mh}&p=a");
        assert!(Hit::lire(requete.as_bytes()).partie().is_err(), "{mh}");
    }
    let requete = b"s=1&mh=01-12-77&p=a";
    assert_eq!(Hit::lire(requete).partie().unwrap().unwrap().rang, 1);
}
