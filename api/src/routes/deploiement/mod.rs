//! `GET /api/v1/deploiement`: which schools of a territory are deployed, open, active or never
//! visited, how many were at each rentrée, and what they cost.

pub(super) mod courbe;

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::routing::get;
use axum::{Extension, Json, Router};
use frequent_plan::{AnneeScolaire, Jour, Niveau, Periode, Uai};
use frequent_territory::conventions::{Intervalle, participations};
use frequent_territory::{Annuaire, Perimetre};
use serde::Serialize;
use utoipa::ToSchema;

use super::conventions::{lit_les_conventions, nom_autorite, voit_ecole};
use super::parametres::Parametres;
use super::{Refus, etats};
use crate::conventions::{EcoleDeployee, EtatDeploiement, Registre};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::pilotage::date;
use crate::porte::Appelant;

/// The longest curve, in school years: conventions older than that are a date mistyped.
const ANNEES_MAX: usize = 20;

/// What a school does with its ENT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EtatEcole {
    /// Open, visited on enough days of the period, by teachers too.
    Active,
    /// Open, and not active.
    Ouverte,
    /// Open, and not visited once since its convention began.
    JamaisVisitee,
    /// Under a convention during the period, and no longer on its last day.
    NonDeployee,
}

/// A school that is or was deployed in the period.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcoleVue {
    /// The school.
    pub uai: String,
    /// Its name, when the directory knows it.
    pub nom: Option<String>,
    /// Its commune.
    pub precision: Option<String>,
    /// What it does with its ENT.
    pub etat: EtatEcole,
    /// Why, in words; never a figure of the school.
    pub raison: String,
    /// The platform.
    pub plateforme: String,
    /// The convention.
    pub convention: String,
    /// Since when it is deployed without a day off.
    #[schema(value_type = String, format = Date)]
    pub depuis: Jour,
}

/// The number of deployed schools on a 1 September.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointRentree {
    /// The school year.
    #[schema(value_type = String, example = "2026-2027")]
    pub annee: AnneeScolaire,
    /// Schools deployed on 1 September.
    pub deployees: usize,
}

/// What a convention costs for a school year.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParticipationRendue {
    /// The school year.
    #[schema(value_type = String, example = "2026-2027")]
    pub annee: AnneeScolaire,
    /// The convention.
    pub convention: String,
    /// Who pays.
    pub autorite_nom: String,
    /// Schools of the territory that count.
    pub ecoles: usize,
    /// The price of one, in euros.
    #[schema(example = "45,00")]
    pub prix: String,
    /// Schools × price, in euros.
    #[schema(example = "540,00")]
    pub total: String,
}

/// The deployment of a territory.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseDeploiement {
    /// Its level.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// First day of the period.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// Last day of the period.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
    /// The day on which schools are open or not: the period's last, or today.
    #[schema(value_type = String, format = Date)]
    pub jour: Jour,
    /// Schools under a convention on a day of the period at least; null, as the next three, while
    /// no convention is recorded at all.
    pub deployees: Option<usize>,
    /// Schools under a convention on `jour`.
    pub ouvertes: Option<usize>,
    /// Those that are active.
    pub actives: Option<usize>,
    /// Those never visited since their convention began.
    pub jamais_visitees: Option<usize>,
    /// Schools deployed in the period, by UAI.
    pub ecoles: Vec<EcoleVue>,
    /// Deployed schools at each rentrée.
    pub courbe: Vec<PointRentree>,
    /// The conventions' cost for the school year of the period; empty for who does not read them.
    pub participation: Vec<ParticipationRendue>,
    /// Their sum, in euros.
    pub participation_totale: String,
}

/// The deployment's routes.
pub(super) fn routes() -> Router<Arc<Etat>> {
    Router::new()
        .route("/api/v1/deploiement", get(deploiement))
        .route("/api/v1/deploiement/courbe", get(courbe::courbe))
}

