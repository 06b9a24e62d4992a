//! The HTTP query API.
pub mod comptes;
