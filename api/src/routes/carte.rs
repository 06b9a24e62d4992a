//! `GET /api/v1/carte`: schools as points, territories as circles, each with its figures.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{Axe, Niveau};
use frequent_territory::{Annuaire, Ecole, Etat as EtatEcole, Position, Territoire};
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use super::comparaison::{Etendue, PeriodeRendue, Table};
use super::couverture::{self, Couverture, Ecoles};
use super::etats::{self, EtatOuverture, Etats};
use super::incidents::IncidentDit;
use super::parametres::Parametres;
use super::territoires::enfants_vus;
use crate::definitions::{self, Definitions};
use crate::donnees::{Demande, Lue, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, MesuresRendues};

/// Beyond, schools are not drawn one by one.
const POINTS_MAX: usize = 2_000;

/// A school on the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointEcole {
    /// The school.
    pub uai: String,
    /// Its name.
    pub nom: String,
    /// `Ecole`, `Collège`…
    #[serde(rename = "type")]
    pub type_etablissement: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// What it does with its ENT over the period.
    pub etat: EtatOuverture,
    /// Its figures.
    pub mesures: MesuresRendues,
}

/// A territory on the map, at the middle of its schools.
#[derive(Debug, Serialize, ToSchema)]
pub struct CercleTerritoire {
    /// Its level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Its open schools.
    pub ecoles: usize,
    /// Its figures.
    pub mesures: MesuresRendues,
}

/// A territory's map.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseCarte {
    /// The period.
    pub periode: PeriodeRendue,
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// Its schools, when they are 2,000 at most, by UAI.
    pub points: Vec<PointEcole>,
    /// The territories one level below, by name.
    pub territoires: Vec<CercleTerritoire>,
    /// Schools that the directory does not place.
    pub sans_position: usize,
    /// What the figures cover.
    pub couverture: Couverture,
    /// What is declared of these schools on these days: see `/api/v1/incidents`.
    pub incidents: Vec<IncidentDit>,
    /// What they mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// The schools and the territories of a territory, with where they are and their figures.
#[utoipa::path(
    get,
    path = "/api/v1/carte",
    tag = "chiffres",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent")
    ),
    responses((status = 200, body = ReponseCarte), Refus)
)]
pub async fn carte(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseCarte>, Erreur> {
    let admis = ["niveau", "code", "grain", "debut", "profil"];
    let parametres = Parametres::lire(&adresse, &admis)?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let (periode, profil) = (parametres.periode()?, parametres.profil()?);
    let annuaire = etat.annuaire()?;
    let territoire = appelant.territoire(&annuaire, niveau, code)?;
    let etendue = Etendue {
        periode,
        aujourdhui: etat.aujourdhui(&annuaire, niveau, code),
    };
    let ecoles: Vec<&Ecole> = annuaire
        .ecoles_de(niveau, code)
        .filter(|ecole| ecole.etat != EtatEcole::Ferme)
        .collect();
    let annuaires = etat.annuaires();
    let lire = async |grain_de: Niveau| {
        let demande = Demande {
            niveau: grain_de,
            periodes: vec![periode],
            axe: Axe::Total,
            profil: Some(profil),
            membre: None,
            aujourdhui: etendue.aujourdhui,
        };
        let lecteur = Arc::clone(&etat.lecteur);
        porte::sortir(&appelant, &annuaires, (niveau, code), |portee| async move {
            lecteur.cellules(&portee, &demande).await
        })
        .await
    };
    let des_ecoles = match ecoles.len() {
        0..=POINTS_MAX => lire(Niveau::Ecole).await?,
        _ => Vec::new(),
    };
    let dessous = dessous(niveau);
    let des_territoires = match dessous {
        Some(dessous) => lire(dessous).await?,
        None => Vec::new(),
    };
    let lieu = (&*annuaire, niveau, code);
    let jour = etendue.dernier_jour();
    let mesurees = couverture::lire(&etat, &appelant, lieu, vec![periode], jour).await?;
    let etats = etats::lire(&etat, &appelant, lieu, periode).await?;
    let trace = Trace {
        annuaire: &annuaire,
        profil,
        mesurees: &mesurees,
        etats: &etats,
    };
    let points = match ecoles.len() {
        0..=POINTS_MAX => trace.points(&ecoles, &table(&des_ecoles)),
        _ => Vec::new(),
    };
    let enfants = dessous
        .into_iter()
        .flat_map(|dessous| enfants_vus(&annuaire, &appelant, territoire, dessous));
    let territoires = trace.cercles(enfants, &table(&des_territoires));
    Ok(Json(ReponseCarte {
        periode: PeriodeRendue::de(&etendue),
        profil,
        points,
        territoires,
        sans_position: ecoles.iter().filter(|e| e.position.is_none()).count(),
        couverture: Couverture::de(des_ecoles.iter().chain(&des_territoires), &mesurees),
        incidents: mesurees.incidents(),
        definitions: definitions::de_synthese(),
    }))
}

/// The level that a territory's circles have.
const fn dessous(niveau: Niveau) -> Option<Niveau> {
    match niveau {
        Niveau::National => Some(Niveau::Region),
        Niveau::Region | Niveau::Academie => Some(Niveau::Departement),
        Niveau::Departement => Some(Niveau::Circonscription),
        Niveau::Circonscription | Niveau::Commune | Niveau::Ecole => None,
    }
}

fn table(lues: &[Lue<MesuresRendues>]) -> Table {
    let cellules = lues.first().map_or(&[][..], |lue| lue.cellules.as_slice());
    Table::de(cellules)
}

/// What points and circles are drawn with.
struct Trace<'a> {
    annuaire: &'a Annuaire,
    profil: ProfilCellule,
    mesurees: &'a Ecoles,
    etats: &'a Etats,
}

