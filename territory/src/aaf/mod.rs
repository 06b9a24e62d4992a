//! AAF, the directory feed that an académie deposits for the ENTs of a perimeter: structures, and
//! persons by the hundred thousand.
//!
//! Two things are taken from it: the structures, which complete the open directory, and head counts
//! by school and profile. Of persons nothing is kept but keyed hashes of their joining identifiers,
//! by which changes find them again; no value of a persons file is ever shown, logged or put in an
//! error. An extraction is taken whole or not at all, but for records that cannot be used, which are
//! counted and located.

mod bordereau;
mod cle;
mod depot;
mod enregistrement;
mod erreur;
mod etat;
mod faute;
mod flux;
mod fusion;
mod importer;
mod lacune;
mod lecteur;
mod lecture;
mod nom;
mod personnes;
mod priorites;
mod rapport;
mod sftp;
mod sources;
mod structures;
mod tables;

pub use bordereau::{Bordereau, Ecart};
pub use depot::{Depot, Destruction, importer_et_detruire};
pub use enregistrement::{Enregistrement, Operation, Requete};
pub use erreur::{AafErreur, EntreeRefusee};
pub use faute::{Ecartes, Faute, Raison};
pub use fusion::Conflit;
pub use importer::{Reglages, extractions, importer};
pub use lacune::Lacune;
pub use lecteur::Lecteur;
pub use nom::{Categorie, Extraction, Genre, NomFichier};
pub use priorites::{Groupe, Priorites, Source};
pub use rapport::{Issue, Lu, Rapport};
pub use sftp::{Serveur, SftpErreur, oublier, relever};
pub use structures::{Jointures, Nature, Structure, Structures};

pub(crate) use fusion::{Apport, enrichir, lire_apports};

pub(crate) use cle::ouvrir as ouvrir_cle;
pub(crate) use etat::{Etat, ecrire, synchroniser};
pub(crate) use personnes::{Personnes, Vue, reference};
pub(crate) use tables::{colonne, ouvrir as ouvrir_table, reglages as reglages_table, textes};

#[cfg(test)]
mod essais;
