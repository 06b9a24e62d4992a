//! Native events, server to server or in files: JSON objects, one a line, in an array, or alone; or
//! CSV.
//!
//! A body is cut into its events first ([`Decoupe`]), then each is read by itself ([`Ligne::relire`]): a
//! line that cannot be read costs that line only. In an array, a broken element costs that element
//! as long as its braces and quotes are closed; past an element that never closes nothing can be
//! told apart, so it is refused and what came before is kept.

mod csv;
mod decoupe;
mod ligne;

pub use csv::{EnTete, EnTeteInvalide};
pub use decoupe::{Decoupe, Disposition};
pub(crate) use ligne::nom_montrable;
pub use ligne::{CHAMPS, Ligne};
