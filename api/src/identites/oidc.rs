//! OpenID Connect: authorization code with PKCE, state and nonce.
//!
//! What the provider publishes (addresses, signing keys) is asked again at each return, and at most
//! every few minutes for departures. A token is believed when a key of the provider signed it, for
//! us, for this very departure, and lately.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreJwsSigningAlgorithm as Jws};
use openidconnect::url::Url;
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    IssuerUrl, LogoutRequest, Nonce, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, TokenResponse,
};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio_rustls::rustls::pki_types::pem;

use super::attente::Demarrage;
use super::http;
use super::regles::{Regle, Revendications};

/// How long what the provider publishes is kept for departures.
const CONSERVATION: Duration = Duration::from_mins(5);
/// Oldest token taken.
const AGE_MAX: TimeDelta = TimeDelta::minutes(10);

/// The signatures that are believed: never a secret shared with the provider, never none.
const SIGNATURES: [Jws; 8] = [
    Jws::RsaSsaPkcs1V15Sha256,
    Jws::RsaSsaPkcs1V15Sha384,
    Jws::RsaSsaPkcs1V15Sha512,
    Jws::RsaSsaPssSha256,
    Jws::RsaSsaPssSha384,
    Jws::RsaSsaPssSha512,
    Jws::EcdsaP256Sha256,
    Jws::EcdsaP384Sha384,
];

/// How sign-in goes through a provider.
#[derive(Clone)]
pub struct ReglagesOidc {
    /// Its name, on the button.
    pub nom: String,
    /// Its issuer identifier, under which it publishes its addresses.
    pub emetteur: String,
    /// Who we are for it.
    pub client: ClientOidc,
    /// What we ask besides `openid`.
    pub portees: Vec<String>,
    /// The claim that names the account.
    pub identifiant: String,
    /// The claim shown as its holder's name.
    pub nom_affiche: String,
    /// What claims give the right to see.
    pub regles: Vec<Regle>,
    /// The `acr` values that tell of a second factor.
    pub acr_forts: Vec<String>,
    /// The `amr` values that tell of a second factor.
    pub amr_forts: Vec<String>,
    /// Refuse who shows no second factor.
    pub exiger_forte: bool,
    /// How far the provider's clock may be from ours.
    pub ecart: Duration,
    /// The authorities of its certificate; none for the system's.
    pub autorites: Option<PathBuf>,
}

/// Who we are for a provider.
#[derive(Clone)]
pub struct ClientOidc {
    /// The client's identifier.
    pub identifiant: String,
    /// Its secret; none for a public client.
    pub secret: Option<String>,
}

/// Why a sign-in through the provider did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum OidcErreur {
    /// The settings cannot be used.
    #[error("oidc : {0}")]
    Reglage(String),
    /// The authorities cannot be read.
    #[error("oidc.autorites : {0}")]
    Autorites(#[from] pem::Error),
    /// The provider does not answer, or not as it should.
    #[error("le fournisseur d’identité ne répond pas comme attendu : {0}")]
    Fournisseur(String),
    /// The provider did not take the code.
    #[error("le fournisseur d’identité a refusé le code : {0}")]
    Code(String),
    /// The token is not to be believed.
    #[error("jeton d’identité refusé : {0}")]
    Jeton(String),
    /// A claim that must be there is missing.
    #[error("le jeton d’identité n’a pas de revendication « {0} » seule")]
    Revendication(String),
}

/// Someone whom the provider knows.
#[derive(Debug)]
pub(crate) struct Identite {
    /// Who, for ever: the issuer and its subject.
    pub(crate) sujet: String,
    /// The account's identifier.
    pub(crate) identifiant: String,
    /// Its holder's name.
    pub(crate) nom: String,
    /// A second factor was shown.
    pub(crate) forte: bool,
    /// What was said.
    pub(crate) dites: Revendications,
}

/// A provider that one may sign in through.
pub struct Oidc {
    reglages: ReglagesOidc,
    emetteur: IssuerUrl,
    retour: RedirectUrl,
    accueil: PostLogoutRedirectUrl,
    agent: ureq::Agent,
    connue: Mutex<Option<(Instant, Arc<ProviderMetadataWithLogout>)>>,
}

