//! `GET /api/v1/deploiement/courbe`: month by month, how many schools of a territory have an ENT,
//! how many of them were visited, and how many never were.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{Grain, Jour, Niveau, Periode, Uai};
use frequent_territory::conventions::Deploiement;
use serde::Serialize;
use utoipa::ToSchema;

use super::Lieu;
use crate::definitions::{self, Definitions};
use crate::donnees::MoisVisites;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant};
use crate::routes::Refus;
use crate::routes::parametres::Parametres;

/// The months shown.
const MOIS: usize = 24;
/// The longest history read, in months: conventions older than that are a date mistyped.
const HISTOIRE_MAX: usize = 120;

/// Deployed schools on the first of a month, and what they did with their ENT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PointMois {
    /// The first of the month.
    #[schema(value_type = String, format = Date)]
    pub jour: Jour,
    /// Schools under a convention on that day.
    pub deployees: usize,
    /// Those of them visited in the month; null where nothing was measured.
    pub visitees: Option<usize>,
    /// Those of them not visited once from the month in which they came under a convention to this
    /// one; null where nothing was measured.
    pub jamais_visitees: Option<usize>,
}

/// The deployment of a territory, month by month.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseCourbe {
    /// Its level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// The last months since the first convention, up to now; none while there is no convention.
    pub mois: Vec<PointMois>,
    /// What they mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// How the deployment of a territory grew, and whether visits followed.
#[utoipa::path(
    get,
    operation_id = "courbe_deploiement",
    path = "/api/v1/deploiement/courbe",
    tag = "conventions",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire")
    ),
    responses((status = 200, body = ReponseCourbe), Refus)
)]
pub async fn courbe(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseCourbe>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code"])?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, niveau, code)?;
    let registre = etat.conventions.registre();
    let aujourdhui = etat.aujourdhui(&annuaire, niveau, code);
    let lieu = Lieu::new((&annuaire, niveau, code), &appelant, &registre, aujourdhui);
    let mois = mois(&lieu);
    let ecoles = match (mois.first(), mois.last()) {
        (Some(premier), Some(dernier)) => lieu.deployees((premier.debut(), dernier.fin())),
        _ => Vec::new(),
    };
    let ecoles: Vec<Uai> = ecoles.into_iter().map(|(uai, _)| uai).collect();
    let (annuaires, lus) = (etat.annuaires(), mois.clone());
    let visites = porte::sortir_activites(&appelant, &annuaires, (niveau, code), |portee| {
        let (lecteur, ecoles) = (Arc::clone(&etat.lecteur), ecoles.clone());
        async move { lecteur.mois_visites(&portee, ecoles, lus).await }
    })
    .await?;
    let mesures = etat.lecteur.debuts(Niveau::Ecole, Grain::Mois)?;
    let histoire = Histoire {
        deploiement: registre.deploiement(),
        mois: &mois,
        ecoles: &ecoles,
        visites: &visites,
    };
    let montres = mois.iter().enumerate();
    let montres = montres.skip(mois.len().saturating_sub(MOIS));
    let points = montres.map(|(rang, un)| {
        let mesure = mesures.contains(&un.debut());
        histoire.point(rang, un.debut(), mesure)
    });
    Ok(Json(ReponseCourbe {
        niveau,
        code: code.to_owned(),
        mois: points.collect(),
        definitions: definitions::de_courbe(),
    }))
}

/// From the first convention to now.
fn mois(lieu: &Lieu<'_>) -> Vec<Periode> {
    let Some(premier) = lieu.registre.deploiement().premier_jour() else {
        return Vec::new();
    };
    let premier = Periode::contenant(Grain::Mois, premier);
    let mut mois: Vec<Periode> = premier.jusqua(lieu.aujourdhui).collect();
    mois.drain(..mois.len().saturating_sub(HISTOIRE_MAX));
    mois
}

/// What schools did over months.
struct Histoire<'a> {
    deploiement: &'a Deploiement,
    mois: &'a [Periode],
    ecoles: &'a [Uai],
    visites: &'a HashMap<Uai, MoisVisites>,
}

impl Histoire<'_> {
    /// What is told of the month of a rank, whose first day this is.
    fn point(&self, rang: usize, jour: Jour, mesure: bool) -> PointMois {
        let (mut deployees, mut vues, mut jamais) = (0, 0, 0);
        for uai in self.ecoles {
            let Some(en_vigueur) = self.deploiement.au(*uai, jour) else {
                continue;
            };
            let entree = self.mois.partition_point(|m| m.fin() < en_vigueur.depuis);
            let visites = self.visites.get(uai);
            deployees += 1;
            vues += usize::from(visites.is_some_and(|v| v.contient(rang)));
            jamais += usize::from(visites.is_none_or(|v| !v.dans(entree..=rang)));
        }
        PointMois {
            jour,
            deployees,
            visitees: mesure.then_some(vues),
            jamais_visitees: mesure.then_some(jamais),
        }
    }
}
