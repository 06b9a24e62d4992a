//! `/api/v1/territoires`: finding a territory, reading one, its children. No figure is here, but
//! only what the caller's perimeter holds is shown, with the names of what it lies in.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{Niveau, Zone};
use frequent_territory::{Annuaire, Ecole, Territoire};
use serde::Serialize;
use utoipa::ToSchema;

use super::calendrier::{self, ReponseCalendrier};
use super::parametres::{Parametres, lire_niveau};
use super::{Refus, TerritoireNomme};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

const LIMITE: usize = 20;
const LIMITE_MAX: usize = 100;

/// The levels, widest first.
const NIVEAUX: [Niveau; 7] = [
    Niveau::National,
    Niveau::Region,
    Niveau::Academie,
    Niveau::Departement,
    Niveau::Circonscription,
    Niveau::Commune,
    Niveau::Ecole,
];

/// A territory in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct TerritoireTrouve {
    /// Its level, code and name.
    #[serde(flatten)]
    pub territoire: TerritoireNomme,
    /// Where it is, to tell homonyms apart.
    pub precision: Option<String>,
}

/// Some territories.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseTerritoires {
    /// The best first, or by name.
    pub resultats: Vec<TerritoireTrouve>,
}

/// How many territories of a level are in a territory.
#[derive(Debug, Serialize, ToSchema)]
pub struct NombreEnfants {
    /// The level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// How many.
    pub nombre: usize,
}

/// What the directory says of a school.
#[derive(Debug, Serialize, ToSchema)]
pub struct FicheEcole {
    /// Its identifier.
    pub uai: String,
    /// `Ecole`, `Collège`, `Lycée`…
    #[serde(rename = "type")]
    pub type_etablissement: String,
    /// Its nature, as published.
    pub nature: String,
    /// `PU` (public) or `PR` (private).
    pub secteur: &'static str,
    /// The name of its commune.
    pub commune: String,
    /// `OUVERT`, `A FERMER` or `FERME`.
    pub etat: &'static str,
    /// Number of pupils, when published.
    pub effectif: Option<u32>,
    /// `REP` or `REP+`.
    pub education_prioritaire: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

/// A territory.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseTerritoire {
    /// Its level, code and name.
    #[serde(flatten)]
    pub territoire: TerritoireNomme,
    /// What it lies in, the country first.
    pub ancetres: Vec<TerritoireNomme>,
    /// How many territories of each level are in it; levels with none are not listed.
    pub enfants: Vec<NombreEnfants>,
    /// Its holiday zone, when it has exactly one.
    #[schema(value_type = Option<String>)]
    pub zone: Option<Zone>,
    /// Its fiche, when it is a school.
    pub ecole: Option<FicheEcole>,
    /// The school year that was asked for, in this territory.
    pub calendrier: Option<ReponseCalendrier>,
}

/// Finds territories by name, commune or code, whatever the case and accents.
#[utoipa::path(
    get,
    operation_id = "rechercher_territoires",
    path = "/api/v1/territoires",
    tag = "territoires",
    params(
        ("recherche" = String, Query, description = "Mots du nom, de la commune ou du code"),
        ("limite" = Option<usize>, Query, description = "Nombre de résultats, 20 si absent, 100 au plus")
    ),
    responses((status = 200, body = ReponseTerritoires), Refus)
)]
pub async fn rechercher(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseTerritoires>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["recherche", "limite"])?;
    let limite = parametres.limite(LIMITE, LIMITE_MAX)?;
    let annuaire = etat.annuaire()?;
    // The perimeter is applied after the search: all the answers must be had to keep the best.
    let resultats = parametres
        .texte("recherche")
        .map(|texte| annuaire.rechercher(texte, usize::MAX))
        .unwrap_or_default()
        .into_iter()
        .filter(|t| appelant.voit(&annuaire, t.niveau, &t.code))
        .take(limite)
        .map(|t| trouve(&annuaire, t))
        .collect();
    Ok(Json(ReponseTerritoires { resultats }))
}