impl Oidc {
    /// A provider, for a server that browsers know by this address.
    ///
    /// # Errors
    /// An address is none, or the authorities cannot be read.
    pub fn new(reglages: ReglagesOidc, url_publique: &str) -> Result<Self, OidcErreur> {
        let faute = |faute: openidconnect::url::ParseError| OidcErreur::Reglage(faute.to_string());
        let emetteur = IssuerUrl::new(reglages.emetteur.clone()).map_err(faute)?;
        if !est_sure(emetteur.url()) {
            let faute = "l’émetteur s’écrit https://… (http sur cette machine seulement)";
            return Err(OidcErreur::Reglage(faute.to_owned()));
        }
        let base = url_publique.trim_end_matches('/');
        let retour = format!("{base}/api/v1/connexion/oidc/retour");
        Ok(Self {
            emetteur,
            retour: RedirectUrl::new(retour).map_err(faute)?,
            accueil: PostLogoutRedirectUrl::new(format!("{base}/")).map_err(faute)?,
            agent: http::client(reglages.autorites.as_deref())?,
            connue: Mutex::new(None),
            reglages,
        })
    }

    /// Its name, on the button.
    pub(crate) fn nom(&self) -> &str {
        &self.reglages.nom
    }

    /// What claims give the right to see.
    pub(crate) fn regles(&self) -> &[Regle] {
        &self.reglages.regles
    }

    /// Whether enough was shown of who it is.
    pub(crate) fn accepte(&self, identite: &Identite) -> bool {
        identite.forte || !self.reglages.exiger_forte
    }

