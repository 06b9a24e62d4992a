//! `/api/v1/incidents`: the register of incidents and series breaks, which marks the figures they
//! touch.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{get, put};
use axum::{Extension, Json, Router};
use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::{Annuaire, Perimetre};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Refus;
use super::administration::{corps, lire_ecoles, trace};
use super::conventions::voit_ecole;
use super::parametres::{Parametres, refus};
use crate::comptes::Droit;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::incidents::{Declaration, Incident, Nature, PorteeIncident};
use crate::porte::Appelant;

/// Which kind of schools are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GenrePortee {
    /// All of them.
    Toutes,
    /// Those that a convention gives to a platform.
    Plateforme,
    /// Those of a territory.
    Territoire,
    /// Some, named.
    Ecoles,
}

/// Which schools are concerned; only what goes with the kind is read.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PorteeEcrite {
    /// Which kind.
    pub genre: GenrePortee,
    /// The platform.
    #[serde(default)]
    pub plateforme: Option<String>,
    /// The territory's level.
    #[serde(default)]
    pub niveau: Option<String>,
    /// The territory's code.
    #[serde(default)]
    pub code: Option<String>,
    /// The schools, by UAI; of another's incident, those that the caller may see.
    #[serde(default)]
    pub ecoles: Vec<String>,
}

/// An incident or a series break to declare, or what one is changed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentEcrit {
    /// What happened.
    pub nature: Nature,
    /// In a few words.
    pub titre: String,
    /// In full.
    #[serde(default)]
    pub explication: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub du: Jour,
    /// Last day; null while it lasts, and for a series break.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub au: Option<Jour>,
    /// Which schools.
    pub portee: PorteeEcrite,
}

/// An incident or a series break.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentRendu {
    /// By which it is asked, and by which figures name it.
    pub id: String,
    /// What happened.
    pub nature: Nature,
    /// In a few words.
    pub titre: String,
    /// In full.
    pub explication: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub du: Jour,
    /// Last day; null while it lasts, and for a series break.
    #[schema(value_type = Option<String>, format = Date)]
    pub au: Option<Jour>,
    /// Which schools.
    pub portee: PorteeEcrite,
    /// The name of the territory whose schools are concerned, when they are a territory's.
    pub lieu: Option<String>,
    /// Who declared it.
    pub declare_par: String,
    /// When.
    #[schema(format = DateTime)]
    pub declare_le: String,
    /// Whether the caller may change it.
    pub modifiable: bool,
}

/// An incident or a series break, as the figures that it touches name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IncidentDit {
    /// By which the register has it.
    pub id: String,
    /// What happened.
    pub nature: Nature,
    /// In a few words.
    pub titre: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub du: Jour,
    /// Last day; null while it lasts, and for a series break.
    #[schema(value_type = Option<String>, format = Date)]
    pub au: Option<Jour>,
}

impl From<&Incident> for IncidentDit {
    fn from(incident: &Incident) -> Self {
        let Declaration {
            nature,
            titre,
            du,
            au,
            ..
        } = &incident.declaration;
        Self {
            id: incident.id.clone(),
            nature: *nature,
            titre: titre.clone(),
            du: *du,
            au: *au,
        }
    }
}

/// Incidents and series breaks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseIncidents {
    /// The first first.
    pub incidents: Vec<IncidentRendu>,
}

/// The register's routes.
pub(super) fn routes() -> Router<Arc<Etat>> {
    Router::new()
        .route("/api/v1/incidents", get(lister).post(declarer))
        .route("/api/v1/incidents/declares", get(declares))
        .route("/api/v1/incidents/{id}", put(modifier).delete(supprimer))
}

/// Those that touch a school of a territory and a day of a span.
#[utoipa::path(
    get,
    operation_id = "lister_incidents",
    path = "/api/v1/incidents",
    tag = "incidents",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("du" = String, Query, description = "Premier jour"),
        ("au" = String, Query, description = "Dernier jour")
    ),
    responses((status = 200, body = ReponseIncidents), Refus)
)]
pub async fn lister(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseIncidents>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code", "du", "au"])?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let (du, au) = (parametres.jour("du")?, parametres.jour("au")?);
    if au < du {
        return Err(refus("au", "précède « du ».").into());
    }
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, niveau, code)?;
    let registre = etat.conventions.registre();
    let contexte = (&*annuaire, registre.deploiement());
    let ecoles: Vec<Uai> = annuaire.ecoles_de(niveau, code).map(|e| e.uai).collect();
    let mut incidents = etat.incidents.entre(du, au).await?;
    incidents.retain(|incident| {
        let mut ecoles = ecoles.iter();
        ecoles.any(|uai| incident.touche_ecole(contexte, *uai, au))
    });
    Ok(Json(rendus(&annuaire, &appelant, incidents)))
}

