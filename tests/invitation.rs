//! A person's first day in a real browser: an invitation followed, a phone enrolled, conventions
//! imported. Everything goes through the console, as for a user.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use banc::Banc;

#[test]
fn someone_invited_chooses_a_password_enrols_a_phone_and_imports_conventions() {
    let banc = Banc::avec_annuaire();
    banc.compte("departement:066");
    let invitation = banc.reussir(&["account", "invite", banc::COMPTE]);
    let jeton = invitation
        .lines()
        .find_map(|ligne| ligne.split_once("/invitation/"))
        .expect("a link")
        .1
        .trim();
    let serveur = banc.servir_avec(&[("CONSOLE_ROLES_AVEC_CODE", "dsden")]);
    let lien = format!("{}/invitation/{jeton}", serveur.url);
    banc::visiter(
        "comptes.mjs",
        &[
            ("FREQUENT_URL", &serveur.url),
            ("FREQUENT_COMPTE", banc::COMPTE),
            ("INVITATION", &lien),
        ],
    );
}
