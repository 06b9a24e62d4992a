use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use frequent_plan::{Horloge, Instant, Lac};

use super::*;
use crate::base::banc::{Sorte, sur_chaque_base};
use crate::comptes::{
    Connexion, ConnexionRefusee, DemandeConnexion, Droits, MotDePasse, Perimetre, Provenance,
    ReglagesComptes, Role,
};

sur_chaque_base!(
    a_role_that_must_have_codes_may_only_enrol_until_it_has,
    a_code_is_accepted_once_and_codes_of_the_past_never,
    each_recovery_code_replaces_one_code,
    a_lost_phone_is_taken_away_with_its_sessions,
    a_new_phone_takes_the_place_of_the_old_one_once_it_is_confirmed,
    the_secret_is_not_readable_in_the_database,
);

const BON: &str = "un long mot de passe";

struct Reglable(AtomicI64);

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

struct Banc {
    comptes: Comptes,
    horloge: Arc<Reglable>,
    _dossier: tempfile::TempDir,
}

/// An account whose role must have codes.
async fn banc(sorte: Sorte) -> Banc {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let horloge = Arc::new(Reglable(AtomicI64::new(1_800_000_000_000)));
    let reglages = ReglagesComptes {
        roles_avec_code: BTreeSet::from([Role::Dsden]),
        ..ReglagesComptes::default()
    };
    let base = sorte.base(&lac).await;
    let comptes = Comptes::new(base, &lac, horloge.clone(), reglages).unwrap();
    let perimetre: Perimetre = "departement:031".parse().unwrap();
    comptes
        .creer(
            "claire",
            "Claire",
            MotDePasse::new(BON),
            Droits::from(perimetre),
        )
        .await
        .unwrap();
    Banc {
        comptes,
        horloge,
        _dossier: dossier,
    }
}

impl Banc {
    async fn connecter(&self, code: Option<&str>) -> Result<Connexion, ConnexionRefusee> {
        let demande = DemandeConnexion {
            identifiant: "claire",
            mot_de_passe: MotDePasse::new(BON),
            code,
            ancien: None,
            provenance: Provenance::default(),
        };
        // Guesses are slowed: each is a minute after the other.
        self.horloge.0.fetch_add(60_000, Ordering::SeqCst);
        self.comptes.connecter(demande).await
    }

    /// The code of a phone that holds this secret, so many seconds from now.
    fn code(&self, secret: &str, dans: i64) -> String {
        let secret = Secret::try_from_base32(secret).unwrap();
        let totp = totp(secret.as_bytes().to_vec(), "claire").unwrap();
        let maintenant = self.horloge.maintenant().0 / 1_000 + dans;
        totp.generate(u64::try_from(maintenant).unwrap())
            .to_string()
    }

    async fn inscrire(&self) -> (String, Vec<String>) {
        let inscription = self.comptes.inscrire_code("claire").await.unwrap();
        assert!(inscription.uri.starts_with("otpauth://totp/"));
        assert!(inscription.qr_svg.starts_with("<svg"));
        let code = self.code(&inscription.secret, 0);
        let secours = self.comptes.confirmer_code("claire", &code).await.unwrap();
        (inscription.secret, secours)
    }
}

async fn a_role_that_must_have_codes_may_only_enrol_until_it_has(sorte: Sorte) {
    let banc = banc(sorte).await;
    assert!(banc.connecter(None).await.unwrap().session.doit_s_inscrire);
    let inscription = banc.comptes.inscrire_code("claire").await.unwrap();
    let faux = banc.comptes.confirmer_code("claire", "000000").await;
    assert!(matches!(faux, Err(CodeRefuse::Faux)));
    // Not confirmed: the password alone still does, and the secret may be drawn again.
    assert!(banc.connecter(None).await.unwrap().session.doit_s_inscrire);
    let (secret, _) = banc.inscrire().await;
    assert_ne!(secret, inscription.secret);
    assert!(matches!(
        banc.connecter(None).await,
        Err(ConnexionRefusee::CodeRequis)
    ));
    banc.horloge.0.fetch_add(60_000, Ordering::SeqCst);
    let code = banc.code(&secret, 60);
    let connexion = banc.connecter(Some(&code)).await.unwrap();
    assert!(!connexion.session.doit_s_inscrire);
    let encore = banc.comptes.inscrire_code("claire").await;
    assert!(matches!(encore, Err(CodeRefuse::Faux)), "enrolled already");
}

