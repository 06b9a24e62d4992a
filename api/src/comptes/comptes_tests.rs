use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use frequent_plan::{Instant, Lac};
use sha2::{Digest, Sha256};

use super::*;
use crate::base::banc::{Sorte, sur_chaque_base};
use crate::base::{AdresseBase, SQLITE, de_pas};

/// A clock that tests set.
#[derive(Default)]
struct Reglable(AtomicI64);

impl Reglable {
    fn avancer(&self, duree: Duration) {
        let ms = i64::try_from(duree.as_millis()).unwrap();
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

const BON: &str = "un long mot de passe";

sur_chaque_base!(
    an_account_is_listed_without_its_password,
    a_providers_account_is_recognised_with_its_platforms_and_no_territory,
    an_account_is_not_created_twice_whatever_the_case,
    a_password_of_eleven_characters_is_refused_and_of_twelve_accepted,
    odd_identifiers_and_names_are_refused,
    signing_in_opens_a_session_that_is_recognised_until_signing_out,
    a_wrong_password_and_an_unknown_account_get_the_same_answer,
    signing_in_again_destroys_the_token_the_browser_came_with,
    a_session_ends_after_two_hours_without_use,
    a_session_ends_twelve_hours_after_sign_in_even_if_used,
    changing_the_password_ends_every_session,
    deleting_an_account_ends_its_sessions,
    the_eleventh_try_in_a_row_must_wait_twenty_seconds,
);

struct Banc {
    comptes: Comptes,
    horloge: Arc<Reglable>,
    lac: Lac,
    _dossier: tempfile::TempDir,
}

async fn banc(sorte: Sorte) -> Banc {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let horloge = Arc::new(Reglable(AtomicI64::new(1_800_000_000_000)));
    let base = sorte.base(&lac).await;
    let comptes = Comptes::new(base, &lac, horloge.clone(), ReglagesComptes::default()).unwrap();
    Banc {
        comptes,
        horloge,
        lac,
        _dossier: dossier,
    }
}

impl Banc {
    async fn avec_claire(sorte: Sorte) -> Self {
        let banc = banc(sorte).await;
        banc.comptes
            .creer("Claire", "Claire D.", MotDePasse::new(BON), perimetre())
            .await
            .unwrap();
        banc
    }

    async fn connecter(&self, mot_de_passe: &str) -> Result<Connexion, ConnexionRefusee> {
        self.connecter_avec(mot_de_passe, None).await
    }

    async fn connecter_avec(
        &self,
        mot_de_passe: &str,
        code: Option<&str>,
    ) -> Result<Connexion, ConnexionRefusee> {
        let demande = DemandeConnexion {
            code,
            ..demande("claire", mot_de_passe)
        };
        self.comptes.connecter(demande).await
    }
}

fn demande<'a>(identifiant: &'a str, mot_de_passe: &str) -> DemandeConnexion<'a> {
    DemandeConnexion {
        identifiant,
        mot_de_passe: MotDePasse::new(mot_de_passe),
        code: None,
        ancien: None,
        provenance: Provenance::default(),
    }
}

fn perimetre() -> Perimetre {
    "departement:031".parse().unwrap()
}

#[test]
fn a_perimeter_is_a_level_and_a_code() {
    assert_eq!(perimetre().to_string(), "departement:031");
    assert_eq!(
        "national".parse::<Perimetre>().unwrap().to_string(),
        "national:FR"
    );
    for faux in [
        "",
        "031",
        "departement",
        "departement:",
        "canton:12",
        "national:BE",
    ] {
        assert!(faux.parse::<Perimetre>().is_err(), "{faux}");
    }
}

async fn an_account_is_listed_without_its_password(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let comptes = banc.comptes.lister().await.unwrap();
    assert_eq!(
        comptes,
        [Compte {
            identifiant: "claire".to_owned(),
            nom: "Claire D.".to_owned(),
            droits: perimetre().into(),
        }]
    );
}

