//! The gate on persons' identifiers: what looks like a person, or like something that anyone can
//! turn back into one. An identifier is looked at and forgotten: only counts by kind are kept, so
//! that a provider learns what to change. Events are accepted all the same, since pseudonyms are
//! made from any identifier.

mod croisement;
mod decodage;
mod forme;

pub(crate) use croisement::Croisement;

/// What is suspected of an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Soupcon {
    /// An e-mail address.
    Courriel,
    /// A national pupil number (INE).
    Ine,
    /// A telephone number.
    Telephone,
    /// A person's name.
    Nom,
    /// A code that anyone can turn back: hexadecimal, base64, or characters written as numbers.
    Decodable,
}

impl Soupcon {
    /// What is wrong and what to do, in a sentence for an integrator.
    #[must_use]
    pub const fn conseil(self) -> &'static str {
        match self {
            Self::Courriel => {
                "l’identifiant contient une adresse électronique : envoyez un pseudonyme propre à \
                 la plateforme, sans lien avec la personne"
            }
            Self::Ine => {
                "l’identifiant a la forme d’un INE : envoyez un pseudonyme propre à la plateforme, \
                 jamais un numéro national"
            }
            Self::Telephone => {
                "l’identifiant a la forme d’un numéro de téléphone : envoyez un pseudonyme propre \
                 à la plateforme"
            }
            Self::Nom => {
                "l’identifiant ressemble à un nom de personne : envoyez un pseudonyme propre à la \
                 plateforme"
            }
            Self::Decodable => {
                "l’identifiant est un codage que chacun peut relire (caractères écrits en nombres, \
                 hexadécimal ou base64) : ce n’est pas un pseudonyme"
            }
        }
    }
}

/// What is suspected of this identifier; nothing for what reads as random or as a plain number.
#[must_use]
pub fn examiner(identifiant: &str) -> Option<Soupcon> {
    let identifiant = identifiant.trim();
    forme::reconnaitre(identifiant)
        .or_else(|| decodage::se_relit(identifiant).then_some(Soupcon::Decodable))
}

#[cfg(test)]
#[path = "identifiants_tests.rs"]
mod tests;
