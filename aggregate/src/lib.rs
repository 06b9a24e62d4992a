//! The counting core: from accepted events to visits, presence and cells, for days, then weeks,
//! months and school years, at every level.
//!
//! Definitions are those of `docs/definitions.md`, each restated where it is applied: counting once in
//! `unicite`, visits and axes in `visites`, users in `recoupement`, territories in `agregation`.
//!
//! # The way of a day
//! `lecture` (files to rows of 48 bytes, by range of schools) → `unicite` (counted once) →
//! `visites` (sorted, cut, counted: one presence row a person) → `ouvrage` (users, territories,
//! files) → `publication` (in place at once).
//!
//! A longer period ([`agreger`]) merges the presence and sums the cells of its days, in `fusion`,
//! and goes through the same `ouvrage`. Nothing here speaks SQL: sorting rows of one school's range
//! in cache and cutting them in one pass beats what a general engine does with window functions and
//! distinct counts by more than three to one in time and memory (`docs/decisions/0401`).
//!
//! Who reads the results finds the current file of a folder with [`publication::fichier_courant`].

mod agregation;
mod colonnes;
mod comptes;
pub mod conservation;
mod contenu;
mod demande;
mod ecriture;
mod erreur;
mod etiquettes;
mod fusion;
pub mod integrite;
pub mod invariants;
mod journee;
mod lecture;
mod ligne;
mod lot;
mod membres;
pub mod mesures;
mod ouvrage;
mod parallele;
mod presence;
pub mod publication;
mod recoupement;
pub mod reference;
mod relecture;
mod seaux;
mod territoires;
mod triee;
mod unicite;
pub mod verification;
mod visites;

pub use agregation::{agreger, agreger_avec};
pub use comptes::Mesures;
pub use contenu::Contenu;
pub use demande::{Bilan, Choix, Reglages, SansSuivi, Suivi};
pub use erreur::Erreur;
pub use visites::ECART_MS;
