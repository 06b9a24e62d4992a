//! `/api/v1/conventions`: reading, entering, renewing and ending conventions, and importing them.
//!
//! Who may write does so for conventions whose schools are all in the perimeter; who may read sees
//! of a convention the schools of the perimeter, and nothing of one that has none there.

mod droits;
mod saisie;
mod vues;

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use frequent_territory::conventions::{Cloture, Convention};

use super::Refus;
use super::administration::trace;
use crate::conventions::{Contexte, ConventionsErreur};
use crate::erreurs::{Erreur, ParametreInvalide};
use crate::etat::Etat;
use crate::porte::Appelant;

use droits::{est_permise, exiger_ecriture, exiger_lecture};
pub(super) use droits::{lit_les_conventions, voit_ecole};
use saisie::{DemandeImport, FinDemandee, Saisie, SaisieConvention};
pub(super) use vues::nom_autorite;
use vues::{FicheConvention, ReponseConventions, ReponseImport, Vue, nom_de_l_autorite};

/// Largest file of conventions: a row of 200 bytes for each school of the country.
const CORPS_MAX: usize = 16 << 20;

/// The routes.
pub(super) fn routes() -> Router<Arc<Etat>> {
    Router::new()
        .route("/api/v1/conventions", get(lister).post(creer))
        .route("/api/v1/conventions/import", post(importer))
        .route("/api/v1/conventions/{id}", get(lire).put(modifier))
        .route("/api/v1/conventions/{id}/reconduction", post(reconduire))
        .route(
            "/api/v1/conventions/{id}/fin",
            post(terminer).delete(annuler_fin),
        )
        .layer(DefaultBodyLimit::max(CORPS_MAX))
}

/// The conventions that have a school in the perimeter, by reference.
#[utoipa::path(
    get,
    operation_id = "lister_conventions",
    path = "/api/v1/conventions",
    tag = "conventions",
    responses((status = 200, body = ReponseConventions), Refus)
)]
pub async fn lister(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseConventions>, Erreur> {
    exiger_lecture(&appelant)?;
    let vue = Vue::de(&etat, &appelant)?;
    let registre = etat.conventions.registre();
    let conventions = registre.conventions().iter();
    Ok(Json(ReponseConventions {
        conventions: conventions.filter_map(|c| vue.resume(c)).collect(),
    }))
}

/// A convention, with its schools in the perimeter.
#[utoipa::path(
    get,
    operation_id = "lire_convention",
    path = "/api/v1/conventions/{id}",
    tag = "conventions",
    params(("id" = String, Path, description = "Référence de la convention")),
    responses((status = 200, body = FicheConvention), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<Json<FicheConvention>, Erreur> {
    exiger_lecture(&appelant)?;
    let registre = etat.conventions.registre();
    let convention = registre.convention(&id);
    let convention = convention.ok_or_else(|| ConventionsErreur::Inconnue(id.clone()))?;
    rendre(&etat, &appelant, convention)
}

/// Records a new convention.
#[utoipa::path(
    post,
    operation_id = "creer_convention",
    path = "/api/v1/conventions",
    tag = "conventions",
    request_body = SaisieConvention,
    responses((status = 200, body = FicheConvention), Refus)
)]
pub async fn creer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    corps: Result<Json<SaisieConvention>, JsonRejection>,
) -> Result<Json<FicheConvention>, Erreur> {
    exiger_ecriture(&appelant)?;
    let saisie = Saisie::lire(&lire_corps(corps)?)?;
    let convention = saisie.convention(&etat.conventions.registre())?;
    let (annuaires, permise) = (etat.annuaires(), est_permise(&etat, &appelant)?);
    let contexte = contexte(&etat, &appelant, &annuaires, &permise);
    etat.conventions
        .ajouter(contexte, convention.clone())
        .await?;
    rendre(&etat, &appelant, &convention)
}

/// Gives a convention other terms, days and schools. Its reference stays.
#[utoipa::path(
    put,
    operation_id = "modifier_convention",
    path = "/api/v1/conventions/{id}",
    tag = "conventions",
    params(("id" = String, Path, description = "Référence de la convention")),
    request_body = SaisieConvention,
    responses((status = 200, body = FicheConvention), Refus)
)]
pub async fn modifier(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
    corps: Result<Json<SaisieConvention>, JsonRejection>,
) -> Result<Json<FicheConvention>, Erreur> {
    exiger_ecriture(&appelant)?;
    let saisie = Saisie::lire(&lire_corps(corps)?)?;
    let (annuaires, permise) = (etat.annuaires(), est_permise(&etat, &appelant)?);
    let contexte = contexte(&etat, &appelant, &annuaires, &permise);
    let accord = (saisie.termes, saisie.duree);
    let modifiee = etat
        .conventions
        .modifier(contexte, &id, accord, saisie.ecoles, saisie.retirees)
        .await?;
    rendre(&etat, &appelant, &modifiee)
}

