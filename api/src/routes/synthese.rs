//! `GET /api/v1/synthese`: a period's key figures beside those of the span before.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::an_dernier::{self, AnDernier, Cible};
use super::comparaison::{self, Comparaison, Etendue, PeriodeRendue, Precedente};
use super::couverture::{self, Couverture};
use super::effectifs::{EffectifRendu, EffectifsDuLieu};
use super::englobant;
use super::etats::{self, ComptesDeploiement};
use super::incidents::IncidentDit;
use super::parametres::Parametres;
use super::territoires::zone;
use super::{Refus, TerritoireNomme};
use crate::definitions::{self, Definitions};
use crate::donnees::{Frontieres, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, MesuresRendues, RatiosRendus};

/// The key figures of a profile.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChiffresProfil {
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// The period's figures as they stand.
    pub mesures: MesuresRendues,
    /// Its figures over the compared days: the same when the period is over. Null when there is
    /// nothing to compare.
    pub comparees: Option<MesuresRendues>,
    /// The figures of the span before; null when nothing was counted then.
    pub precedentes: Option<MesuresRendues>,
    /// The figures of the same school days of the year before; null when nothing was counted then.
    pub an_dernier: Option<MesuresRendues>,
    /// The ratios of the enclosing territory; null where there is none.
    pub englobant: Option<RatiosRendus>,
    /// The head count of this profile; null where there is none.
    pub effectif: Option<EffectifRendu>,
    /// Users over the head count; null where there is none, where it lacks a school, or where users
    /// are not shown.
    pub taux_utilisateurs: Option<f64>,
}

/// A period's key figures beside those of the span before.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseSynthese {
    /// The period.
    pub periode: PeriodeRendue,
    /// The days compared with; null on a period's first day.
    pub precedente: Option<Precedente>,
    /// The same school days of the year before, holidays matched to holidays; null when there are
    /// none.
    pub an_dernier: Option<AnDernier>,
    /// The territory that this one is in and whose ratios are beside; null for the country.
    pub englobant: Option<TerritoireNomme>,
    /// How many schools are open, active…; null while no convention is recorded.
    pub deploiement: Option<ComptesDeploiement>,
    /// All profiles together, then each.
    pub profils: Vec<ChiffresProfil>,
    /// What the figures cover.
    pub couverture: Couverture,
    /// What is declared of these schools on these days: see `/api/v1/incidents`.
    pub incidents: Vec<IncidentDit>,
    /// What they mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

const ADMIS: [&str; 5] = ["niveau", "code", "grain", "debut", "frontieres"];

/// Key figures of a territory over a period, beside the span before. When the period is not over,
/// the same number of whole elapsed days is compared.
#[utoipa::path(
    get,
    path = "/api/v1/synthese",
    tag = "chiffres",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période"),
        ("frontieres" = Option<String>, Query, description = "alors (d’après l’annuaire en vigueur à la fin de chaque période, par défaut) ou maintenant")
    ),
    responses((status = 200, body = ReponseSynthese), Refus)
)]
pub async fn synthese(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseSynthese>, Erreur> {
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let (niveau, code) = (
        parametres.niveau("niveau")?,
        parametres.obligatoire("code")?,
    );
    let etendue = Etendue {
        periode: parametres.periode()?,
        aujourdhui: etat.aujourdhui(&*etat.annuaire()?, niveau, code),
    };
    let frontieres = parametres.frontieres()?;
    let annuaires = etat.annuaires();
    let annuaire = etat.annuaire()?;
    let cible = Cible::de(&etat.calendrier, zone(&annuaire, niveau, code), &etendue);
    let (lectures, avant) = porte::sortir(&appelant, &annuaires, (niveau, code), |portee| {
        let (lecteur, etendue) = (Arc::clone(&etat.lecteur), etendue.clone());
        let cible = cible.clone();
        async move {
            let voulues = (niveau, None);
            let lectures =
                comparaison::lire(&lecteur, &portee, &etendue, voulues, frontieres).await?;
            let quand = (etendue.aujourdhui, frontieres);
            Ok(lectures.avec(cible.lire(&lecteur, &portee, voulues, quand).await?))
        }
    })
    .await?;
    let avant = an_dernier::table(avant);
    let comparaison = Comparaison::de(lectures)?;
    let jour = etendue.dernier_jour();
    let dessinateur = match frontieres {
        Frontieres::Alors => annuaires.au(jour),
        Frontieres::Maintenant => annuaires.au(etendue.aujourdhui),
    };
    let dessinateur = dessinateur.ok_or(Erreur::SansAnnuaire)?;
    let lieu = (&**dessinateur, niveau, code);
    let periodes = vec![etendue.periode];
    let ecoles = couverture::lire(&etat, &appelant, lieu, periodes, jour).await?;
    let tous = comparaison.actuelles.mesures(code, ProfilCellule::Tous);
    // Someone came: nobody under a profile is a zero.
    let qualifier = |mesures: MesuresRendues| {
        if tous.a_compte() {
            mesures
        } else {
            ecoles.qualifier(mesures, dessinateur, (niveau, code))
        }
    };
    let effectifs = etat.effectifs();
    let effectifs = EffectifsDuLieu::de(&effectifs, lieu);
    let territoire = (&*annuaire, niveau, code);
    let autour = englobant::lire(&etat, &appelant, territoire, &etendue).await?;
    let etats = etats::lire(&etat, &appelant, territoire, etendue.periode).await?;
    let profils = ProfilCellule::tous().map(|profil| {
        let mesures = qualifier(comparaison.actuelles.mesures(code, profil));
        let (effectif, taux_utilisateurs) = effectifs.de_profil(profil, &mesures);
        ChiffresProfil {
            profil,
            mesures,
            effectif,
            taux_utilisateurs,
            an_dernier: an_dernier::mesures(avant.as_ref(), code, profil),
            englobant: autour.as_ref().map(|autour| autour.ratios(profil)),
            comparees: comparaison
                .comparees
                .as_ref()
                .map(|t| t.mesures(code, profil)),
            precedentes: comparaison
                .precedentes
                .as_ref()
                .map(|t| t.mesures(code, profil)),
        }
    });
    Ok(Json(ReponseSynthese {
        periode: PeriodeRendue::de(&etendue),
        precedente: Precedente::de(&etendue),
        an_dernier: cible.rendue(),
        profils: profils.collect(),
        englobant: autour.map(|autour| autour.territoire),
        deploiement: etats.comptes(),
        couverture: Couverture::de([&comparaison.actuelle], &ecoles),
        incidents: ecoles.incidents(),
        definitions: definitions::de_synthese(),
    }))
}
