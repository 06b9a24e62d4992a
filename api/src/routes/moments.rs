//! `GET /api/v1/moments`: visits by local weekday and hour.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::{Axe, Grain, Periode};
use serde::Serialize;
use utoipa::ToSchema;

use super::comparaison::{Etendue, PeriodeRendue};
use super::couverture::{self, Couverture};
use super::parametres::{Format, Parametres};
use super::{Refus, tableur};
use crate::definitions::{self, Definitions};
use crate::donnees::{Demande, Lue, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};

/// Visits of a weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JourDeSemaine {
    /// 1 is Monday, 7 is Sunday.
    pub jour: u8,
    /// Visits by hour, 0 to 23; null where those of one of the days are masked.
    #[schema(value_type = Vec<Option<i64>>, min_items = 24, max_items = 24)]
    pub heures: [Option<i64>; 24],
}

/// Visits by weekday and hour.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseMoments {
    /// The period.
    pub periode: PeriodeRendue,
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// Monday to Sunday.
    pub jours: Vec<JourDeSemaine>,
    /// What the figures cover.
    pub couverture: Couverture,
    /// What they mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// Visits of a territory over a period, by local weekday and hour.
#[utoipa::path(
    get,
    path = "/api/v1/moments",
    tag = "chiffres",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent"),
        ("format" = Option<String>, Query, description = "json ou csv")
    ),
    responses(
        (status = 200, content((ReponseMoments = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn moments(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let admis = ["niveau", "code", "grain", "debut", "profil", "format"];
    let parametres = Parametres::lire(&adresse, &admis)?;
    let (niveau, code) = (
        parametres.niveau("niveau")?,
        parametres.obligatoire("code")?,
    );
    let (periode, profil) = (parametres.periode()?, parametres.profil()?);
    let format = parametres.format()?;
    let aujourdhui = etat.aujourdhui(&*etat.annuaire()?, niveau, code);
    let etendue = Etendue {
        periode,
        aujourdhui,
    };
    let venus = periode.jours().take_while(|jour| *jour <= aujourdhui);
    let demande = Demande {
        niveau,
        periodes: venus.map(|j| Periode::contenant(Grain::Jour, j)).collect(),
        axe: Axe::Heure,
        profil: Some(profil),
        membre: None,
        aujourdhui,
    };
    let lecteur = Arc::clone(&etat.lecteur);
    let annuaires = etat.annuaires();
    let lues = porte::sortir(&appelant, &annuaires, (niveau, code), |portee| async move {
        lecteur.cellules(&portee, &demande).await
    })
    .await?;
    let jour = periode.fin().min(aujourdhui);
    let dessinateur = annuaires.au(jour).ok_or(Erreur::SansAnnuaire)?;
    let lieu = (&**dessinateur, niveau, code);
    let ecoles = couverture::lire(&etat, &appelant, lieu, vec![periode], jour).await?;
    let jours = semaine(&lues);
    match format {
        Format::Json => Ok(Json(ReponseMoments {
            periode: PeriodeRendue::de(&etendue),
            profil,
            jours,
            couverture: Couverture::de(&lues, &ecoles),
            definitions: definitions::de_moments(),
        })
        .into_response()),
        Format::Csv => {
            let nom = format!(
                "frequent-moments-{niveau}-{code}-{}-{profil}",
                periode.debut()
            );
            csv(&nom, &jours)
        }
    }
}

/// The visits of day cells, by weekday and hour: sums of what is shown, and of nothing else.
fn semaine(lues: &[Lue<MesuresRendues>]) -> Vec<JourDeSemaine> {
    let mut jours: Vec<_> = (1..=7)
        .map(|jour| JourDeSemaine {
            jour,
            heures: [Some(0); 24],
        })
        .collect();
    for lue in lues {
        let jour = &mut jours[usize::from(lue.periode.debut().rang_semaine())];
        for cellule in &lue.cellules {
            let heure = cellule.membre.parse::<usize>().ok();
            if let Some(heure) = heure.and_then(|h| jour.heures.get_mut(h)) {
                *heure = heure.zip(cellule.mesures.visites()).map(|(a, b)| a + b);
            }
        }
    }
    jours
}

fn csv(nom: &str, jours: &[JourDeSemaine]) -> Result<Response, Erreur> {
    let lignes = jours.iter().flat_map(|jour| {
        let heures = jour.heures.iter().enumerate();
        heures.map(|(heure, visites)| {
            vec![
                jour.jour.to_string(),
                heure.to_string(),
                EtatMesures::Masque.case(*visites),
            ]
        })
    });
    tableur::csv(nom, &["jour", "heure", "visites"], lignes)
}
