//! The reports that people receive: the steering committee's and the weekly letter.
//!
//! A report begins as [`Donnees`]: figures that have left the gate already, so that a masked one is
//! a blank here and nowhere a number. A template makes a [`Document`] of it (headings, sentences,
//! tables, charts), which two writers put in HTML and in tagged PDF: both say the same thing.

mod document;
mod donnees;
mod francais;
mod graphique;
mod html;
mod modeles;
mod pdf;
mod texte;

pub use document::{Bloc, Chiffre, Document, Graphique, Serie, Tableau};
pub use donnees::{
    AnneeEnCours, Comparee, Deploiement, Donnees, Duree, EcoleASuivre, Etendue, Lieu, LigneEcole,
    LigneProfil, LigneService, Participation, Valeur,
};
pub use francais::jour_et_mois;
pub use html::{FEUILLE, HtmlErreur, html};
pub use modeles::{Modele, composer};
pub use pdf::{PdfErreur, pdf};
pub use texte::texte;
