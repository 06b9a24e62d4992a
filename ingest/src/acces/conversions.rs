//! The providers' own names for services, platform by platform, as the deployment converts them.
//!
//! The file keeps the versions applied one after the other: the last is in force, and undoing goes
//! back to the one before.

use std::sync::Arc;

use frequent_plan::{Conversion, Conversions, Instant, TypeService};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cles::{demande, verifier_libelle};
use super::{Acces, AccesErreur};

/// How many versions of a platform's conversions are kept.
const VERSIONS_MAX: usize = 10;

/// A name of a provider's and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NomConverti {
    /// The provider's name.
    pub nom: String,
    /// The code of the plan's service.
    pub service: String,
    /// `NATIF` or `TIERS`; empty keeps what the event says.
    #[serde(default, rename = "type", skip_serializing_if = "String::is_empty")]
    pub type_service: String,
    /// The third party's tool; empty keeps what the event says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub outil: String,
}

/// The names of a platform that were put in force together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionConversions {
    /// When they were.
    pub appliquee_le: Timestamp,
    /// The names, sorted.
    #[serde(default)]
    pub noms: Vec<NomConverti>,
}

/// A platform and the versions of its conversions, the last one in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionsPlateforme {
    /// The platform.
    pub plateforme: String,
    /// The versions, oldest first.
    pub versions: Vec<VersionConversions>,
}

impl ConversionsPlateforme {
    /// The names in force.
    #[must_use]
    pub fn noms(&self) -> &[NomConverti] {
        self.versions.last().map_or(&[], |version| &version.noms)
    }
}

/// The file: one table a platform.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fichier {
    #[serde(default)]
    plateformes: Vec<ConversionsPlateforme>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Fichier", into = "Fichier")]
pub(super) struct TableConversions {
    plateformes: Vec<ConversionsPlateforme>,
    /// As the file was read: a table being changed is written, then read again.
    en_vigueur: Conversions,
}

impl From<Fichier> for TableConversions {
    fn from(fichier: Fichier) -> Self {
        let mut en_vigueur = Conversions::default();
        for plateforme in &fichier.plateformes {
            for nom in plateforme.noms() {
                en_vigueur.ajouter(&plateforme.plateforme, &nom.nom, nom.conversion());
            }
        }
        Self {
            plateformes: fichier.plateformes,
            en_vigueur,
        }
    }
}

impl From<TableConversions> for Fichier {
    fn from(table: TableConversions) -> Self {
        Self {
            plateformes: table.plateformes,
        }
    }
}

impl NomConverti {
    /// What the name stands for.
    #[must_use]
    pub fn conversion(&self) -> Conversion {
        Conversion {
            service: self.service.clone(),
            type_service: TypeService::de_code(&self.type_service),
            outil: self.outil.clone(),
        }
    }
}

/// The conversions in force, shared: looking one up copies nothing.
#[derive(Debug, Clone)]
pub struct ConversionsConnues(Arc<TableConversions>);

impl ConversionsConnues {
    /// The conversions that a check needs.
    #[must_use]
    pub fn en_vigueur(&self) -> &Conversions {
        &self.0.en_vigueur
    }

    /// The names in force on a platform.
    pub(crate) fn noms(&self, plateforme: &str) -> &[NomConverti] {
        let mut connues = self.0.plateformes.iter();
        let connue = connues.find(|p| p.plateforme == plateforme);
        connue.map_or(&[], ConversionsPlateforme::noms)
    }
}

impl Acces {
    /// The conversions in force.
    #[must_use]
    pub fn conversions(&self) -> ConversionsConnues {
        ConversionsConnues(self.conversions.courant())
    }

    /// Every platform that had conversions, and their versions.
    #[must_use]
    pub fn lister_conversions(&self) -> Vec<ConversionsPlateforme> {
        self.conversions.courant().plateformes.clone()
    }

    /// The names in force on a platform.
    #[must_use]
    pub fn noms_convertis(&self, plateforme: &str) -> Vec<NomConverti> {
        let table = self.conversions.courant();
        let connue = table
            .plateformes
            .iter()
            .find(|p| p.plateforme == plateforme);
        connue.map(|p| p.noms().to_vec()).unwrap_or_default()
    }

    /// Puts these names in force on a platform, in place of all that were.
    ///
    /// # Errors
    /// The platform's name cannot be used, or the disk refuses.
    pub fn appliquer_conversions(
        &self,
        plateforme: &str,
        mut noms: Vec<NomConverti>,
        maintenant: Instant,
    ) -> Result<(), AccesErreur> {
        verifier_libelle("plateforme", plateforme)?;
        noms.sort_by(|a, b| a.nom.cmp(&b.nom));
        let version = VersionConversions {
            appliquee_le: maintenant.timestamp(),
            noms,
        };
        self.conversions.modifier(|table| {
            let place = table
                .plateformes
                .iter()
                .position(|p| p.plateforme == plateforme);
            let place = place.unwrap_or_else(|| {
                table.plateformes.push(ConversionsPlateforme {
                    plateforme: plateforme.to_owned(),
                    versions: Vec::new(),
                });
                table.plateformes.len() - 1
            });
            let versions = &mut table.plateformes[place].versions;
            versions.push(version);
            let trop = versions.len().saturating_sub(VERSIONS_MAX);
            versions.drain(..trop);
            Ok(())
        })
    }

    /// Goes back to the names in force before the last ones; to none when there were no others.
    /// Gives the names now in force.
    ///
    /// # Errors
    /// The platform has no conversions, or the disk refuses.
    pub fn annuler_conversions(&self, plateforme: &str) -> Result<Vec<NomConverti>, AccesErreur> {
        self.conversions.modifier(|table| {
            let connue = table
                .plateformes
                .iter_mut()
                .find(|p| p.plateforme == plateforme);
            let connue = connue.ok_or_else(|| {
                demande(&format!(
                    "la plateforme « {plateforme} » n’a aucune conversion à annuler"
                ))
            })?;
            connue.versions.pop();
            let noms = connue.noms().to_vec();
            table.plateformes.retain(|p| !p.versions.is_empty());
            Ok(noms)
        })
    }
}

#[cfg(test)]
#[path = "conversions_tests.rs"]
mod tests;