/// Those that the caller may change.
#[utoipa::path(
    get,
    operation_id = "lister_incidents_declares",
    path = "/api/v1/incidents/declares",
    tag = "incidents",
    responses((status = 200, body = ReponseIncidents), Refus)
)]
pub async fn declares(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseIncidents>, Erreur> {
    let annuaire = etat.annuaire()?;
    let toujours = (Jour::de_epoque(i32::MIN), Jour::de_epoque(i32::MAX));
    let mut incidents = etat.incidents.entre(toujours.0, toujours.1).await?;
    incidents.retain(|i| exiger(&annuaire, &appelant, &i.declaration.portee).is_ok());
    Ok(Json(rendus(&annuaire, &appelant, incidents)))
}

/// Declares an incident or a series break: in schools inside the caller's perimeter, or on one of
/// its platforms.
#[utoipa::path(
    post,
    operation_id = "declarer_incident",
    path = "/api/v1/incidents",
    tag = "incidents",
    request_body = IncidentEcrit,
    responses((status = 201, body = IncidentRendu), Refus)
)]
pub async fn declarer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<IncidentEcrit>, JsonRejection>,
) -> Result<(StatusCode, Json<IncidentRendu>), Erreur> {
    appelant.exiger(Droit::Incidents)?;
    let annuaire = etat.annuaire()?;
    let declaration = lire(&etat, corps(recu)?)?;
    exiger(&annuaire, &appelant, &declaration.portee)?;
    let trace = trace(&etat, &appelant);
    let auteur = (appelant.compte(), etat.maintenant());
    let incident = etat.incidents.declarer(trace, auteur, declaration).await?;
    let rendu = rendu(&annuaire, &appelant, incident);
    Ok((StatusCode::CREATED, Json(rendu)))
}

/// Changes one that the caller could have declared.
#[utoipa::path(
    put,
    operation_id = "modifier_incident",
    path = "/api/v1/incidents/{id}",
    tag = "incidents",
    params(("id" = String, Path)),
    request_body = IncidentEcrit,
    responses((status = 200, body = IncidentRendu), Refus)
)]
pub async fn modifier(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
    recu: Result<Json<IncidentEcrit>, JsonRejection>,
) -> Result<Json<IncidentRendu>, Erreur> {
    appelant.exiger(Droit::Incidents)?;
    let annuaire = etat.annuaire()?;
    let ancien = modifiable(&etat, &appelant, &id).await?;
    let declaration = lire(&etat, corps(recu)?)?;
    exiger(&annuaire, &appelant, &declaration.portee)?;
    let trace = trace(&etat, &appelant);
    let incident = etat.incidents.modifier(trace, ancien, declaration).await?;
    Ok(Json(rendu(&annuaire, &appelant, incident)))
}

