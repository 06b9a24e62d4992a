//! The reader of the directory feed, compiled from its own sources.

// Read apart from what imports them, some of it is used by nobody.
#![allow(dead_code)]

#[path = "../territory/src/aaf/bordereau.rs"]
mod bordereau;
#[path = "../territory/src/aaf/enregistrement.rs"]
mod enregistrement;
#[path = "../territory/src/aaf/faute.rs"]
mod faute;
#[path = "../territory/src/aaf/flux.rs"]
mod flux;
#[path = "../territory/src/aaf/lecteur.rs"]
mod lecteur;
#[path = "../territory/src/aaf/nom.rs"]
mod nom;

pub use bordereau::Bordereau;
pub use enregistrement::{Operation, Requete};
pub use faute::{Faute, Raison};
pub use lecteur::Lecteur;
pub use nom::NomFichier;
