//! LDAP: a directory finds who signs in, and its bind checks the password.
//!
//! Over TLS (`ldaps://`, or StartTLS) except on this machine. What is typed only ever stands
//! escaped in a filter; an empty password, which directories take for no password at all, is
//! refused before anything is asked.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, Scope, SearchEntry, ldap_escape};
use openidconnect::url::Url;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

use super::regles::{Regle, Revendications};

/// Longest time to connect, and to each answer.
const DELAI: Duration = Duration::from_secs(5);
/// What stands for what is typed, in a filter.
const IDENTIFIANT: &str = "{identifiant}";
/// What stands for the entry found, in a filter of groups.
const DN: &str = "{dn}";
/// The claim that the groups found make.
const GROUPE: &str = "groupe";

/// How sign-in goes through a directory.
#[derive(Clone)]
pub struct ReglagesLdap {
    /// Its name, shown where one signs in.
    pub nom: String,
    /// Its address.
    pub url: String,
    /// Begin in clear, then ask for TLS.
    pub starttls: bool,
    /// The authorities of its certificate; none for the system's.
    pub autorites: Option<PathBuf>,
    /// Who asks, and their password; none asks as nobody.
    pub compte: Option<(String, String)>,
    /// Where people are.
    pub base: String,
    /// Who they are: `(uid={identifiant})`.
    pub filtre: String,
    /// The attribute that tells one entry from all others, for ever.
    pub sujet: String,
    /// The attribute that names the account.
    pub identifiant: String,
    /// The attribute shown as its holder's name.
    pub nom_affiche: String,
    /// Where groups are; empty when the entries' own attributes say enough.
    pub base_groupes: String,
    /// Which ones hold an entry: `(member={dn})`. Their `cn` make the claim `groupe`.
    pub filtre_groupes: String,
    /// What attributes give the right to see.
    pub regles: Vec<Regle>,
}

