use frequent_plan::{Appareil, Navigateur, Os};

use super::*;

/// Real user agents, one a line: device, system, browser, then the header.
const AGENTS: &str = include_str!("agents_tests.txt");

#[test]
fn real_user_agents_fall_in_the_plans_lists() {
    let terminaux = Terminaux::charger().unwrap();
    let mut vus = Vec::new();
    for ligne in AGENTS.lines() {
        let [appareil, os, navigateur, agent] = ligne.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            panic!("ligne mal formée : {ligne}");
        };
        let lu = terminaux.terminal(&Indices {
            agent,
            ..Indices::default()
        });
        let codes = (lu.appareil.code(), lu.os.code(), lu.navigateur.code());
        assert_eq!(codes, (appareil, os, navigateur), "{agent}");
        vus.push(lu);
    }
    for appareil in Appareil::TOUS {
        assert!(vus.iter().any(|t| t.appareil == *appareil), "{appareil}");
    }
    for os in Os::TOUS {
        assert!(vus.iter().any(|t| t.os == *os), "{os}");
    }
    for navigateur in Navigateur::TOUS {
        assert!(
            vus.iter().any(|t| t.navigateur == *navigateur),
            "{navigateur}"
        );
    }
}

const MAC: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 \
                   (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
const CHROME_ANDROID_FIGE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, \
                                   like Gecko) Chrome/140.0.0.0 Safari/537.36";

fn codes(indices: Indices<'_>) -> (&'static str, &'static str, &'static str) {
    let lu = Terminaux::charger().unwrap().terminal(&indices);
    (lu.appareil.code(), lu.os.code(), lu.navigateur.code())
}

#[test]
fn an_ipad_that_says_it_is_a_mac_is_known_by_its_screen_either_way_up() {
    for ecran in [(820, 1180), (1180, 820)] {
        let indices = Indices {
            agent: MAC,
            ecran: Some(ecran),
            ..Indices::default()
        };
        assert_eq!(codes(indices), ("TABLETTE", "IOS", "SAFARI"));
    }
}

#[test]
fn a_mac_stays_a_mac_after_an_ipad_with_the_same_user_agent() {
    let terminaux = Terminaux::charger().unwrap();
    let avec = |ecran| {
        terminaux.terminal(&Indices {
            agent: MAC,
            ecran: Some(ecran),
            ..Indices::default()
        })
    };
    assert_eq!(avec((820, 1180)).os, Os::Ios);
    assert_eq!(avec((1440, 900)).os, Os::Macos);
    assert_eq!(avec((820, 1180)).os, Os::Ios);
}

#[test]
fn client_hints_win_over_a_frozen_user_agent() {
    let indices = Indices {
        agent: CHROME_ANDROID_FIGE,
        marques: "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Samsung Internet\";v=\"29\"",
        plateforme: "\"Android\"",
        mobile: "?1",
        ecran: None,
    };
    assert_eq!(codes(indices), ("SMARTPHONE", "ANDROID", "SAMSUNG_BROWSER"));
}

#[test]
fn a_brand_outside_the_list_is_another_browser() {
    let indices = Indices {
        agent: CHROME_ANDROID_FIGE,
        marques: "\"Not)A;Brand\";v=\"8\", \"Chromium\";v=\"140\", \"Brave\";v=\"140\"",
        ..Indices::default()
    };
    assert_eq!(codes(indices), ("TABLETTE", "ANDROID", "AUTRE"));
}

#[test]
fn brands_that_say_only_chromium_leave_it_to_the_user_agent() {
    let indices = Indices {
        agent: CHROME_ANDROID_FIGE,
        marques: "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\"",
        ..Indices::default()
    };
    assert_eq!(codes(indices).2, "CHROME_MOBILE");
}

#[test]
fn nothing_said_is_other_everywhere() {
    assert_eq!(codes(Indices::default()), ("AUTRE", "AUTRE", "AUTRE"));
}

#[test]
fn an_endless_header_is_read_up_to_its_bound_only() {
    let agent = "é".repeat(100_000);
    assert_eq!(debut(&agent).len(), AGENT_MAX);
    assert_eq!(
        codes(Indices {
            agent: &agent,
            ..Indices::default()
        }),
        ("AUTRE", "AUTRE", "AUTRE")
    );
}
