//! `GET /api/v1/parcours`: how far each school has come on the ladder, and since when.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{Calendrier, Grain, Jour, Niveau, Periode, Uai, Zone};
use frequent_territory::Annuaire;
use frequent_territory::effectifs::Effectifs;
use serde::Serialize;
use utoipa::ToSchema;

use super::parametres::Parametres;
use super::{Refus, sous_convention};
use crate::definitions::{self, Definitions};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::pilotage::{Etape, Indices, Venue, reguliere};
use crate::porte::{self, Appelant};
use crate::qualite::Jours;

/// A school on the ladder.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcoleParcours {
    /// Its identifier.
    pub uai: String,
    /// Its name.
    pub nom: String,
    /// Its commune.
    pub commune: String,
    /// The highest step reached, those below being reached too.
    pub etape: Etape,
    /// Since when.
    #[schema(value_type = String, format = Date)]
    pub depuis: Jour,
    /// Days since then.
    pub jours: i32,
}

/// A step of the ladder.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EtapeComptee {
    /// The step.
    pub etape: Etape,
    /// Schools that are there.
    pub ecoles: usize,
    /// Half of them have been there for that many days or fewer; null when there is none.
    pub jours_medians: Option<i32>,
}

/// The ladder of a territory's schools.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseParcours {
    /// The territory's level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// The day it is.
    #[schema(value_type = String, format = Date)]
    pub jour: Jour,
    /// The first day looked at: what was reached before is dated from it.
    #[schema(value_type = String, format = Date)]
    pub depuis: Jour,
    /// The schools under a convention, by UAI.
    pub ecoles: Vec<EcoleParcours>,
    /// The steps, lowest first.
    pub etapes: Vec<EtapeComptee>,
    /// What they mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// How far each school under a convention has come: convention, tag, accounts, teachers, parents,
/// regular use.
#[utoipa::path(
    get,
    path = "/api/v1/parcours",
    tag = "pilotage",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire")
    ),
    responses((status = 200, body = ReponseParcours), Refus)
)]
pub async fn parcours(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseParcours>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code"])?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let annuaire = etat.annuaire()?;
    let jour = etat.aujourdhui(&annuaire, niveau, code);
    let lieu = (&*annuaire, niveau, code);
    let suivies = sous_convention::lire(&etat, &appelant, lieu, jour)?;
    let premier = premier_jour(suivies.iter().map(|(_, depuis)| *depuis), jour);
    let semaines = semaines(premier, jour);
    let annuaires = etat.annuaires();
    let (uais, voulues) = (sous_convention::uais(&suivies), semaines.clone());
    let venues: HashMap<Uai, Vec<Venue>> =
        porte::sortir_activites(&appelant, &annuaires, (niveau, code), |portee| {
            let lecteur = Arc::clone(&etat.lecteur);
            async move { lecteur.venues(&portee, uais, voulues).await }
        })
        .await?;
    let recues = porte::sortir(&appelant, &annuaires, (niveau, code), |_| {
        let jours = Jours {
            du: premier,
            au: jour,
        };
        Arc::clone(&etat.qualite).premieres_receptions(jours)
    })
    .await?;
    let effectifs = etat.effectifs();
    let guide = Guide {
        annuaire: &annuaire,
        effectifs: &effectifs,
        calendrier: &etat.calendrier,
        semaines: &semaines,
    };
    let ecoles: Vec<EcoleParcours> = suivies
        .iter()
        .map(|(ecole, convention)| {
            let venues = venues.get(&ecole.uai).map_or(&[][..], Vec::as_slice);
            let recue = recues.get(&ecole.uai).copied();
            let indices = guide.indices((ecole.uai, ecole.zone()), *convention, venues, recue);
            let (etape, depuis) = indices.etape();
            EcoleParcours {
                uai: ecole.uai.to_string(),
                nom: ecole.nom.clone(),
                commune: ecole.commune.nom.clone(),
                etape,
                depuis,
                jours: (jour.epoque() - depuis.epoque()).max(0),
            }
        })
        .collect();
    Ok(Json(ReponseParcours {
        niveau,
        code: code.to_owned(),
        nom: etat.nom(niveau, code),
        jour,
        depuis: premier,
        etapes: compter(&ecoles),
        ecoles,
        definitions: definitions::de_parcours(),
    }))
}

