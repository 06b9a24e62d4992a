//! Whatever the bytes, reading them ends and nothing panics.

use frequent_plan::Instant;
use proptest::prelude::*;

use super::natif::{Decoupe, Disposition, Ligne};
use super::xiti::{Defauts, Hit, Parties, PartiesReglages, Suite};

const DEFAUTS: Defauts<'static> = Defauts {
    plateforme: "ONE-OCC",
    projet: "",
    exploitant: "",
};

/// Bytes that look like a query: its names, signs and escapes, in any order.
fn requete() -> impl Strategy<Value = Vec<u8>> {
    let morceau = prop_oneof![
        prop::sample::select(vec![
            &b"&"[..],
            b"=",
            b"%",
            b"%C3%A9",
            b"%E",
            b"ref=",
            b"s=1",
            b"service=",
            b"NOTES",
            b"mh=1-2-7",
            b"mh=2-2-7",
            b"col=2",
            b"events=",
            b"%5B%7B%7D%5D",
            b"click=N",
            b"mherr=1",
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(morceau, 0..20).prop_map(|morceaux| morceaux.concat())
}

/// Bytes that look like JSON, broken anywhere.
fn json() -> impl Strategy<Value = Vec<u8>> {
    let morceau = prop_oneof![
        prop::sample::select(vec![
            &b"{"[..],
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"\"",
            b"\\",
            b"\n",
            b"\"ts\":1",
            b"\"uai\"",
            b"null",
            b"{\"ts\":1}",
            b" ",
        ])
        .prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(morceau, 0..20).prop_map(|morceaux| morceaux.concat())
}

proptest! {
    #[test]
    fn any_query_is_read_or_refused(requetes in prop::collection::vec(requete(), 1..4)) {
        let mut parties = Parties::new(PartiesReglages::default());
        for requete in &requetes {
            let hit = Hit::lire(requete);
            let _ = (hit.site(), hit.ecran(), hit.contenu(DEFAUTS));
            if let Ok(Some(numero)) = hit.partie() {
                let suite = parties.recevoir(1, &hit, numero, requete, Instant(0));
                if let Ok(Suite::Entiere(entiere)) = suite {
                    let _ = Hit::lire(&entiere).contenu(DEFAUTS);
                }
            }
        }
        parties.expirer(Instant(i64::MAX));
        prop_assert_eq!(parties.octets(), 0);
    }

    #[test]
    fn any_body_is_cut_into_events_that_are_read_or_refused(corps in json()) {
        for disposition in [Disposition::Lignes, Disposition::Tableau, Disposition::Objet] {
            let evenements: Vec<_> = Decoupe::new(&corps, disposition).take(corps.len() + 2).collect();
            prop_assert!(evenements.len() <= corps.len() + 1);
            prop_assert!(evenements.is_sorted_by(|a, b| a.0 < b.0));
            for (_, octets) in evenements {
                let _ = Ligne::default().relire(octets);
            }
        }
    }

    #[test]
    fn an_array_gives_the_same_events_as_lines(nombre in 0_usize..20, espaces in " {0,3}") {
        let objets: Vec<String> = (0..nombre).map(|n| format!("{{\"ts\":{n},\"x\":\"],{{\"}}")).collect();
        let tableau = format!("[{espaces}{}{espaces}]", objets.join(&format!(",{espaces}")));
        let lignes = objets.join("\n");
        let couper = |corps: &str, disposition| -> Vec<(u64, Vec<u8>)> {
            Decoupe::new(corps.as_bytes(), disposition).map(|(n, o)| (n, o.to_vec())).collect()
        };
        prop_assert_eq!(
            couper(&tableau, Disposition::Tableau),
            couper(&lignes, Disposition::Lignes)
        );
    }
}