async fn a_providers_account_is_recognised_with_its_platforms_and_no_territory(sorte: Sorte) {
    let banc = banc(sorte).await;
    let plateformes = ["ONE-PACA", "ONE-OCC", "ONE-OCC"].map(str::to_owned);
    let droits = Droits::new(None, plateformes).unwrap();
    let compte = banc
        .comptes
        .creer("claire", "Édifice", MotDePasse::new(BON), droits)
        .await
        .unwrap();
    assert!(compte.droits.perimetre().est_vide());
    assert_eq!(compte.droits.role(), Role::Fournisseur);
    let vues: Vec<&str> = compte
        .droits
        .plateformes()
        .iter()
        .map(String::as_str)
        .collect();
    assert_eq!(vues, ["ONE-OCC", "ONE-PACA"]);
    let connexion = banc.connecter(BON).await.unwrap();
    let reconnu = banc.comptes.reconnaitre(&connexion.jeton).await.unwrap();
    assert_eq!(reconnu.map(|ouverte| ouverte.compte), Some(compte));
    banc.comptes.supprimer("claire").await.unwrap();
    let reste: i64 = sqlx::query_scalar("select count(*) from comptes_plateformes")
        .fetch_one(banc.comptes.base.pool())
        .await
        .unwrap();
    assert_eq!(reste, 0, "the platforms go with the account");
}

#[tokio::test]
async fn accounts_and_sessions_of_an_older_file_are_kept() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(lac.comptes())
        .create_if_missing(true);
    let ancienne = sqlx::SqlitePool::connect_with(options).await.unwrap();
    de_pas(&SQLITE[..1]).run(&ancienne).await.unwrap();
    let jeton = Jeton::lu("x");
    sqlx::query("insert into comptes values ('claire', 'Claire', '-', 'departement', '031', 0)")
        .execute(&ancienne)
        .await
        .unwrap();
    sqlx::query("insert into sessions values (?, 'claire', 1800000000000, 1800000000000)")
        .bind(Sha256::digest(b"x").to_vec())
        .execute(&ancienne)
        .await
        .unwrap();
    ancienne.close().await;

    let horloge = Arc::new(Reglable(AtomicI64::new(1_800_000_000_001)));
    let base = Base::ouvrir(&lac, &AdresseBase::Fichier).await.unwrap();
    let comptes = Comptes::new(base, &lac, horloge, ReglagesComptes::default()).unwrap();
    let ouverte = comptes.reconnaitre(&jeton).await.unwrap().unwrap();
    assert_eq!(ouverte.compte.droits, perimetre().into());
    assert_eq!(ouverte.compte.droits.role(), Role::Dsden);
}

async fn an_account_is_not_created_twice_whatever_the_case(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let faute = banc
        .comptes
        .creer("CLAIRE", "Autre", MotDePasse::new(BON), perimetre())
        .await;
    assert!(matches!(faute, Err(ComptesErreur::Existe(qui)) if qui == "claire"));
}

async fn a_password_of_eleven_characters_is_refused_and_of_twelve_accepted(sorte: Sorte) {
    let banc = banc(sorte).await;
    let creer = async |mot: &str| {
        banc.comptes
            .creer("a", "A", MotDePasse::new(mot), perimetre())
            .await
    };
    assert!(matches!(
        creer("éàüéàüéàüéà").await,
        Err(ComptesErreur::MotDePasse(MotDePasseFaible))
    ));
    assert!(creer("éàüéàüéàüéàü").await.is_ok());
}

async fn odd_identifiers_and_names_are_refused(sorte: Sorte) {
    let banc = banc(sorte).await;
    for identifiant in ["", "a b", "é", "a\n", &"x".repeat(101)] {
        let faute = banc
            .comptes
            .creer(identifiant, "A", MotDePasse::new(BON), perimetre())
            .await;
        // "a\n" is trimmed to "a", which suits.
        assert_eq!(faute.is_ok(), identifiant == "a\n", "{identifiant:?}");
    }
    let faute = banc
        .comptes
        .creer("b", " ", MotDePasse::new(BON), perimetre())
        .await;
    assert!(matches!(faute, Err(ComptesErreur::Nom)));
}

#[tokio::test]
async fn the_file_is_private_and_holds_neither_password_nor_token() {
    use std::os::unix::fs::PermissionsExt;
    let banc = Banc::avec_claire(Sorte::Sqlite).await;
    let jeton = banc.connecter(BON).await.unwrap().jeton;
    for fichier in std::fs::read_dir(banc.lac.racine()).unwrap() {
        let chemin = fichier.unwrap().path();
        if chemin.is_dir() {
            continue; // The keys, in a folder of their own.
        }
        let mode = std::fs::metadata(&chemin).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", chemin.display());
        let octets = std::fs::read(&chemin).unwrap();
        for secret in [BON, jeton.texte()] {
            let trouve = octets
                .windows(secret.len())
                .any(|fenetre| fenetre == secret.as_bytes());
            assert!(!trouve, "{} holds a secret", chemin.display());
        }
    }
}

