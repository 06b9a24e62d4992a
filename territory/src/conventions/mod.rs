//! Conventions: which authority opens the ENT of which schools, with which provider, from when to
//! when and at what price; and, from all of them, which schools are deployed on a day.
//!
//! Nothing here is stored nor read from a disk: a [`Convention`] that exists is a right one, a CSV
//! file becomes conventions and refusals named line by line, and [`Deploiement`] answers from
//! memory.

mod convention;
mod deploiement;
mod destruction;
pub mod import;
mod intervalle;
mod participation;
mod retrait;
mod textes;
mod verification;

pub use convention::{
    Autorite, Cloture, CodeCommune, Convention, FauteConvention, Inscription, Reconduction,
    SortCumuls, Termes,
};
pub use deploiement::{Deploiement, EnVigueur};
pub use destruction::{ADetruire, DELAI_DESTRUCTION_MAX};
pub use intervalle::Intervalle;
pub use participation::{Participation, participations};
pub use retrait::Retrait;
pub use textes::{
    Libelle, LibelleInvalide, Montant, MontantInvalide, Reference, ReferenceInvalide, Siret,
    SiretInvalide,
};
pub use verification::{Obstacle, obstacles};

#[cfg(test)]
#[path = "essais.rs"]
mod essais;