impl Trace<'_> {
    fn mesures(&self, table: &Table, lieu: (Niveau, &str)) -> MesuresRendues {
        let mesures = table.mesures(lieu.1, self.profil);
        self.mesurees.qualifier(mesures, self.annuaire, lieu)
    }

    fn points(&self, ecoles: &[&Ecole], table: &Table) -> Vec<PointEcole> {
        let point = |ecole: &&Ecole| {
            let position = ecole.position?;
            Some(PointEcole {
                uai: ecole.uai.to_string(),
                nom: ecole.nom.clone(),
                type_etablissement: ecole.type_etablissement.clone(),
                lat: position.latitude,
                lon: position.longitude,
                etat: self.etats.de(ecole.uai),
                mesures: self.mesures(table, (Niveau::Ecole, ecole.uai.as_str())),
            })
        };
        ecoles.iter().filter_map(point).collect()
    }

    fn cercles<'t>(
        &self,
        territoires: impl Iterator<Item = &'t Territoire>,
        table: &Table,
    ) -> Vec<CercleTerritoire> {
        let cercle = |territoire: &Territoire| {
            let (niveau, code) = (territoire.niveau, territoire.code.as_str());
            let ecoles = self.annuaire.ecoles_de(niveau, code);
            let ouvertes: Vec<&Ecole> = ecoles.filter(|e| e.etat != EtatEcole::Ferme).collect();
            let positions: Vec<Position> = ouvertes.iter().filter_map(|e| e.position).collect();
            let (lat, lon) = milieu(&positions)?;
            Some(CercleTerritoire {
                niveau,
                code: code.to_owned(),
                nom: territoire.nom.clone(),
                lat,
                lon,
                ecoles: ouvertes.len(),
                mesures: self.mesures(table, (niveau, code)),
            })
        };
        territoires.filter_map(cercle).collect()
    }
}

/// The middle of some positions, to the ten-thousandth of a degree.
fn milieu(positions: &[Position]) -> Option<(f64, f64)> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "schools are far fewer than 2^52"
    )]
    let nombre = (!positions.is_empty()).then_some(positions.len() as f64)?;
    let moyenne = |degres: fn(&Position) -> f64| {
        let somme: f64 = positions.iter().map(degres).sum();
        (somme / nombre * 10_000.0).round() / 10_000.0
    };
    Some((moyenne(|p| p.latitude), moyenne(|p| p.longitude)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_at_the_middle_of_its_schools_and_nowhere_without_any() {
        let position = |latitude, longitude| Position {
            latitude,
            longitude,
        };
        let vues = [position(43.0, 1.0), position(44.0, 1.5)];
        assert_eq!(milieu(&vues), Some((43.5, 1.25)));
        assert_eq!(milieu(&[]), None);
    }
}
