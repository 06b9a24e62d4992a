//! `/api/v1/perimetres`: named perimeters inside the caller's.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use frequent_territory::Perimetre;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Refus;
use super::administration::{corps, inscrire, lire_ecoles, lire_perimetres, perimetre_administre};
use crate::audit::Action;
use crate::comptes::{Droit, PerimetreNomme, verifier_perimetre};
use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::porte::Appelant;

/// A perimeter to make, or what one is changed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PerimetreEcrit {
    /// What it is called.
    pub nom: String,
    /// The perimeter inside which it is; only when it is made.
    #[serde(default)]
    pub parent: Option<String>,
    /// Its territories: `niveau:code`.
    #[serde(default)]
    pub territoires: Vec<String>,
    /// Its schools, by UAI.
    #[serde(default)]
    pub ecoles: Vec<String>,
}

/// A named perimeter.
#[derive(Debug, Serialize, ToSchema)]
pub struct PerimetreRendu {
    /// By which it is asked: `ensemble:<id>`.
    pub id: String,
    /// What it is called.
    pub nom: String,
    /// The perimeter inside which it was made.
    pub parent: Option<String>,
    /// Its territories: `niveau:code`.
    pub territoires: Vec<String>,
    /// Its schools, by UAI.
    pub ecoles: Vec<String>,
}

/// Named perimeters.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponsePerimetres {
    /// By name.
    pub perimetres: Vec<PerimetreRendu>,
}

impl From<PerimetreNomme> for PerimetreRendu {
    fn from(nomme: PerimetreNomme) -> Self {
        let territoires = nomme.perimetre.territoires().iter();
        let ecoles = nomme.perimetre.ecoles().iter();
        Self {
            territoires: territoires.map(|(n, code)| format!("{n}:{code}")).collect(),
            ecoles: ecoles.map(|uai| uai.as_str().to_owned()).collect(),
            id: nomme.id,
            nom: nomme.nom,
            parent: nomme.parent,
        }
    }
}

/// What is written, when it is inside the caller's perimeter and that of its parent.
async fn lire_ecrit(
    etat: &Etat,
    appelant: &Appelant,
    ecrit: &PerimetreEcrit,
    parent: Option<&str>,
) -> Result<Perimetre, Erreur> {
    let (mut perimetre, ensembles) = lire_perimetres(etat, &ecrit.territoires).await?;
    if !ensembles.is_empty() {
        return Err(Erreur::Valeur(
            "Un périmètre contient des territoires et des écoles, pas d’autres périmètres"
                .to_owned(),
        ));
    }
    perimetre.joindre(Perimetre::new([], lire_ecoles(etat, &ecrit.ecoles)?));
    let annuaire = etat.annuaire()?;
    verifier_perimetre(&annuaire, &appelant.compte().droits, &perimetre)?;
    if let Some(parent) = parent {
        let parent = perimetre_administre(etat, appelant, parent).await?;
        if !parent.perimetre.inclut(&annuaire, &perimetre) {
            return Err(Erreur::Conflit(
                "Ce périmètre dépasserait celui dans lequel il est".to_owned(),
            ));
        }
    }
    Ok(perimetre)
}

/// The named perimeters inside the caller's, and those it was given.
#[utoipa::path(
    get,
    operation_id = "lister_perimetres",
    path = "/api/v1/perimetres",
    tag = "administration",
    responses((status = 200, body = ReponsePerimetres), Refus)
)]
pub async fn lister(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponsePerimetres>, Erreur> {
    let annuaire = etat.annuaire()?;
    let vu = appelant.compte().droits.perimetre();
    let tous = etat.comptes.perimetres().await?;
    let siens = tous
        .into_iter()
        .filter(|nomme| vu.inclut(&annuaire, &nomme.perimetre));
    Ok(Json(ReponsePerimetres {
        perimetres: siens.map(PerimetreRendu::from).collect(),
    }))
}

/// Makes a perimeter inside the caller's.
#[utoipa::path(
    post,
    operation_id = "creer_perimetre",
    path = "/api/v1/perimetres",
    tag = "administration",
    request_body = PerimetreEcrit,
    responses((status = 201, body = PerimetreRendu), Refus)
)]
pub async fn creer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<PerimetreEcrit>, JsonRejection>,
) -> Result<(StatusCode, Json<PerimetreRendu>), Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let ecrit = corps(recu)?;
    let parent = ecrit.parent.as_deref();
    let perimetre = lire_ecrit(&etat, &appelant, &ecrit, parent).await?;
    let auteur = Some(appelant.compte().identifiant.as_str());
    let nomme = etat
        .comptes
        .creer_perimetre(&ecrit.nom, parent, perimetre, auteur)
        .await?;
    let detail = json!({"cree": nomme.nom, "ecoles": nomme.perimetre.ecoles().len()});
    inscrire(&etat, &appelant, Action::Perimetre, &nomme.id, detail).await?;
    Ok((StatusCode::CREATED, Json(nomme.into())))
}

