//! Local accounts: who may sign in, and what each may see.
//!
//! They are kept in the instance's database ([`crate::base`]): an account created or a password
//! changed is on disk when the call returns. Passwords are kept as argon2id hashes only, session
//! tokens as their SHA-256 only: reading the database gives no way in.

mod appareils;
mod codes;
mod delegation;
mod droits;
mod externes;
mod fiches;
mod invitations;
mod jetons;
mod mot_de_passe;
mod perimetres;
mod roles;
mod sessions;
mod tentatives;

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use frequent_plan::hexadecimal::hexadecimal;
use frequent_plan::{Horloge, Lac};
use sha2::{Digest, Sha256};

use crate::base::Base;
use crate::sceau::{Sceau, SceauErreur};

pub use appareils::AppareilConnu;
pub use codes::{CodeRefuse, Inscription};
pub use delegation::{DelegationRefusee, verifier_delegation, verifier_perimetre};
pub use droits::{Droits, DroitsInvalides, Perimetre, PerimetreInvalide};
pub(crate) use externes::Externe;
pub use invitations::{Avancement, DUREE_INVITATION, Invitation};
pub use jetons::{DemandeJeton, JetonApi, JetonNeuf, JetonReconnu, Portee};
pub use mot_de_passe::{LONGUEUR_MIN, MotDePasse, MotDePasseFaible};
pub use perimetres::PerimetreNomme;
pub use roles::{Droit, Role, RoleInvalide};
pub use sessions::{
    Connexion, ConnexionRefusee, DemandeConnexion, Jeton, Moyen, ReglagesSessions, Session,
    SessionOuverte,
};
pub use tentatives::{Provenance, ReglagesTentatives};

use mot_de_passe::Hachoir;
use tentatives::Tentatives;

/// Longest identifier or name of an account, in characters.
const LIBELLE_MAX: usize = 100;

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compte {
    /// What its holder types to sign in; lower case.
    pub identifiant: String,
    /// The holder's name or function, shown in the console.
    pub nom: String,
    /// What the account may see.
    pub droits: Droits,
}

