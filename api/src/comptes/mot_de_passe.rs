//! Passwords: the policy, and argon2id away from the threads that answer requests.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::ComptesErreur;

/// Fewest characters of a password.
pub const LONGUEUR_MIN: usize = 12;
/// Longest password, in bytes: no holder needs more, and hashing must stay bounded.
const LONGUEUR_MAX: usize = 1_024;

/// Passwords hashed at the same time: each takes 19 MiB and a whole core.
const SIMULTANES: usize = 2;

/// A password as typed. It is never shown, even in debug output.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct MotDePasse(String);

impl MotDePasse {
    /// A password as typed.
    #[must_use]
    pub fn new(texte: impl Into<String>) -> Self {
        Self(texte.into())
    }
}

impl fmt::Debug for MotDePasse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MotDePasse(…)")
    }
}

/// A password that the policy refuses. Length is the whole policy: composition rules make people
/// choose worse ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "un mot de passe compte au moins {LONGUEUR_MIN} caractères (et au plus {LONGUEUR_MAX} octets)"
)]
pub struct MotDePasseFaible;

/// Hashes and checks passwords, a few at a time.
pub(super) struct Hachoir {
    argon2: Argon2<'static>,
    /// The hash of a password nobody has: checking against it takes an unknown account as long as
    /// a known one.
    leurre: String,
    places: Arc<Semaphore>,
}

impl Hachoir {
    /// With the parameters that OWASP recommends for argon2id: 19 MiB, 2 passes, 1 lane.
    pub(super) fn new() -> Result<Self, ComptesErreur> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
        let mut inconnu = [0_u8; 32];
        getrandom::fill(&mut inconnu).map_err(ComptesErreur::Alea)?;
        Ok(Self {
            leurre: hacher(&argon2, &inconnu)?,
            argon2,
            places: Arc::new(Semaphore::new(SIMULTANES)),
        })
    }

    /// The PHC string of a password that follows the policy.
    pub(super) async fn hacher(&self, mot_de_passe: MotDePasse) -> Result<String, ComptesErreur> {
        let suffit = mot_de_passe.0.chars().count() >= LONGUEUR_MIN;
        if !suffit || mot_de_passe.0.len() > LONGUEUR_MAX {
            return Err(MotDePasseFaible.into());
        }
        let argon2 = self.argon2.clone();
        self.a_part(move || hacher(&argon2, mot_de_passe.0.as_bytes()))
            .await?
    }

    /// Whether this is the password of this hash; without a hash (no such account), no, after the
    /// same work.
    pub(super) async fn verifier(
        &self,
        mot_de_passe: MotDePasse,
        hache: Option<String>,
    ) -> Result<bool, ComptesErreur> {
        let argon2 = self.argon2.clone();
        let connu = hache.is_some();
        let hache = hache.unwrap_or_else(|| self.leurre.clone());
        self.a_part(move || {
            let attendu = PasswordHash::new(&hache).map_err(faute)?;
            let juste = mot_de_passe.0.len() <= LONGUEUR_MAX
                && argon2
                    .verify_password(mot_de_passe.0.as_bytes(), &attendu)
                    .is_ok();
            Ok(juste && connu)
        })
        .await?
    }

    /// Runs the work on a thread of its own, a few at a time.
    async fn a_part<T: Send + 'static>(
        &self,
        travail: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ComptesErreur> {
        // The place goes with the work: a request given up by its sender still holds it until done.
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(faute)?;
        tokio::task::spawn_blocking(move || {
            let _place = place;
            travail()
        })
        .await
        .map_err(faute)
    }
}

fn hacher(argon2: &Argon2<'_>, mot_de_passe: &[u8]) -> Result<String, ComptesErreur> {
    let hache = argon2.hash_password(mot_de_passe).map_err(faute)?;
    Ok(hache.to_string())
}

fn faute(erreur: impl fmt::Display) -> ComptesErreur {
    ComptesErreur::Hachage(erreur.to_string())
}
