//! `GET /api/v1/integration`: what an integrator needs to connect her platforms: where to send, the
//! sites and the keys that may. Names and dates only: a key's secret is nowhere to be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use frequent_ingest::acces::{CleFournisseur, Site, Usage};
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// A site whose tags are known.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteRendu {
    /// Its number, that the XiTi tag sends in `s`.
    #[schema(example = 365_203)]
    pub numero: u32,
    /// The caller's platforms that its pages may name.
    pub plateformes: Vec<String>,
    /// The project of pages that name none.
    pub projet: String,
    /// The provider of pages that name none.
    pub exploitant: String,
    /// The key that its pages show to send with the tag of this server; public.
    pub cle_publique: String,
    /// The origins whose pages may send with it.
    pub origines: Vec<String>,
    /// `production`, or `essai`: judged, and never counted.
    #[schema(value_type = String)]
    pub usage: Usage,
}

/// A provider's key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct CleRendue {
    /// Its name.
    pub nom: String,
    /// The caller's platforms that it may send for.
    pub plateformes: Vec<String>,
    /// `production`, or `essai`: judged, and never counted.
    #[schema(value_type = String)]
    pub usage: Usage,
    /// When it was made.
    #[schema(format = DateTime)]
    pub creee_le: String,
    /// When it was revoked.
    #[schema(format = DateTime)]
    pub revoquee_le: Option<String>,
}

/// What an integrator needs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseIntegration {
    /// Where tags and providers send; null when it is the address of the console itself.
    #[schema(example = "https://ent.exemple.fr")]
    pub adresse_collecte: Option<String>,
    /// The caller's platforms.
    pub plateformes: Vec<String>,
    /// Sites of these platforms, by number.
    pub sites: Vec<SiteRendu>,
    /// Keys of these platforms, the oldest first, revoked ones included.
    pub cles: Vec<CleRendue>,
}

/// Sites and keys of the caller's platforms, and where they send.
#[utoipa::path(
    get,
    path = "/api/v1/integration",
    tag = "marquage",
    responses((status = 200, body = ReponseIntegration), Refus)
)]
pub async fn integration(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseIntegration>, Erreur> {
    if !appelant.voit_la_qualite() {
        return Err(Erreur::SansPlateforme);
    }
    let sites = etat.acces.lister_sites();
    let cles = etat.acces.lister_cles();
    Ok(Json(ReponseIntegration {
        adresse_collecte: etat.adresse_collecte.clone(),
        plateformes: appelant.plateformes(&etat.acces).into_iter().collect(),
        sites: sites
            .into_iter()
            .filter_map(|site| site_vu(&appelant, site))
            .collect(),
        cles: cles
            .into_iter()
            .filter_map(|cle| cle_vue(&appelant, cle))
            .collect(),
    }))
}

fn site_vu(appelant: &Appelant, site: Site) -> Option<SiteRendu> {
    let noms = site.autres_plateformes.into_iter().chain([site.plateforme]);
    Some(SiteRendu {
        numero: site.numero,
        plateformes: vues(appelant, noms)?,
        projet: site.projet,
        exploitant: site.exploitant,
        cle_publique: site.cle_publique,
        origines: site.origines.iter().map(ToString::to_string).collect(),
        usage: site.usage,
    })
}

fn cle_vue(appelant: &Appelant, cle: CleFournisseur) -> Option<CleRendue> {
    Some(CleRendue {
        nom: cle.nom,
        plateformes: vues(appelant, cle.plateformes)?,
        usage: cle.usage,
        creee_le: cle.creee_le.to_string(),
        revoquee_le: cle.revoquee_le.map(|date| date.to_string()),
    })
}

/// Those of these platforms that the caller sees, if there is one.
fn vues(appelant: &Appelant, noms: impl IntoIterator<Item = String>) -> Option<Vec<String>> {
    let vues: BTreeSet<String> = noms
        .into_iter()
        .filter(|nom| appelant.voit_plateforme(nom))
        .collect();
    (!vues.is_empty()).then(|| vues.into_iter().collect())
}