/// What an operation on accounts can fail on.
#[derive(Debug, thiserror::Error)]
pub enum ComptesErreur {
    /// The identifier has no acceptable form.
    #[error(
        "l’identifiant « {0} » ne convient pas : 1 à 100 lettres sans accent, chiffres, points, tirets, _ ou @"
    )]
    Identifiant(String),
    /// The name is empty or too long.
    #[error("le nom d’un compte compte de 1 à 100 caractères")]
    Nom,
    /// The password does not follow the policy.
    #[error(transparent)]
    MotDePasse(#[from] MotDePasseFaible),
    /// The identifier is taken.
    #[error("un compte « {0} » existe déjà")]
    Existe(String),
    /// No account has this identifier.
    #[error("il n’y a pas de compte « {0} »")]
    Inconnu(String),
    /// A stored account cannot be understood: the file was altered.
    #[error("le compte « {0} » est illisible dans la base des comptes")]
    Illisible(String),
    /// The password could not be hashed.
    #[error("le mot de passe n’a pas pu être protégé : {0}")]
    Hachage(String),
    /// A one-time code's secret or picture could not be made.
    #[error("le code à usage unique n’a pas pu être préparé : {0}")]
    Codes(String),
    /// The machine gave no random bytes.
    #[error("la machine n’a pas donné d’octets aléatoires : {0}")]
    Alea(getrandom::Error),
    /// No named perimeter has this identifier.
    #[error("il n’y a pas de périmètre « {0} »")]
    PerimetreInconnu(String),
    /// A perimeter that accounts see, or that has others inside it.
    #[error("le périmètre « {0} » sert encore : des comptes le voient, ou d’autres sont dedans")]
    PerimetreUtilise(String),
    /// A perimeter of nothing, or of too many.
    #[error("un périmètre contient de 1 à 20 000 territoires ou écoles")]
    PerimetreVide,
    /// An invitation, a session or a token that is not, or no longer.
    #[error("ce lien, cette session ou ce jeton n’existe pas, ou plus")]
    SansObjet,
    /// A token asked for longer than may be.
    #[error("un jeton expire au plus tard au bout d’un an")]
    Echeance,
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Sceau(#[from] SceauErreur),
    /// The database refused.
    #[error("base des comptes : {0}")]
    Base(#[from] sqlx::Error),
}

/// How accounts and sessions behave.
#[derive(Debug, Clone, Default)]
pub struct ReglagesComptes {
    /// How long sessions last.
    pub sessions: ReglagesSessions,
    /// How many sign-ins may be tried.
    pub tentatives: ReglagesTentatives,
    /// The roles that must sign in with a one-time code.
    pub roles_avec_code: BTreeSet<Role>,
    /// The proxies whose word is taken for the address of a client.
    pub mandataires: Vec<IpAddr>,
}

/// The accounts.
pub struct Comptes {
    base: Base,
    horloge: Arc<dyn Horloge>,
    hachoir: Hachoir,
    tentatives: Tentatives,
    sceau: Sceau,
    reglages: ReglagesComptes,
}

impl Comptes {
    /// The accounts of a database, with the secret of the data folder's instance.
    ///
    /// # Errors
    /// The machine gives no random bytes, or the instance's secret cannot be read or made.
    pub fn new(
        base: Base,
        lac: &Lac,
        horloge: Arc<dyn Horloge>,
        reglages: ReglagesComptes,
    ) -> Result<Self, ComptesErreur> {
        Ok(Self {
            base,
            tentatives: Tentatives::new(&reglages.tentatives, &horloge),
            hachoir: Hachoir::new()?,
            sceau: Sceau::ouvrir(lac)?,
            horloge,
            reglages,
        })
    }

    /// Whether accounts of this role must sign in with a one-time code.
    #[must_use]
    pub fn exige_code(&self, role: Role) -> bool {
        role.exige_code(&self.reglages.roles_avec_code)
    }

    /// The proxies whose word is taken for the address of a client.
    #[must_use]
    pub fn mandataires(&self) -> &[IpAddr] {
        &self.reglages.mandataires
    }
}

/// 128 random bits in hexadecimal: by which something is asked, not a secret.
pub(crate) fn numero_neuf() -> Result<String, ComptesErreur> {
    let mut alea = [0; 16];
    getrandom::fill(&mut alea).map_err(ComptesErreur::Alea)?;
    Ok(hexadecimal(&alea))
}

/// 256 random bits in hexadecimal: a secret, of which only the digest is kept.
fn secret_neuf() -> Result<String, ComptesErreur> {
    let mut alea = [0; 32];
    getrandom::fill(&mut alea).map_err(ComptesErreur::Alea)?;
    Ok(hexadecimal(&alea))
}

/// What is kept of a secret. It has 256 bits of randomness: no salt is needed, and looking up a
/// digest tells an attacker nothing by its timing.
fn empreinte(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

fn normaliser(identifiant: &str) -> String {
    identifiant.trim().to_lowercase()
}

fn identifiant_valide(identifiant: &str) -> Result<String, ComptesErreur> {
    let normalise = normaliser(identifiant);
    let convient = (1..=LIBELLE_MAX).contains(&normalise.len())
        && normalise
            .bytes()
            .all(|o| o.is_ascii_alphanumeric() || b"._-@".contains(&o));
    if convient {
        Ok(normalise)
    } else {
        Err(ComptesErreur::Identifiant(normalise))
    }
}

fn nom_valide(nom: &str) -> Result<String, ComptesErreur> {
    let nom = nom.trim();
    let convient =
        (1..=LIBELLE_MAX).contains(&nom.chars().count()) && !nom.chars().any(char::is_control);
    convient.then(|| nom.to_owned()).ok_or(ComptesErreur::Nom)
}

#[cfg(test)]
#[path = "comptes_tests.rs"]
mod tests;