/// The deployment of a territory over a period.
#[utoipa::path(
    get,
    path = "/api/v1/deploiement",
    tag = "conventions",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période")
    ),
    responses((status = 200, body = ReponseDeploiement), Refus)
)]
pub async fn deploiement(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseDeploiement>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["niveau", "code", "grain", "debut"])?;
    let niveau = parametres.niveau("niveau")?;
    let code = parametres.obligatoire("code")?;
    let periode = parametres.periode()?;
    let deploye = dresser(&etat, &appelant, (niveau, code), vec![periode]).await?;
    Ok(Json(deploye))
}

/// The deployment of a territory over periods that follow one another.
pub(super) async fn dresser(
    etat: &Etat,
    appelant: &Appelant,
    (niveau, code): (Niveau, &str),
    periodes: Vec<Periode>,
) -> Result<ReponseDeploiement, Erreur> {
    let annuaire = etat.annuaire()?;
    let aujourdhui = etat.aujourdhui(&annuaire, niveau, code);
    let debut = periodes.first().map_or(aujourdhui, |p| p.debut());
    let fin = periodes.last().map_or(aujourdhui, |p| p.fin());
    appelant.territoire(&annuaire, niveau, code)?;
    let registre = etat.conventions.registre();
    let lieu = Lieu::new((&annuaire, niveau, code), appelant, &registre, aujourdhui);
    let jour = fin.min(aujourdhui);
    let deployees = lieu.deployees((debut, jour));
    let ouvertes = lieu.ouvertes(&deployees, jour);
    let territoire = (niveau, code);
    let etats = etats::lire_ouvertes(etat, appelant, territoire, &lieu, periodes, ouvertes).await?;
    let recensees = !registre.conventions().is_empty();
    let compte = |etat: EtatDeploiement| etats.iter().filter(|e| e.etat == etat).count();
    let (participation, totale) = lieu.participation(jour);
    Ok(ReponseDeploiement {
        niveau,
        code: code.to_owned(),
        nom: etat.nom(niveau, code),
        debut,
        fin,
        jour,
        deployees: recensees.then_some(deployees.len()),
        ouvertes: recensees.then_some(etats.len()),
        actives: recensees.then(|| compte(EtatDeploiement::Actif)),
        jamais_visitees: recensees.then(|| compte(EtatDeploiement::JamaisVisite)),
        ecoles: lieu.ecoles(&deployees, &etats),
        courbe: lieu.courbe(),
        participation,
        participation_totale: euros(totale),
    })
}

/// The territory asked, its conventions and the caller's eyes.
pub(super) struct Lieu<'a> {
    annuaire: &'a Annuaire,
    appelant: &'a Appelant,
    perimetre: Perimetre,
    pub(super) registre: &'a Registre,
    pub(super) aujourdhui: Jour,
}

/// A school deployed in the period, and the last convention it was under.
pub(super) type Deployee<'a> = (Uai, &'a frequent_territory::conventions::EnVigueur);

impl<'a> Lieu<'a> {
    pub(super) fn new(
        (annuaire, niveau, code): (&'a Annuaire, Niveau, &str),
        appelant: &'a Appelant,
        registre: &'a Registre,
        aujourdhui: Jour,
    ) -> Self {
        Self {
            annuaire,
            appelant,
            perimetre: Perimetre::territoire(niveau, code),
            registre,
            aujourdhui,
        }
    }

    fn retient(&self, uai: Uai) -> bool {
        self.perimetre.contient_ecole(self.annuaire, uai)
            && voit_ecole(self.appelant, self.annuaire, uai)
    }

    /// The schools under a convention on some of these days, by UAI.
    pub(super) fn deployees(&self, (debut, jour): (Jour, Jour)) -> Vec<Deployee<'a>> {
        let deploiement = self.registre.deploiement();
        let Some(jours) = Intervalle::new(debut, jour) else {
            return Vec::new();
        };
        let ecoles = deploiement.ecoles().filter(|uai| self.retient(*uai));
        let mut deployees: Vec<Deployee<'a>> = ecoles
            .filter_map(|uai| Some((uai, deploiement.pendant(uai, jours).last()?)))
            .collect();
        deployees.sort_unstable_by_key(|(uai, _)| *uai);
        deployees
    }

