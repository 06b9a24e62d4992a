//! Devices already known: what a browser shows of a sign-in that succeeded there, so that others who
//! try the account cannot shut its holder out (see [`super::tentatives`]). It opens nothing by
//! itself.

use std::time::Duration;

use subtle::ConstantTimeEq;

use super::{Comptes, ComptesErreur, numero_neuf};
use frequent_plan::hexadecimal::hexadecimal;

const USAGE: &str = "appareil";
/// How long a device stays known after a sign-in.
const DUREE: Duration = Duration::from_hours(180 * 24);

/// `<number>.<expiry>.<signature>`: nothing in it names anyone.
#[derive(Clone, PartialEq, Eq)]
pub struct AppareilConnu(String);

impl AppareilConnu {
    /// What a cookie gave.
    #[must_use]
    pub fn lu(texte: &str) -> Self {
        Self(texte.to_owned())
    }

    /// What to put in the cookie.
    #[must_use]
    pub fn texte(&self) -> &str {
        &self.0
    }

    /// How long the cookie is kept.
    #[must_use]
    pub const fn duree() -> Duration {
        DUREE
    }
}

impl std::fmt::Debug for AppareilConnu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AppareilConnu(…)")
    }
}

impl Comptes {
    /// What a device shows from now on to be known for this account.
    pub(super) fn reconnaitre_appareil(
        &self,
        identifiant: &str,
    ) -> Result<AppareilConnu, ComptesErreur> {
        let numero = numero_neuf()?;
        let duree = i64::try_from(DUREE.as_millis()).unwrap_or(i64::MAX);
        let echeance = self.horloge.maintenant().0.saturating_add(duree);
        let signature = self.signature_d_appareil(identifiant, &numero, echeance);
        Ok(AppareilConnu(format!("{numero}.{echeance}.{signature}")))
    }

    /// The number of the device, if it is known for this account.
    pub(super) fn appareil_connu(
        &self,
        identifiant: &str,
        appareil: &AppareilConnu,
    ) -> Option<String> {
        let mut parties = appareil.0.split('.');
        let (numero, echeance) = (parties.next()?, parties.next()?.parse().ok()?);
        let signature = parties.next().filter(|_| parties.next().is_none())?;
        let attendue = self.signature_d_appareil(identifiant, numero, echeance);
        let juste: bool = attendue.as_bytes().ct_eq(signature.as_bytes()).into();
        (juste && self.horloge.maintenant().0 < echeance).then(|| numero.to_owned())
    }

    fn signature_d_appareil(&self, identifiant: &str, numero: &str, echeance: i64) -> String {
        let texte = format!("{numero}.{echeance}.{identifiant}");
        hexadecimal(&self.sceau.signer(USAGE, texte.as_bytes()))
    }
}