/// A named perimeter inside the caller's.
#[utoipa::path(
    get,
    operation_id = "lire_perimetre",
    path = "/api/v1/perimetres/{id}",
    tag = "administration",
    params(("id" = String, Path)),
    responses((status = 200, body = PerimetreRendu), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<Json<PerimetreRendu>, Erreur> {
    let nomme = etat.comptes.perimetre(&id).await?;
    let nomme = nomme.ok_or(Erreur::SansObjet)?;
    let vu = appelant.compte().droits.perimetre();
    if !vu.inclut(&*etat.annuaire()?, &nomme.perimetre) {
        return Err(Erreur::SansObjet);
    }
    Ok(Json(nomme.into()))
}

/// Changes a perimeter, inside the caller's and its parent's, around those inside it. One that the
/// caller sees by is not the caller's to change.
#[utoipa::path(
    put,
    operation_id = "modifier_perimetre",
    path = "/api/v1/perimetres/{id}",
    tag = "administration",
    params(("id" = String, Path)),
    request_body = PerimetreEcrit,
    responses(
        (status = 200, body = PerimetreRendu),
        (status = 409, description = "Dépasse le périmètre parent, ou laisse dehors un périmètre qui est dedans", body = Probleme, content_type = "application/problem+json"),
        Refus
    )
)]
pub async fn modifier(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
    recu: Result<Json<PerimetreEcrit>, JsonRejection>,
) -> Result<Json<PerimetreRendu>, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let ecrit = corps(recu)?;
    let ancien = modifiable(&etat, &appelant, &id).await?;
    let perimetre = lire_ecrit(&etat, &appelant, &ecrit, ancien.parent.as_deref()).await?;
    let annuaire = etat.annuaire()?;
    let tous = etat.comptes.perimetres().await?;
    let mut dedans = tous.iter().filter(|p| p.parent.as_deref() == Some(&id));
    if dedans.any(|enfant| !perimetre.inclut(&annuaire, &enfant.perimetre)) {
        return Err(Erreur::Conflit(
            "Un périmètre qui est dans celui-ci en sortirait".to_owned(),
        ));
    }
    let nombre = perimetre.ecoles().len();
    etat.comptes
        .modifier_perimetre(&id, &ecrit.nom, perimetre)
        .await?;
    let detail = json!({"modifie": ecrit.nom, "ecoles": nombre});
    inscrire(&etat, &appelant, Action::Perimetre, &id, detail).await?;
    lire(State(etat), Extension(appelant), Path(id)).await
}

/// Deletes a perimeter that nothing uses.
#[utoipa::path(
    delete,
    operation_id = "supprimer_perimetre",
    path = "/api/v1/perimetres/{id}",
    tag = "administration",
    params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 409, description = "Encore utilisé", body = Probleme, content_type = "application/problem+json"),
        Refus
    )
)]
pub async fn supprimer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<StatusCode, Erreur> {
    appelant.exiger(Droit::Comptes)?;
    let ancien = modifiable(&etat, &appelant, &id).await?;
    etat.comptes.supprimer_perimetre(&id).await?;
    let detail = json!({"supprime": ancien.nom});
    inscrire(&etat, &appelant, Action::Perimetre, &id, detail).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn modifiable(etat: &Etat, appelant: &Appelant, id: &str) -> Result<PerimetreNomme, Erreur> {
    let siens = appelant.compte().droits.ensembles();
    if siens.iter().any(|ensemble| ensemble.id == id) {
        return Err(Erreur::DroitManquant);
    }
    perimetre_administre(etat, appelant, id).await
}
