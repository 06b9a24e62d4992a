//! `GET /api/v1/certificats`: the certificates of destruction of the caller's schools.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use frequent_plan::{Niveau, Uai};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Refus;
use crate::comptes::Droit;
use crate::conservation::{Certificat, CertificatSigne, certificats};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// A destruction that was certified.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificatRendu {
    /// Its identifier.
    pub id: String,
    /// When it was finished, in UTC.
    pub instant: String,
    /// What was destroyed, in words.
    pub quoi: String,
    /// By which rule.
    pub regle: String,
    /// Rows destroyed.
    pub lignes: u64,
    /// The certificate and its signature, as kept.
    #[schema(value_type = Object)]
    pub signe: Value,
}

/// The certificates.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseCertificats {
    /// The oldest first.
    pub certificats: Vec<CertificatRendu>,
}

/// The destructions all of whose schools are in the caller's perimeter.
#[utoipa::path(
    get,
    operation_id = "lire_certificats",
    path = "/api/v1/certificats",
    tag = "administration",
    responses((status = 200, body = ReponseCertificats), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseCertificats>, Erreur> {
    appelant.exiger(Droit::ConventionsLecture)?;
    let annuaire = etat.annuaire()?;
    let lac = etat.lac.clone();
    let interne = |faute: String| Erreur::Interne(faute);
    let tous = tokio::task::spawn_blocking(move || certificats(&lac))
        .await
        .map_err(|faute| interne(faute.to_string()))?
        .map_err(|faute| interne(faute.to_string()))?;
    let mut rendus = Vec::new();
    for signe in tous {
        let certificat: Certificat = serde_json::from_value(signe.certificat.clone())
            .map_err(|faute| interne(faute.to_string()))?;
        let voit = |uai: &Uai| appelant.voit(&annuaire, Niveau::Ecole, uai.as_str());
        if certificat.ecoles.iter().all(voit) {
            rendus.push(rendre(&certificat, &signe)?);
        }
    }
    Ok(Json(ReponseCertificats {
        certificats: rendus,
    }))
}

fn rendre(certificat: &Certificat, signe: &CertificatSigne) -> Result<CertificatRendu, Erreur> {
    let ecoles: Vec<String> = certificat.ecoles.iter().map(Uai::to_string).collect();
    Ok(CertificatRendu {
        id: certificat.id.clone(),
        instant: certificat.fait_a.clone(),
        quoi: format!(
            "{} jusqu’au {} ({})",
            ecoles.join(", "),
            certificat.au,
            certificat.motif
        ),
        regle: certificat.regle.clone(),
        lignes: certificat.lignes.values().sum(),
        signe: serde_json::to_value(signe).map_err(|faute| Erreur::Interne(faute.to_string()))?,
    })
}