async fn a_code_is_accepted_once_and_codes_of_the_past_never(sorte: Sorte) {
    let banc = banc(sorte).await;
    let (secret, _) = banc.inscrire().await;
    let code = banc.code(&secret, 60);
    assert!(banc.connecter(Some(&code)).await.is_ok());
    // Still within the drift that is accepted.
    let encore = banc.comptes.verifier_code("claire", &code).await;
    assert!(matches!(encore, Err(CodeRefuse::Faux)), "used already");
    let avant = banc.code(&secret, -30);
    let avant = banc.comptes.verifier_code("claire", &avant).await;
    assert!(
        matches!(avant, Err(CodeRefuse::Faux)),
        "older than the last"
    );
    let apres = banc.code(&secret, 30);
    assert!(banc.comptes.verifier_code("claire", &apres).await.is_ok());
}

async fn each_recovery_code_replaces_one_code(sorte: Sorte) {
    let banc = banc(sorte).await;
    let (_, secours) = banc.inscrire().await;
    assert_eq!(secours.len(), 10);
    let saisi = secours[0].to_uppercase().replace('-', " ");
    assert!(banc.connecter(Some(&saisi)).await.is_ok());
    assert!(matches!(
        banc.connecter(Some(&saisi)).await,
        Err(ConnexionRefusee::Code)
    ));
    assert_eq!(
        banc.comptes.codes_secours_restants("claire").await.unwrap(),
        9
    );
}

async fn a_lost_phone_is_taken_away_with_its_sessions(sorte: Sorte) {
    let banc = banc(sorte).await;
    let (_, secours) = banc.inscrire().await;
    let jeton = banc.connecter(Some(&secours[1])).await.unwrap().jeton;
    banc.comptes.retirer_code("claire").await.unwrap();
    assert_eq!(banc.comptes.reconnaitre(&jeton).await.unwrap(), None);
    assert!(banc.connecter(None).await.unwrap().session.doit_s_inscrire);
    assert!(matches!(
        banc.comptes.verifier_code("claire", &secours[2]).await,
        Err(CodeRefuse::Faux)
    ));
}

async fn a_new_phone_takes_the_place_of_the_old_one_once_it_is_confirmed(sorte: Sorte) {
    let banc = banc(sorte).await;
    let rien = banc.comptes.remplacer_code("claire", "000000").await;
    assert!(matches!(rien, Err(CodeRefuse::NonInscrit)));
    let (ancien, secours) = banc.inscrire().await;
    let faux = banc.comptes.remplacer_code("claire", "000000").await;
    assert!(matches!(faux, Err(CodeRefuse::Faux)));
    assert!(!banc.comptes.change_de_code("claire").await.unwrap());
    let remplacer = banc.comptes.remplacer_code("claire", &secours[0]).await;
    let neuf = remplacer.unwrap().secret;
    assert!(banc.comptes.change_de_code("claire").await.unwrap());
    // Not confirmed: the old phone still serves, and its codes confirm nothing.
    assert!(banc.connecter(Some(&banc.code(&ancien, 60))).await.is_ok());
    let code = banc.code(&ancien, 30);
    let encore = banc.comptes.confirmer_code("claire", &code).await;
    assert!(matches!(encore, Err(CodeRefuse::Faux)));
    let code = banc.code(&neuf, 0);
    let nouveaux = banc.comptes.confirmer_code("claire", &code).await.unwrap();
    assert!(!banc.comptes.change_de_code("claire").await.unwrap());
    // From then on only the new one does, with the new recovery codes.
    for perime in [banc.code(&ancien, 60), secours[1].clone(), code] {
        assert!(banc.connecter(Some(&perime)).await.is_err());
    }
    let code = banc.code(&neuf, 60);
    assert!(banc.connecter(Some(&code)).await.is_ok());
    assert!(banc.connecter(Some(&nouveaux[0])).await.is_ok());
}

async fn the_secret_is_not_readable_in_the_database(sorte: Sorte) {
    let banc = banc(sorte).await;
    let (secret, secours) = banc.inscrire().await;
    let clair = Secret::try_from_base32(&secret).unwrap();
    let scelle: Vec<u8> = sqlx::query_scalar("select secret from codes")
        .fetch_one(banc.comptes.base.pool())
        .await
        .unwrap();
    assert!(!scelle.windows(20).any(|f| f == clair.as_bytes()));
    let empreintes: Vec<Vec<u8>> = sqlx::query_scalar("select empreinte from codes_secours")
        .fetch_all(banc.comptes.base.pool())
        .await
        .unwrap();
    assert!(
        empreintes
            .iter()
            .all(|e| e.len() == 32 && e != secours[0].as_bytes())
    );
}
