//! Identities kept elsewhere: who an identity provider says is there, and what that gives here.
//!
//! A provider proves who someone is; what that person may see follows from rules of the settings,
//! never wider than they say, and nothing follows from a value that no rule names.

mod annuaire_ldap;
mod attente;
mod http;
mod oidc;
mod regles;

pub use annuaire_ldap::{AnnuaireLdap, LdapErreur, ReglagesLdap};
pub(crate) use attente::{Attente, AttenteErreur, DUREE_S};
pub use oidc::{ClientOidc, Oidc, OidcErreur, ReglagesOidc};
pub use regles::{AttributionRefusee, Regle, RegleInvalide, Revendications};