    /// The address to send a browser to, and what to remember until it comes back.
    pub(crate) async fn demarrer(&self) -> Result<(Url, Demarrage), OidcErreur> {
        let publie = self.publie().await?;
        let (defi, verificateur) = PkceCodeChallenge::new_random_sha256();
        let client = CoreClient::from_provider_metadata(
            (*publie).clone(),
            ClientId::new(self.reglages.client.identifiant.clone()),
            None,
        )
        .set_redirect_uri(self.retour.clone());
        let mut demande = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .set_pkce_challenge(defi);
        for portee in &self.reglages.portees {
            demande = demande.add_scope(Scope::new(portee.clone()));
        }
        for acr in &self.reglages.acr_forts {
            demande = demande.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        let (adresse, etat, nonce) = demande.url();
        let demarrage = Demarrage {
            etat: etat.into_secret(),
            nonce: nonce.secret().clone(),
            verificateur: verificateur.into_secret(),
        };
        Ok((adresse, demarrage))
    }

    /// Exchanges the code that a browser came back with, and checks the token that comes for it.
    pub(crate) async fn revenir(
        &self,
        code: &str,
        demarrage: Demarrage,
        maintenant: frequent_plan::Instant,
    ) -> Result<Identite, OidcErreur> {
        // Keys may have changed since the departure.
        let publie = self.demander().await?;
        let client = &self.reglages.client;
        let client = CoreClient::from_provider_metadata(
            publie,
            ClientId::new(client.identifiant.clone()),
            client.secret.clone().map(ClientSecret::new),
        )
        .set_redirect_uri(self.retour.clone());
        let appel = |requete: HttpRequest| http::appeler(self.agent.clone(), requete);
        let jetons = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|faute| OidcErreur::Fournisseur(faute.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(demarrage.verificateur))
            .request_async(&appel)
            .await
            .map_err(|faute| OidcErreur::Code(faute.to_string()))?;
        let jeton = jetons
            .id_token()
            .ok_or_else(|| OidcErreur::Jeton("absent".to_owned()))?;
        let maintenant = DateTime::<Utc>::from_timestamp_millis(maintenant.0).unwrap_or_default();
        let ecart = TimeDelta::from_std(self.reglages.ecart).unwrap_or_default();
        let verification = client
            .id_token_verifier()
            .set_allowed_algs(SIGNATURES)
            .set_other_audience_verifier_fn(|_| false)
            .set_time_fn(move || maintenant - ecart)
            .set_issue_time_verifier_fn(move |emis| recent(emis, maintenant, ecart));
        let dit = jeton
            .claims(&verification, &Nonce::new(demarrage.nonce))
            .map_err(|faute| OidcErreur::Jeton(faute.to_string()))?;
        let sujet = format!("{}\n{}", self.emetteur.as_str(), dit.subject().as_str());
        let acr = dit.auth_context_ref().map(|acr| acr.as_str());
        let contexte_fort = acr.is_some_and(|acr| self.reglages.acr_forts.iter().any(|f| f == acr));
        let methode_forte = dit.auth_method_refs().is_some_and(|amr| {
            amr.iter()
                .any(|amr| self.reglages.amr_forts.iter().any(|f| f == amr.as_str()))
        });
        let dites = Revendications::de_json(&contenu(&jeton.to_string())?);
        let seule = |nom: &str| {
            let valeur = dites.seule(nom).map(str::to_owned);
            valeur.ok_or_else(|| OidcErreur::Revendication(nom.to_owned()))
        };
        let identifiant = seule(&self.reglages.identifiant)?;
        Ok(Identite {
            nom: seule(&self.reglages.nom_affiche).unwrap_or_else(|_| identifiant.clone()),
            identifiant,
            sujet,
            forte: contexte_fort || methode_forte,
            dites,
        })
    }

    /// Whether this is who the answer says that it comes from (RFC 9207); many say nothing.
    pub(crate) fn est_emetteur(&self, dit: Option<&str>) -> bool {
        dit.is_none_or(|dit| dit == self.emetteur.as_str())
    }

    /// Where to send a browser to sign out of the provider too, if it offers that.
    pub(crate) async fn fin(&self) -> Result<Option<Url>, OidcErreur> {
        let publie = self.publie().await?;
        let adresse = publie.additional_metadata().end_session_endpoint.clone();
        Ok(adresse.map(|adresse| {
            LogoutRequest::from(adresse)
                .set_client_id(ClientId::new(self.reglages.client.identifiant.clone()))
                .set_post_logout_redirect_uri(self.accueil.clone())
                .http_get_url()
        }))
    }

    /// What the provider publishes, as of a few minutes ago at most. One asks, the others wait.
    async fn publie(&self) -> Result<Arc<ProviderMetadataWithLogout>, OidcErreur> {
        let mut connue = self.connue.lock().await;
        if let Some((quand, publie)) = connue.as_ref()
            && quand.elapsed() < CONSERVATION
        {
            return Ok(Arc::clone(publie));
        }
        let publie = Arc::new(self.demander().await?);
        *connue = Some((Instant::now(), Arc::clone(&publie)));
        Ok(publie)
    }

    async fn demander(&self) -> Result<ProviderMetadataWithLogout, OidcErreur> {
        let appel = |requete: HttpRequest| http::appeler(self.agent.clone(), requete);
        ProviderMetadataWithLogout::discover_async(self.emetteur.clone(), &appel)
            .await
            .map_err(|faute| OidcErreur::Fournisseur(faute.to_string()))
    }
}

/// The claims of a token whose signature has been checked.
fn contenu(jeton: &str) -> Result<Map<String, Value>, OidcErreur> {
    let illisible = || OidcErreur::Jeton("illisible".to_owned());
    let milieu = jeton.split('.').nth(1).ok_or_else(illisible)?;
    let octets = BASE64_URL_SAFE_NO_PAD
        .decode(milieu)
        .map_err(|_| illisible())?;
    serde_json::from_slice(&octets).map_err(|_| illisible())
}

fn recent(emis: DateTime<Utc>, maintenant: DateTime<Utc>, ecart: TimeDelta) -> Result<(), String> {
    if emis > maintenant + ecart {
        Err("émis dans le futur".to_owned())
    } else if emis < maintenant - ecart - AGE_MAX {
        Err("émis il y a trop longtemps".to_owned())
    } else {
        Ok(())
    }
}

/// Only on this machine may a provider be spoken to in clear.
fn est_sure(adresse: &Url) -> bool {
    let ici = matches!(
        adresse.host_str(),
        Some("localhost" | "127.0.0.1" | "[::1]")
    );
    adresse.scheme() == "https" || (adresse.scheme() == "http" && ici)
}