    /// Those under a convention on a day, and since when.
    pub(super) fn ouvertes(&self, deployees: &[Deployee<'_>], jour: Jour) -> Vec<(Uai, Jour)> {
        let deploiement = self.registre.deploiement();
        let ouvertes = deployees
            .iter()
            .filter_map(|(uai, _)| Some((*uai, deploiement.au(*uai, jour)?.depuis)));
        ouvertes.collect()
    }

    fn ecoles(&self, deployees: &[Deployee<'_>], etats: &[EcoleDeployee]) -> Vec<EcoleVue> {
        let mut etats = etats.iter().peekable();
        let vue = |(uai, sortie): &Deployee<'_>| {
            let ouverte = etats.next_if(|e| e.uai == *uai);
            let (etat, raison, en_vigueur) = if let Some(ouverte) = ouverte {
                let etat = match ouverte.etat {
                    EtatDeploiement::Actif => EtatEcole::Active,
                    EtatDeploiement::Ouvert => EtatEcole::Ouverte,
                    EtatDeploiement::JamaisVisite => EtatEcole::JamaisVisitee,
                };
                (etat, ouverte.raison.clone(), &ouverte.en_vigueur)
            } else {
                let raison = format!("sous convention jusqu’au {}", date(sortie.sejour.au()));
                (EtatEcole::NonDeployee, raison, *sortie)
            };
            let ecole = self.annuaire.ecole(*uai);
            EcoleVue {
                uai: uai.to_string(),
                nom: ecole.map(|e| e.nom.clone()),
                precision: ecole.map(|e| e.commune.nom.clone()),
                etat,
                raison,
                plateforme: en_vigueur.plateforme.to_string(),
                convention: en_vigueur.convention.to_string(),
                depuis: en_vigueur.depuis,
            }
        };
        deployees.iter().map(vue).collect()
    }

    fn nombre(&self, jour: Jour) -> usize {
        let deploiement = self.registre.deploiement();
        let deployees = deploiement.deployees_de(self.annuaire, &self.perimetre, jour);
        let vues = deployees.into_iter();
        vues.filter(|uai| voit_ecole(self.appelant, self.annuaire, *uai))
            .count()
    }

    /// One point a rentrée, from the first convention's to the next one, which conventions already
    /// tell of.
    fn courbe(&self) -> Vec<PointRentree> {
        let Some(premier) = self.registre.deploiement().premier_jour() else {
            return Vec::new();
        };
        let derniere = self.aujourdhui.annee_scolaire().suivante();
        let annees = std::iter::successors(Some(premier.annee_scolaire()), |a| Some(a.suivante()));
        annees
            .take(ANNEES_MAX)
            .take_while(|annee| *annee <= derniere)
            .map(|annee| PointRentree {
                annee,
                // 1 September, which is 31 days after 1 August.
                deployees: self.nombre(annee.debut().plus(31)),
            })
            .collect()
    }

    fn participation(&self, jour: Jour) -> (Vec<ParticipationRendue>, u64) {
        if !lit_les_conventions(self.appelant) {
            return (Vec::new(), 0);
        }
        let conventions = self.registre.conventions();
        let dues = participations(conventions, jour.annee_scolaire(), |uai| self.retient(uai));
        let totale = dues.iter().map(|p| p.total_centimes).sum();
        let rendues = dues.into_iter().map(|p| ParticipationRendue {
            annee: p.annee,
            convention: p.convention.to_string(),
            autorite_nom: nom_autorite(self.annuaire, &p.autorite),
            ecoles: p.ecoles,
            prix: p.prix.to_string(),
            total: euros(p.total_centimes),
        });
        (rendues.collect(), totale)
    }
}

/// An amount in euros.
fn euros(centimes: u64) -> String {
    format!("{},{:02}", centimes / 100, centimes % 100)
}