/// Takes one off the register.
#[utoipa::path(
    delete,
    operation_id = "supprimer_incident",
    path = "/api/v1/incidents/{id}",
    tag = "incidents",
    params(("id" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn supprimer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<StatusCode, Erreur> {
    appelant.exiger(Droit::Incidents)?;
    modifiable(&etat, &appelant, &id).await?;
    let trace = trace(&etat, &appelant);
    etat.incidents.supprimer(trace, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The one of this identifier, when the caller could have declared it. Any other is as if it did not
/// exist.
async fn modifiable(etat: &Etat, appelant: &Appelant, id: &str) -> Result<Incident, Erreur> {
    let ancien = etat.incidents.un(id).await?;
    let annuaire = etat.annuaire()?;
    exiger(&annuaire, appelant, &ancien.declaration.portee).map_err(|_| Erreur::SansObjet)?;
    Ok(ancien)
}

/// Whether the caller may declare something of these schools.
fn exiger(annuaire: &Annuaire, appelant: &Appelant, portee: &PorteeIncident) -> Result<(), Erreur> {
    appelant.exiger(Droit::Incidents)?;
    let droits = &appelant.compte().droits;
    let permis = match portee {
        PorteeIncident::Toutes => droits.voit_toute_plateforme(),
        PorteeIncident::Plateforme(plateforme) => appelant.voit_plateforme(plateforme),
        PorteeIncident::Territoire(niveau, code) => {
            let territoire = Perimetre::territoire(*niveau, code);
            droits.perimetre().inclut(annuaire, &territoire)
        }
        PorteeIncident::Ecoles(ecoles) => ecoles
            .iter()
            .all(|uai| voit_ecole(appelant, annuaire, *uai)),
    };
    match (permis, portee) {
        (true, _) => Ok(()),
        (false, PorteeIncident::Plateforme(_)) => Err(Erreur::PlateformeHorsPerimetre),
        (false, _) => Err(Erreur::HorsPerimetre),
    }
}

fn lire(etat: &Etat, ecrit: IncidentEcrit) -> Result<Declaration, Erreur> {
    let manque = |quoi: &str| Erreur::Valeur(format!("La portée demande {quoi}"));
    let portee = match ecrit.portee.genre {
        GenrePortee::Toutes => PorteeIncident::Toutes,
        GenrePortee::Plateforme => {
            let plateforme = ecrit.portee.plateforme.filter(|p| !p.trim().is_empty());
            PorteeIncident::Plateforme(plateforme.ok_or_else(|| manque("une plateforme"))?)
        }
        GenrePortee::Territoire => {
            let niveau = ecrit.portee.niveau.as_deref().and_then(Niveau::de_code);
            let niveau = niveau.ok_or_else(|| manque("un niveau de territoire"))?;
            let code = ecrit.portee.code.unwrap_or_default();
            if etat.annuaire()?.territoire(niveau, &code).is_none() {
                return Err(Erreur::TerritoireInconnu { niveau, code });
            }
            PorteeIncident::Territoire(niveau, code)
        }
        GenrePortee::Ecoles => {
            let ecoles = lire_ecoles(etat, &ecrit.portee.ecoles)?;
            PorteeIncident::Ecoles(ecoles.into_iter().collect())
        }
    };
    let declaration = Declaration {
        nature: ecrit.nature,
        titre: ecrit.titre,
        explication: ecrit.explication,
        du: ecrit.du,
        au: ecrit.au,
        portee,
    };
    Ok(declaration.verifiee()?)
}

fn rendus(annuaire: &Annuaire, appelant: &Appelant, incidents: Vec<Incident>) -> ReponseIncidents {
    let incidents = incidents.into_iter();
    ReponseIncidents {
        incidents: incidents.map(|i| rendu(annuaire, appelant, i)).collect(),
    }
}

fn rendu(annuaire: &Annuaire, appelant: &Appelant, incident: Incident) -> IncidentRendu {
    let modifiable = exiger(annuaire, appelant, &incident.declaration.portee).is_ok();
    let dit = incident.declaration;
    let mut portee = PorteeEcrite {
        genre: GenrePortee::Toutes,
        plateforme: None,
        niveau: None,
        code: None,
        ecoles: Vec::new(),
    };
    let mut lieu = None;
    match dit.portee {
        PorteeIncident::Toutes => {}
        PorteeIncident::Plateforme(plateforme) => {
            portee.genre = GenrePortee::Plateforme;
            portee.plateforme = Some(plateforme);
        }
        PorteeIncident::Territoire(niveau, code) => {
            let territoire = annuaire.territoire(niveau, &code);
            lieu = territoire.map(|t| t.nom.clone());
            portee.genre = GenrePortee::Territoire;
            portee.niveau = Some(niveau.code().to_owned());
            portee.code = Some(code);
        }
        PorteeIncident::Ecoles(ecoles) => {
            portee.genre = GenrePortee::Ecoles;
            let vues = ecoles
                .iter()
                .filter(|uai| voit_ecole(appelant, annuaire, **uai));
            portee.ecoles = vues.map(|uai| uai.as_str().to_owned()).collect();
        }
    }
    IncidentRendu {
        id: incident.id,
        nature: dit.nature,
        titre: dit.titre,
        explication: dit.explication,
        du: dit.du,
        au: dit.au,
        portee,
        lieu,
        declare_par: incident.declare_nom,
        declare_le: incident.declare_le.timestamp().to_string(),
        modifiable,
    }
}
