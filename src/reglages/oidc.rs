//! Settings of the identity provider.

use std::path::PathBuf;
use std::time::Duration;

use frequent_api::identites::{ClientOidc, Oidc, OidcErreur, ReglagesOidc, Regle};
use serde::{Deserialize, Serialize};

use super::secret::{Secret, SecretIllisible};

/// Signing in through an OpenID Connect provider.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FournisseurIdentite {
    /// Its issuer identifier; empty for none.
    pub emetteur: String,
    /// Its name, on the button.
    pub nom: String,
    /// Our identifier for it.
    pub client: String,
    /// Our secret for it.
    pub secret: Secret,
    /// A file that holds the secret alone.
    pub secret_fichier: String,
    /// What is asked besides `openid`.
    pub portees: Vec<String>,
    /// The claim that names the account.
    pub identifiant: String,
    /// The claim shown as its holder's name.
    pub nom_affiche: String,
    /// What claims give the right to see.
    pub regles: Vec<String>,
    /// The `acr` values that tell of a second factor.
    pub acr_forts: Vec<String>,
    /// The `amr` values that tell of a second factor.
    pub amr_forts: Vec<String>,
    /// Refuse who shows no second factor.
    pub exiger_forte: bool,
    /// How far its clock may be from ours, in seconds.
    pub ecart_s: u32,
    /// The authorities of its certificate, in PEM; empty for the system's.
    pub autorites: String,
}

/// Why the identity provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FournisseurInvalide {
    /// The file of the secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretIllisible),
    /// The rest.
    #[error(transparent)]
    Oidc(#[from] OidcErreur),
}

impl FournisseurIdentite {
    /// Adds what is wrong with the values to the faults.
    pub(super) fn verifier(&self, url_publique: &str, fautes: &mut Vec<String>) {
        if self.emetteur.is_empty() {
            return;
        }
        let mut exiger = |tenu: bool, faute: &str| {
            if !tenu {
                fautes.push(faute.to_owned());
            }
        };
        exiger(
            !url_publique.is_empty(),
            "serveur.url_publique : à remplir, le fournisseur d’identité y renvoie",
        );
        exiger(!self.client.is_empty(), "oidc.client : à remplir");
        exiger(
            self.secret.0.is_empty() || self.secret_fichier.is_empty(),
            "oidc.secret, oidc.secret_fichier : l’un ou l’autre",
        );
        exiger(self.ecart_s <= 300, "oidc.ecart_s : 300 secondes au plus");
        exiger(!self.regles.is_empty(), "oidc.regles : une au moins");
        exiger(
            !(self.exiger_forte && self.acr_forts.is_empty() && self.amr_forts.is_empty()),
            "oidc.exiger_forte : remplir acr_forts ou amr_forts",
        );
        for regle in &self.regles {
            if let Err(faute) = regle.parse::<Regle>() {
                fautes.push(format!("oidc.regles : {faute}"));
            }
        }
    }

    /// The provider, when there is one.
    ///
    /// # Errors
    /// The file of the secret or of the authorities cannot be read, or an address is none.
    pub fn ouvrir(&self, url_publique: &str) -> Result<Option<Oidc>, FournisseurInvalide> {
        if self.emetteur.is_empty() {
            return Ok(None);
        }
        let regles = self.regles.iter().map(|regle| regle.parse::<Regle>());
        let regles: Result<Vec<Regle>, _> = regles.collect();
        let reglages = ReglagesOidc {
            nom: self.nom.clone(),
            emetteur: self.emetteur.clone(),
            client: ClientOidc {
                identifiant: self.client.clone(),
                secret: self.secret()?,
            },
            portees: self.portees.clone(),
            identifiant: self.identifiant.clone(),
            nom_affiche: self.nom_affiche.clone(),
            regles: regles.map_err(|faute| OidcErreur::Reglage(faute.to_string()))?,
            acr_forts: self.acr_forts.clone(),
            amr_forts: self.amr_forts.clone(),
            exiger_forte: self.exiger_forte,
            ecart: Duration::from_secs(self.ecart_s.into()),
            autorites: (!self.autorites.is_empty()).then(|| PathBuf::from(&self.autorites)),
        };
        Ok(Some(Oidc::new(reglages, url_publique)?))
    }

    fn secret(&self) -> Result<Option<String>, SecretIllisible> {
        let secret = self
            .secret
            .ou_fichier("oidc.secret_fichier", &self.secret_fichier)?;
        let secret = secret.trim_end_matches(['\r', '\n']);
        Ok((!secret.is_empty()).then(|| secret.to_owned()))
    }
}