/// A territory: its name, what it lies in, what is in it.
#[utoipa::path(
    get,
    operation_id = "lire_territoire",
    path = "/api/v1/territoires/{niveau}/{code}",
    tag = "territoires",
    params(
        ("niveau" = String, Path, description = "ecole, circonscription, commune, departement, academie, region ou national"),
        ("code" = String, Path, description = "Code du territoire à ce niveau"),
        ("annee" = Option<String>, Query, description = "Année scolaire dont on veut aussi le calendrier, par exemple 2026-2027")
    ),
    responses((status = 200, body = ReponseTerritoire), Refus)
)]
pub async fn lire(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path((niveau, code)): Path<(String, String)>,
    adresse: Uri,
) -> Result<Json<ReponseTerritoire>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["annee"])?;
    let annee = parametres.texte("annee").map(|_| parametres.annee());
    let annee = annee.transpose()?;
    let niveau = lire_niveau("niveau", &niveau)?;
    let annuaire = etat.annuaire()?;
    let territoire = appelant.territoire(&annuaire, niveau, &code)?;
    let dedans = NIVEAUX.iter().skip_while(|n| **n != niveau).skip(1);
    let enfants = dedans
        .map(|&enfant| NombreEnfants {
            niveau: enfant,
            nombre: enfants_vus(&annuaire, &appelant, territoire, enfant).count(),
        })
        .filter(|compte| compte.nombre > 0)
        .collect();
    let ancetres = territoire
        .ancetres
        .iter()
        .map(|(niveau, t)| TerritoireNomme {
            niveau: *niveau,
            code: t.code.clone(),
            nom: t.nom.clone(),
        });
    Ok(Json(ReponseTerritoire {
        territoire: nomme(territoire),
        ancetres: ancetres.collect(),
        enfants,
        zone: zone(&annuaire, niveau, &code),
        ecole: fiche(&annuaire, territoire),
        calendrier: annee
            .map(|annee| calendrier::dresser(&etat, (&annuaire, niveau, &code), annee))
            .transpose()?,
    }))
}

/// The territories of a level inside a territory, by name.
#[utoipa::path(
    get,
    operation_id = "lire_enfants",
    path = "/api/v1/territoires/{niveau}/{code}/enfants/{niveau_enfant}",
    tag = "territoires",
    params(
        ("niveau" = String, Path, description = "Niveau du territoire"),
        ("code" = String, Path, description = "Code du territoire à ce niveau"),
        ("niveau_enfant" = String, Path, description = "Niveau des territoires voulus")
    ),
    responses((status = 200, body = ReponseTerritoires), Refus)
)]
pub async fn enfants(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path((niveau, code, niveau_enfant)): Path<(String, String, String)>,
) -> Result<Json<ReponseTerritoires>, Erreur> {
    let niveau = lire_niveau("niveau", &niveau)?;
    let niveau_enfant = lire_niveau("niveau_enfant", &niveau_enfant)?;
    let annuaire = etat.annuaire()?;
    let territoire = appelant.territoire(&annuaire, niveau, &code)?;
    let resultats = enfants_vus(&annuaire, &appelant, territoire, niveau_enfant)
        .map(|enfant| trouve(&annuaire, enfant))
        .collect();
    Ok(Json(ReponseTerritoires { resultats }))
}

/// The territories of a level inside a territory that the caller may see, by name.
pub(super) fn enfants_vus<'a>(
    annuaire: &'a Annuaire,
    appelant: &'a Appelant,
    territoire: &Territoire,
    niveau: Niveau,
) -> impl Iterator<Item = &'a Territoire> {
    annuaire
        .enfants(territoire.niveau, &territoire.code, niveau)
        .into_iter()
        .filter(move |enfant| appelant.voit(annuaire, niveau, &enfant.code))
}

fn nomme(territoire: &Territoire) -> TerritoireNomme {
    TerritoireNomme {
        niveau: territoire.niveau,
        code: territoire.code.clone(),
        nom: territoire.nom.clone(),
    }
}

fn trouve(annuaire: &Annuaire, territoire: &Territoire) -> TerritoireTrouve {
    TerritoireTrouve {
        territoire: nomme(territoire),
        precision: precision(annuaire, territoire),
    }
}

/// Where a territory is: a school's commune and département, a département's académie…
pub(super) fn precision(annuaire: &Annuaire, territoire: &Territoire) -> Option<String> {
    if let Some(ecole) = ecole(annuaire, territoire) {
        return Some(format!("{} ({})", ecole.commune.nom, ecole.departement.nom));
    }
    let (_, dans) = territoire.ancetres.last()?;
    (territoire.niveau != Niveau::Region).then(|| dans.nom.clone())
}

pub(super) fn ecole<'a>(annuaire: &'a Annuaire, territoire: &Territoire) -> Option<&'a Ecole> {
    match territoire.niveau {
        Niveau::Ecole => annuaire.ecole(territoire.code.parse().ok()?),
        _ => None,
    }
}

/// The holiday zone that all the schools of a territory share.
pub(super) fn zone(annuaire: &Annuaire, niveau: Niveau, code: &str) -> Option<Zone> {
    let mut zones = annuaire.ecoles_de(niveau, code).map(Ecole::zone);
    let premiere = zones.next()??;
    zones.all(|zone| zone == Some(premiere)).then_some(premiere)
}

fn fiche(annuaire: &Annuaire, territoire: &Territoire) -> Option<FicheEcole> {
    let ecole = ecole(annuaire, territoire)?;
    Some(FicheEcole {
        uai: ecole.uai.to_string(),
        type_etablissement: ecole.type_etablissement.clone(),
        nature: ecole.nature.clone(),
        secteur: ecole.secteur.code(),
        commune: ecole.commune.nom.clone(),
        etat: ecole.etat.code(),
        effectif: ecole.effectif,
        education_prioritaire: ecole.education_prioritaire.clone(),
        latitude: ecole.position.map(|p| p.latitude),
        longitude: ecole.position.map(|p| p.longitude),
    })
}