async fn signing_in_opens_a_session_that_is_recognised_until_signing_out(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let connexion = banc.connecter(BON).await.unwrap();
    assert_eq!(connexion.session.compte.identifiant, "claire");
    let connu = banc.comptes.reconnaitre(&connexion.jeton).await.unwrap();
    assert_eq!(connu, Some(connexion.session));
    banc.comptes.deconnecter(&connexion.jeton).await.unwrap();
    assert_eq!(
        banc.comptes.reconnaitre(&connexion.jeton).await.unwrap(),
        None
    );
}

async fn a_wrong_password_and_an_unknown_account_get_the_same_answer(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let faux = banc.connecter("un autre mot de passe").await.unwrap_err();
    let inconnu = banc
        .comptes
        .connecter(demande("personne", BON))
        .await
        .unwrap_err();
    assert!(matches!(faux, ConnexionRefusee::Identifiants));
    assert_eq!(faux.to_string(), inconnu.to_string());
}

async fn signing_in_again_destroys_the_token_the_browser_came_with(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let premier = banc.connecter(BON).await.unwrap().jeton;
    let second = banc
        .comptes
        .connecter(DemandeConnexion {
            ancien: Some(&premier),
            ..demande("claire", BON)
        })
        .await
        .unwrap()
        .jeton;
    assert_ne!(premier, second);
    assert_eq!(banc.comptes.reconnaitre(&premier).await.unwrap(), None);
    assert!(banc.comptes.reconnaitre(&second).await.unwrap().is_some());
}

async fn a_session_ends_after_two_hours_without_use(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let jeton = banc.connecter(BON).await.unwrap().jeton;
    for _ in 0..3 {
        banc.horloge.avancer(Duration::from_mins(119));
        assert!(banc.comptes.reconnaitre(&jeton).await.unwrap().is_some());
    }
    banc.horloge.avancer(Duration::from_hours(2));
    assert_eq!(banc.comptes.reconnaitre(&jeton).await.unwrap(), None);
}

async fn a_session_ends_twelve_hours_after_sign_in_even_if_used(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let jeton = banc.connecter(BON).await.unwrap().jeton;
    for _ in 0..11 {
        banc.horloge.avancer(Duration::from_hours(1));
        assert!(banc.comptes.reconnaitre(&jeton).await.unwrap().is_some());
    }
    banc.horloge.avancer(Duration::from_hours(1));
    assert_eq!(banc.comptes.reconnaitre(&jeton).await.unwrap(), None);
    assert_eq!(banc.comptes.purger_sessions().await.unwrap(), 1);
    assert_eq!(banc.comptes.purger_sessions().await.unwrap(), 0);
}

async fn changing_the_password_ends_every_session(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let jeton = banc.connecter(BON).await.unwrap().jeton;
    let nouveau = "un tout autre mot de passe";
    banc.comptes
        .changer_mot_de_passe("Claire", MotDePasse::new(nouveau))
        .await
        .unwrap();
    assert_eq!(banc.comptes.reconnaitre(&jeton).await.unwrap(), None);
    assert!(banc.connecter(BON).await.is_err());
    assert!(banc.connecter(nouveau).await.is_ok());
}

async fn deleting_an_account_ends_its_sessions(sorte: Sorte) {
    let banc = Banc::avec_claire(sorte).await;
    let jeton = banc.connecter(BON).await.unwrap().jeton;
    banc.comptes.supprimer("claire").await.unwrap();
    assert_eq!(banc.comptes.reconnaitre(&jeton).await.unwrap(), None);
    assert!(matches!(
        banc.comptes.supprimer("claire").await,
        Err(ComptesErreur::Inconnu(_))
    ));
}

async fn the_eleventh_try_in_a_row_must_wait_twenty_seconds(sorte: Sorte) {
    let banc = banc(sorte).await;
    for _ in 0..10 {
        assert!(matches!(
            banc.connecter("x").await,
            Err(ConnexionRefusee::Identifiants)
        ));
    }
    let refus = banc.connecter("x").await.unwrap_err();
    assert!(matches!(refus, ConnexionRefusee::Trop(d) if d == Duration::from_secs(20)));
    banc.horloge.avancer(Duration::from_secs(20));
    assert!(matches!(
        banc.connecter("x").await,
        Err(ConnexionRefusee::Identifiants)
    ));
}
