//! `GET /api/v1/plan`: the vocabularies and what the figures mean.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use frequent_plan::plan::Contenu;
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use crate::definitions::{self, Definitions};
use crate::etat::Etat;

/// The marking plan and the definitions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponsePlan {
    /// The vocabularies.
    #[serde(flatten)]
    #[schema(value_type = VocabulairesDoc)]
    pub contenu: Contenu,
    /// What each notion means, in French.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// The vocabularies of the marking plan.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes a type of another crate to readers of the document"
)]
pub struct VocabulairesDoc {
    /// The plan's version.
    version: String,
    /// Profiles.
    profils: Vec<MembreDoc>,
    /// Service types.
    types: Vec<MembreDoc>,
    /// Devices.
    appareils: Vec<MembreDoc>,
    /// Operating systems.
    os: Vec<MembreDoc>,
    /// Browsers.
    navigateurs: Vec<MembreDoc>,
    /// Duration classes.
    tranches: Vec<MembreDoc>,
    /// Themes of services.
    themes: Vec<MembreDoc>,
    /// Services.
    services: Vec<ServiceDoc>,
}

/// A member of a vocabulary.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes a type of another crate to readers of the document"
)]
pub struct MembreDoc {
    /// As stored.
    code: String,
    /// As shown.
    libelle: String,
}

/// A service of the plan.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes a type of another crate to readers of the document"
)]
pub struct ServiceDoc {
    /// As stored.
    code: String,
    /// The code of its theme.
    theme: String,
    /// As shown.
    libelle: String,
}

/// The marking plan's vocabularies and the definitions of the figures.
#[utoipa::path(
    get,
    path = "/api/v1/plan",
    tag = "plan",
    responses((status = 200, body = ReponsePlan), Refus)
)]
pub async fn plan(State(etat): State<Arc<Etat>>) -> Json<ReponsePlan> {
    Json(ReponsePlan {
        contenu: etat.plan.contenu().clone(),
        definitions: definitions::toutes(),
    })
}
