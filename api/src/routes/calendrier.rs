//! `GET /api/v1/calendrier`: a school year in a territory: its holidays, what was measured.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{AnneeScolaire, Grain, Jour, Niveau, Vacances, Zone};
use frequent_territory::Annuaire;
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use super::parametres::Parametres;
use super::territoires::zone;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// A span of holidays.
#[derive(Debug, Serialize, ToSchema)]
pub struct VacancesRendues {
    /// The name as published.
    pub nom: String,
    /// First day off.
    #[schema(value_type = String, format = Date)]
    pub premier_jour: Jour,
    /// Last day off.
    #[schema(value_type = String, format = Date)]
    pub dernier_jour: Jour,
}

/// A school year in a territory.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseCalendrier {
    /// `2026-2027`.
    #[schema(value_type = String)]
    pub annee: AnneeScolaire,
    /// 1 August.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// 31 July.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
    /// The holiday zone, when the territory has exactly one.
    #[schema(value_type = Option<String>)]
    pub zone: Option<Zone>,
    /// The holidays of that zone that touch the year, in order.
    pub vacances: Vec<VacancesRendues>,
    /// The calendar day it is there.
    #[schema(value_type = String, format = Date)]
    pub aujourdhui: Jour,
    /// First day of the year with figures at this level.
    #[schema(value_type = Option<String>, format = Date)]
    pub premier_jour_mesure: Option<Jour>,
    /// Last day of the year with figures at this level.
    #[schema(value_type = Option<String>, format = Date)]
    pub dernier_jour_mesure: Option<Jour>,
}

/// A school year in a territory: holidays, today, days measured.
#[utoipa::path(
    get,
    path = "/api/v1/calendrier",
    tag = "calendrier",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("annee" = String, Query, description = "Année scolaire, par exemple 2026-2027")
    ),
    responses((status = 200, body = ReponseCalendrier), Refus)
)]
pub async fn calendrier(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseCalendrier>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code", "annee"])?;
    let (niveau, code) = (
        parametres.niveau("niveau")?,
        parametres.obligatoire("code")?,
    );
    let annee = parametres.annee()?;
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, niveau, code)?;
    Ok(Json(dresser(&etat, (&annuaire, niveau, code), annee)?))
}

/// A school year in a territory that the caller may see.
pub(super) fn dresser(
    etat: &Etat,
    (annuaire, niveau, code): (&Annuaire, Niveau, &str),
    annee: AnneeScolaire,
) -> Result<ReponseCalendrier, Erreur> {
    let (debut, fin) = (annee.debut(), annee.fin());
    let zone = zone(annuaire, niveau, code);
    let vacances = zone
        .into_iter()
        .flat_map(|z| etat.calendrier.entre(z, debut, fin));
    let mesures = etat.lecteur.debuts(niveau, Grain::Jour)?;
    let mut mesures = mesures.into_iter().filter(|j| (debut..=fin).contains(j));
    let premier_jour_mesure = mesures.next();
    Ok(ReponseCalendrier {
        annee,
        debut,
        fin,
        zone,
        vacances: vacances.map(rendues).collect(),
        aujourdhui: etat.aujourdhui(annuaire, niveau, code),
        dernier_jour_mesure: mesures.next_back().or(premier_jour_mesure),
        premier_jour_mesure,
    })
}

fn rendues(vacances: &Vacances) -> VacancesRendues {
    VacancesRendues {
        nom: vacances.nom.clone(),
        premier_jour: vacances.premier_jour,
        dernier_jour: vacances.dernier_jour,
    }
}