/// Renews a convention for a year.
#[utoipa::path(
    post,
    operation_id = "reconduire_convention",
    path = "/api/v1/conventions/{id}/reconduction",
    tag = "conventions",
    params(("id" = String, Path, description = "Référence de la convention")),
    responses((status = 200, body = FicheConvention), Refus)
)]
pub async fn reconduire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<Json<FicheConvention>, Erreur> {
    exiger_ecriture(&appelant)?;
    let (annuaires, permise) = (etat.annuaires(), est_permise(&etat, &appelant)?);
    let contexte = contexte(&etat, &appelant, &annuaires, &permise);
    let reconduite = etat.conventions.reconduire(contexte, &id).await?;
    rendre(&etat, &appelant, &reconduite)
}

/// Ends a convention. What its schools sent is destroyed within the delay that is set, 15 days at
/// most; until then the end can be undone.
#[utoipa::path(
    post,
    operation_id = "terminer_convention",
    path = "/api/v1/conventions/{id}/fin",
    tag = "conventions",
    params(("id" = String, Path, description = "Référence de la convention")),
    request_body = FinDemandee,
    responses((status = 200, body = FicheConvention), Refus)
)]
pub async fn terminer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
    corps: Result<Json<FinDemandee>, JsonRejection>,
) -> Result<Json<FicheConvention>, Erreur> {
    exiger_ecriture(&appelant)?;
    let fin = lire_corps(corps)?;
    let cumuls = saisie::sort_des_cumuls("cumuls", &fin.cumuls)?;
    let date = saisie::jour("date", &fin.date)?;
    let (annuaires, permise) = (etat.annuaires(), est_permise(&etat, &appelant)?);
    let contexte = contexte(&etat, &appelant, &annuaires, &permise);
    let cloture = Cloture { date, cumuls };
    let terminee = etat.conventions.terminer(contexte, &id, cloture).await?;
    rendre(&etat, &appelant, &terminee)
}

/// Undoes the end of a convention, as long as nothing was destroyed.
#[utoipa::path(
    delete,
    operation_id = "annuler_fin_de_convention",
    path = "/api/v1/conventions/{id}/fin",
    tag = "conventions",
    params(("id" = String, Path, description = "Référence de la convention")),
    responses((status = 200, body = FicheConvention), Refus)
)]
pub async fn annuler_fin(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<Json<FicheConvention>, Erreur> {
    exiger_ecriture(&appelant)?;
    let (annuaires, permise) = (etat.annuaires(), est_permise(&etat, &appelant)?);
    let contexte = contexte(&etat, &appelant, &annuaires, &permise);
    let rouverte = etat.conventions.annuler_fin(contexte, &id).await?;
    rendre(&etat, &appelant, &rouverte)
}

/// Imports a CSV file of conventions, one row a school: what can be used is recorded, the rest is
/// refused row by row. With `essai`, nothing is recorded.
#[utoipa::path(
    post,
    operation_id = "importer_conventions",
    path = "/api/v1/conventions/import",
    tag = "conventions",
    request_body = DemandeImport,
    responses((status = 200, body = ReponseImport), Refus)
)]
pub async fn importer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    corps: Result<Json<DemandeImport>, JsonRejection>,
) -> Result<Json<ReponseImport>, Erreur> {
    exiger_ecriture(&appelant)?;
    let demande = lire_corps(corps)?;
    let (annuaires, permise) = (etat.annuaires(), est_permise(&etat, &appelant)?);
    let contexte = contexte(&etat, &appelant, &annuaires, &permise);
    let octets = demande.csv.as_bytes();
    let lu = if demande.essai {
        etat.conventions.essayer_import(contexte, octets)
    } else {
        etat.conventions.importer(contexte, octets).await?
    };
    let lu = lu.map_err(|entete| ParametreInvalide {
        nom: "csv".to_owned(),
        raison: format!("{entete}."),
        valeurs: Vec::new(),
    })?;
    let annuaire = etat.annuaire()?;
    Ok(Json(ReponseImport::de(lu, |autorite| {
        nom_de_l_autorite(&annuaire, autorite)
    })))
}

fn contexte<'a>(
    etat: &'a Etat,
    appelant: &'a Appelant,
    annuaires: &'a frequent_territory::Annuaires,
    permise: &'a (dyn Fn(&Convention) -> bool + Sync),
) -> Contexte<'a> {
    Contexte {
        annuaires,
        permise,
        aujourdhui: etat.aujourdhui_a_paris(),
        trace: trace(etat, appelant),
    }
}

/// A convention that the caller sees something of; else it is as if it were not there.
fn rendre(
    etat: &Etat,
    appelant: &Appelant,
    convention: &Convention,
) -> Result<Json<FicheConvention>, Erreur> {
    let fiche = Vue::de(etat, appelant)?.fiche(convention);
    let inconnue = || ConventionsErreur::Inconnue(convention.reference().to_string());
    Ok(Json(fiche.ok_or_else(inconnue)?))
}

fn lire_corps<T>(corps: Result<Json<T>, JsonRejection>) -> Result<T, Erreur> {
    match corps {
        Ok(Json(lu)) => Ok(lu),
        Err(JsonRejection::MissingJsonContentType(_)) => Err(Erreur::TypeDeContenu),
        Err(JsonRejection::JsonSyntaxError(_)) => Err(Erreur::Corps("ce n’est pas du JSON")),
        Err(JsonRejection::JsonDataError(_)) => Err(Erreur::Corps(
            "un champ manque, est de trop ou n’est pas du type attendu",
        )),
        Err(_) => Err(Erreur::Corps("il est trop long ou interrompu")),
    }
}
