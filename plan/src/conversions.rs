//! A provider's own names for services, and what they mean in the marking plan.

use std::collections::BTreeMap;

use crate::vocabulaire::TypeService;

/// What a provider's name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversion {
    /// The code of the plan's service.
    pub service: String,
    /// Native or a third party's; none keeps what the event says.
    pub type_service: Option<TypeService>,
    /// The third party's tool; empty keeps what the event says.
    pub outil: String,
}

/// The conversions in force, by platform and name. A name is compared as it is written, spaces
/// around it left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversions(BTreeMap<String, BTreeMap<String, Conversion>>);

impl Conversions {
    /// What this name stands for on this platform, if it was said.
    #[must_use]
    pub fn chercher(&self, plateforme: &str, nom: &str) -> Option<&Conversion> {
        self.0.get(plateforme)?.get(nom)
    }

    /// Says what a name stands for on a platform, in place of what was said before.
    pub fn ajouter(&mut self, plateforme: &str, nom: &str, conversion: Conversion) {
        self.0
            .entry(plateforme.to_owned())
            .or_default()
            .insert(nom.to_owned(), conversion);
    }
}