/// Why a sign-in through the directory did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum LdapErreur {
    /// The settings cannot be used.
    #[error("ldap : {0}")]
    Reglage(&'static str),
    /// The address is none.
    #[error("ldap.url : {0}")]
    Adresse(#[from] openidconnect::url::ParseError),
    /// The authorities cannot be read.
    #[error("ldap.autorites : {0}")]
    Autorites(#[from] pem::Error),
    /// TLS cannot be set up.
    #[error("ldap, TLS : {0}")]
    Tls(#[from] rustls::Error),
    /// The directory does not answer, or refuses who asks.
    #[error("annuaire LDAP : {0}")]
    Annuaire(#[from] LdapError),
    /// Nobody of that name, or another password; which one is not said.
    #[error("identifiant ou mot de passe incorrect")]
    Identifiants,
}

/// Someone whom the directory knows.
#[derive(Debug)]
pub(crate) struct Fiche {
    /// Who, for ever.
    pub(crate) sujet: String,
    /// The account's identifier.
    pub(crate) identifiant: String,
    /// Its holder's name.
    pub(crate) nom: String,
    /// What the entry and its groups say.
    pub(crate) dites: Revendications,
}

/// A directory that one may sign in through.
pub struct AnnuaireLdap {
    reglages: ReglagesLdap,
    tls: Arc<ClientConfig>,
}

impl AnnuaireLdap {
    /// A directory.
    ///
    /// # Errors
    /// The address, the filters or the authorities cannot be used.
    pub fn new(reglages: ReglagesLdap) -> Result<Self, LdapErreur> {
        let adresse = Url::parse(&reglages.url)?;
        let ici = matches!(
            adresse.host_str(),
            Some("localhost" | "127.0.0.1" | "[::1]")
        );
        match adresse.scheme() {
            "ldaps" if reglages.starttls => {
                return Err(LdapErreur::Reglage("starttls va avec ldap://"));
            }
            "ldaps" => {}
            "ldap" if reglages.starttls || ici => {}
            _ => {
                return Err(LdapErreur::Reglage(
                    "url : ldaps://…, ou ldap://… et starttls",
                ));
            }
        }
        if !reglages.filtre.contains(IDENTIFIANT) {
            return Err(LdapErreur::Reglage("filtre : il contient {identifiant}"));
        }
        if !reglages.base_groupes.is_empty() && !reglages.filtre_groupes.contains(DN) {
            return Err(LdapErreur::Reglage("filtre_groupes : il contient {dn}"));
        }
        let mut racines = RootCertStore::empty();
        let ders: Vec<CertificateDer<'static>> = match &reglages.autorites {
            Some(fichier) => CertificateDer::pem_file_iter(fichier)?.collect::<Result<_, _>>()?,
            None => rustls_native_certs::load_native_certs().certs,
        };
        racines.add_parsable_certificates(ders);
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(racines)
            .with_no_client_auth();
        Ok(Self {
            reglages,
            tls: Arc::new(tls),
        })
    }

    /// Its name, shown where one signs in.
    pub(crate) fn nom(&self) -> &str {
        &self.reglages.nom
    }

    /// What attributes give the right to see.
    pub(crate) fn regles(&self) -> &[Regle] {
        &self.reglages.regles
    }

    /// Finds who has this identifier, and checks their password.
    pub(crate) async fn verifier(
        &self,
        identifiant: &str,
        mot_de_passe: &str,
    ) -> Result<Fiche, LdapErreur> {
        if mot_de_passe.is_empty() || identifiant.is_empty() {
            return Err(LdapErreur::Identifiants);
        }
        let mut ldap = self.connexion().await?;
        if let Some((compte, mot_de_passe)) = &self.reglages.compte {
            borne(&mut ldap)
                .simple_bind(compte, mot_de_passe)
                .await?
                .success()?;
        }
        let entree = self.chercher(&mut ldap, identifiant).await?;
        let groupes = self.groupes(&mut ldap, &entree.dn).await?;
        // Another connection: this one stays who asks.
        let mut personne = self.connexion().await?;
        let essai = borne(&mut personne)
            .simple_bind(&entree.dn, mot_de_passe)
            .await?;
        // Both are only being polite: nothing more is asked of either.
        let _ = personne.unbind().await;
        let _ = ldap.unbind().await;
        match essai.rc {
            0 => {}
            // invalidCredentials, and what directories answer of a locked or empty account.
            48 | 49 | 50 | 53 => return Err(LdapErreur::Identifiants),
            _ => return Err(LdapErreur::Annuaire(essai.into())),
        }
        let mut dites: Vec<(String, Vec<String>)> = entree.attrs.into_iter().collect();
        dites.push((GROUPE.to_owned(), groupes));
        let dites: Revendications = dites.into_iter().collect();
        let seule = |nom: &str| dites.seule(nom).map(str::to_owned);
        let identifiant = seule(&self.reglages.identifiant).ok_or(LdapErreur::Identifiants)?;
        Ok(Fiche {
            sujet: seule(&self.reglages.sujet).ok_or(LdapErreur::Identifiants)?,
            nom: seule(&self.reglages.nom_affiche).unwrap_or_else(|| identifiant.clone()),
            identifiant,
            dites,
        })
    }

    async fn connexion(&self) -> Result<Ldap, LdapErreur> {
        let reglages = LdapConnSettings::new()
            .set_conn_timeout(DELAI)
            .set_starttls(self.reglages.starttls)
            .set_config(Arc::clone(&self.tls));
        let (connexion, ldap) = LdapConnAsync::with_settings(reglages, &self.reglages.url).await?;
        // Ends with its handle; what breaks it is told to who waits for an answer.
        tokio::spawn(async move { drop(connexion.drive().await) });
        Ok(ldap)
    }

    /// The one entry of this identifier: none or several are nobody.
    async fn chercher(
        &self,
        ldap: &mut Ldap,
        identifiant: &str,
    ) -> Result<SearchEntry, LdapErreur> {
        let filtre = self
            .reglages
            .filtre
            .replace(IDENTIFIANT, &ldap_escape(identifiant));
        // All of the entry’s own attributes, and two that directories only give when asked.
        let attributs = ["*", "memberOf", self.reglages.sujet.as_str()];
        let (mut trouvees, _) = borne(ldap)
            .search(&self.reglages.base, Scope::Subtree, &filtre, attributs)
            .await?
            .success()?;
        match (trouvees.pop(), trouvees.is_empty()) {
            (Some(seule), true) => Ok(SearchEntry::construct(seule)),
            _ => Err(LdapErreur::Identifiants),
        }
    }

    async fn groupes(&self, ldap: &mut Ldap, dn: &str) -> Result<Vec<String>, LdapErreur> {
        let base = &self.reglages.base_groupes;
        if base.is_empty() {
            return Ok(Vec::new());
        }
        let filtre = self.reglages.filtre_groupes.replace(DN, &ldap_escape(dn));
        let (trouves, _) = borne(ldap)
            .search(base, Scope::Subtree, &filtre, ["cn"])
            .await?
            .success()?;
        let noms = trouves
            .into_iter()
            .filter_map(|groupe| SearchEntry::construct(groupe).attrs.remove("cn"));
        Ok(noms.flatten().collect())
    }
}

/// The next question, for a time.
fn borne(ldap: &mut Ldap) -> &mut Ldap {
    ldap.with_timeout(DELAI)
}