/// The first day looked at: that of the oldest convention, and no earlier than the school year before.
fn premier_jour(conventions: impl Iterator<Item = Jour>, jour: Jour) -> Jour {
    let avant = jour.annee_scolaire().precedente().debut();
    conventions.min().unwrap_or(jour).max(avant)
}

fn semaines(premier: Jour, jour: Jour) -> Vec<Periode> {
    let premiere = Periode::contenant(Grain::Semaine, premier);
    premiere.jusqua(jour).collect()
}

/// How many schools are at each step, and for how long.
fn compter(ecoles: &[EcoleParcours]) -> Vec<EtapeComptee> {
    let compter = |etape: Etape| {
        let ici = ecoles.iter().filter(|e| e.etape == etape);
        let mut jours: Vec<i32> = ici.map(|e| e.jours).collect();
        jours.sort_unstable();
        EtapeComptee {
            etape,
            ecoles: jours.len(),
            jours_medians: jours.get(jours.len().saturating_sub(1) / 2).copied(),
        }
    };
    Etape::TOUTES.into_iter().map(compter).collect()
}

/// What dates the steps of a school.
struct Guide<'a> {
    annuaire: &'a Annuaire,
    effectifs: &'a Effectifs,
    calendrier: &'a Calendrier,
    semaines: &'a [Periode],
}

impl Guide<'_> {
    fn indices(
        &self,
        (uai, zone): (Uai, Option<Zone>),
        convention: Jour,
        venues: &[Venue],
        recue: Option<Jour>,
    ) -> Indices {
        let depuis = |periode: &Periode| periode.debut().max(convention);
        let sous_convention: Vec<(&Periode, Venue)> = self
            .semaines
            .iter()
            .zip(venues.iter().copied())
            .filter(|(semaine, _)| semaine.fin() >= convention)
            .collect();
        let premiere = |vue: fn(&Venue) -> bool| {
            let trouvee = sous_convention.iter().find(|(_, venue)| vue(venue));
            trouvee.map(|(semaine, _)| depuis(semaine))
        };
        let classe: Vec<&(&Periode, Venue)> = sous_convention
            .iter()
            .filter(|(s, _)| self.calendrier.est_semaine_de_classe(zone, s.debut()))
            .collect();
        let de_classe: Vec<Venue> = classe.iter().map(|(_, venue)| *venue).collect();
        let regulier = reguliere(&de_classe).and_then(|rang| classe.get(rang));
        let venue = premiere(|v| v.quelqu_un);
        let (niveau, code) = (Niveau::Ecole, uai.as_str());
        let effectif = self.effectifs.effectif(self.annuaire, niveau, code, None);
        let tot = |a: Option<Jour>, b: Option<Jour>| a.into_iter().chain(b).min();
        Indices {
            convention,
            tag: tot(recue.filter(|jour| *jour >= convention), venue),
            comptes: tot(effectif.map(|e| e.date), venue),
            enseignant: premiere(|v| v.enseignants),
            parents: premiere(|v| v.parents),
            regulier: regulier.map(|(semaine, _)| depuis(semaine)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_a_step_is_of_those_who_are_there() {
        let ecole = |etape, jours| EcoleParcours {
            uai: String::new(),
            nom: String::new(),
            commune: String::new(),
            etape,
            depuis: "2026-09-01".parse().unwrap(),
            jours,
        };
        let ecoles = [
            ecole(Etape::Tag, 30),
            ecole(Etape::Tag, 10),
            ecole(Etape::Tag, 20),
            ecole(Etape::Parents, 5),
        ];
        let etapes = compter(&ecoles);
        let medians: Vec<_> = etapes.iter().map(|e| (e.ecoles, e.jours_medians)).collect();
        let aucune = (0, None);
        assert_eq!(
            medians,
            [aucune, (3, Some(20)), aucune, aucune, (1, Some(5)), aucune]
        );
    }

    #[test]
    fn nothing_is_looked_for_before_the_school_year_before() {
        let jour = |texte: &str| texte.parse::<Jour>().unwrap();
        let premier = |depuis: &str| premier_jour([jour(depuis)].into_iter(), jour("2026-11-20"));
        assert_eq!(premier("2023-09-01"), jour("2025-08-01"));
        assert_eq!(premier("2026-09-01"), jour("2026-09-01"));
        assert_eq!(semaines(jour("2026-11-02"), jour("2026-11-20")).len(), 3);
    }
}
