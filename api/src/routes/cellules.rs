//! `GET /api/v1/cellules`: stored cells, less what is secret.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::{Axe, Grain, Jour, Niveau, Periode};
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use super::couverture::{self, Couverture, Ecoles};
use super::incidents::IncidentDit;
use super::parametres::{Format, Parametres, lire_niveau, refus};
use super::tableur;
use crate::definitions::{self, Definitions};
use crate::donnees::{Cellule, Demande, Frontieres, Lue, ProfilCellule};
use crate::erreurs::{Erreur, ParametreInvalide};
use crate::etat::Etat;
use crate::porte::{self, Appelant, MesuresRendues};

/// Most periods of one request: the days of two school years.
const PERIODES_MAX: usize = 732;

/// Most periods of one request on the boundaries of now: each may have to be counted again.
const REDESSINEES_MAX: usize = 60;

/// The parameters as they were understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct Requete {
    /// Level of the cells.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// The one territory asked.
    pub code: Option<String>,
    /// Or the territory, `niveau:code`, inside which all of that level were asked.
    pub dans: Option<String>,
    /// Length of the periods.
    #[schema(value_type = String)]
    pub grain: Grain,
    /// Periods begin on this day or later.
    #[schema(value_type = String, format = Date)]
    pub du: Jour,
    /// And on this day or before.
    #[schema(value_type = String, format = Date)]
    pub au: Jour,
    /// The profile, `TOUS` for all together, `*` for each.
    #[schema(value_type = String)]
    pub profil: &'static str,
    /// The axis.
    #[schema(value_type = String)]
    pub axe: Axe,
    /// The member of the axis asked; none means all.
    pub membre: Option<String>,
    /// Whose boundaries the territories have: those of then or of now.
    pub frontieres: Frontieres,
}

/// A cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CelluleRendue {
    /// The territory.
    pub code: String,
    /// First day of the period.
    #[schema(value_type = String, format = Date)]
    pub debut: Jour,
    /// Last day of the period.
    #[schema(value_type = String, format = Date)]
    pub fin: Jour,
    /// Whether the period is not over.
    pub en_cours: bool,
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// The axis.
    #[schema(value_type = String)]
    pub axe: Axe,
    /// The member of the axis.
    pub membre: String,
    /// The four measures.
    #[serde(flatten)]
    pub mesures: MesuresRendues,
}

/// Cells; one that is absent is 0, and one that is masked is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseCellules {
    /// The parameters as they were understood.
    pub requete: Requete,
    /// What the figures mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
    /// What they cover.
    pub couverture: Couverture,
    /// What is declared of these schools on these days: see `/api/v1/incidents`.
    pub incidents: Vec<IncidentDit>,
    /// By period, territory, axis, profile and member.
    pub cellules: Vec<CelluleRendue>,
}

const ADMIS: [&str; 11] = [
    "niveau",
    "code",
    "dans",
    "grain",
    "du",
    "au",
    "profil",
    "axe",
    "membre",
    "frontieres",
    "format",
];

/// Cells of a territory, or of those of a level inside one, over the periods that begin in a range
/// of days.
#[utoipa::path(
    get,
    path = "/api/v1/cellules",
    tag = "chiffres",
    params(
        ("niveau" = String, Query, description = "Niveau des cellules"),
        ("code" = Option<String>, Query, description = "Le territoire ; ou bien « dans »"),
        ("dans" = Option<String>, Query, description = "Tous les territoires de ce niveau dans celui-ci, par exemple departement:031"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("du" = String, Query, description = "Premier jour (AAAA-MM-JJ) où une période peut commencer"),
        ("au" = String, Query, description = "Dernier jour où une période peut commencer"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent, * pour chacun"),
        ("axe" = Option<String>, Query, description = "Axe, total si absent"),
        ("membre" = Option<String>, Query, description = "Membre de l’axe, tous si absent"),
        ("frontieres" = Option<String>, Query, description = "alors (d’après l’annuaire en vigueur à la fin de chaque période, par défaut) ou maintenant ; des utilisateurs nuls : leur présence n’est plus conservée"),
        ("format" = Option<String>, Query, description = "json ou csv")
    ),
    responses(
        (status = 200, content((ReponseCellules = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn cellules(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let voulu = Voulu::lire(&parametres)?;
    let format = parametres.format()?;
    let annuaires = etat.annuaires();
    let aujourdhui = etat.aujourdhui(&*etat.annuaire()?, voulu.territoire.0, &voulu.territoire.1);
    let demande = Demande {
        niveau: voulu.requete.niveau,
        periodes: voulu.periodes.clone(),
        axe: voulu.requete.axe,
        profil: voulu.profil,
        membre: voulu.requete.membre.clone(),
        aujourdhui,
    };
    let (niveau, code) = &voulu.territoire;
    let (lecteur, frontieres) = (Arc::clone(&etat.lecteur), voulu.requete.frontieres);
    let lues = porte::sortir(
        &appelant,
        &annuaires,
        (*niveau, code),
        |portee| async move { lecteur.periodes(&portee, &demande, frontieres).await },
    )
    .await?;
    let jour = voulu.dernier_jour(aujourdhui);
    let dessinateur = match frontieres {
        Frontieres::Alors => annuaires.au(jour),
        Frontieres::Maintenant => annuaires.au(aujourdhui),
    };
    let dessinateur = dessinateur.ok_or(Erreur::SansAnnuaire)?;
    let periodes = voulu.periodes.clone();
    let lieu = (&**dessinateur, *niveau, code.as_str());
    let ecoles = couverture::lire(&etat, &appelant, lieu, periodes, jour).await?;
    match format {
        Format::Json => {
            Ok(Json(reponse(voulu.requete, &lues, &ecoles, aujourdhui)).into_response())
        }
        Format::Csv => csv(&etat, &voulu.requete, (&lues, &ecoles), aujourdhui),
    }
}

struct Voulu {
    requete: Requete,
    territoire: (Niveau, String),
    periodes: Vec<Periode>,
    profil: Option<ProfilCellule>,
}

impl Voulu {
    fn lire(parametres: &Parametres) -> Result<Self, ParametreInvalide> {
        let niveau = parametres.niveau("niveau")?;
        let code = parametres.texte("code").map(str::to_owned);
        let dans = parametres.texte("dans").map(str::to_owned);
        let territoire = match (&code, &dans) {
            (Some(code), None) => (niveau, code.clone()),
            (None, Some(dans)) => lire_dans(dans)?,
            _ => return Err(refus("code", "donnez soit « code », soit « dans ».")),
        };
        let grain = parametres.grain()?;
        let (du, au) = (parametres.jour("du")?, parametres.jour("au")?);
        let periodes = periodes(grain, du, au)?;
        let profil = parametres.profil_ou_chacun()?;
        let frontieres = parametres.frontieres()?;
        if frontieres == Frontieres::Maintenant && periodes.len() > REDESSINEES_MAX {
            let raison = format!("« maintenant » se lit sur {REDESSINEES_MAX} périodes au plus.");
            return Err(refus("frontieres", &raison));
        }
        let requete = Requete {
            niveau,
            code,
            dans,
            grain,
            du,
            au,
            profil: profil.map_or("*", ProfilCellule::code),
            axe: parametres.axe()?,
            membre: parametres.texte("membre").map(str::to_owned),
            frontieres,
        };
        Ok(Self {
            requete,
            territoire,
            periodes,
            profil,
        })
    }

    /// The last day asked that has come.
    fn dernier_jour(&self, aujourdhui: Jour) -> Jour {
        let fin = self.periodes.last().map_or(self.requete.au, |p| p.fin());
        fin.min(aujourdhui)
    }
}

fn lire_dans(dans: &str) -> Result<(Niveau, String), ParametreInvalide> {
    let (niveau, code) = dans
        .split_once(':')
        .ok_or_else(|| refus("dans", "s’écrit niveau:code, par exemple departement:031."))?;
    Ok((lire_niveau("dans", niveau)?, code.to_owned()))
}

/// The periods whose first day is in the range.
fn periodes(grain: Grain, du: Jour, au: Jour) -> Result<Vec<Periode>, ParametreInvalide> {
    if au < du {
        return Err(refus("au", "précède « du »."));
    }
    let contenant = Periode::contenant(grain, du);
    let premiere = if contenant.debut() < du {
        contenant.suivante()
    } else {
        contenant
    };
    let periodes: Vec<_> = premiere.jusqua(au).take(PERIODES_MAX + 1).collect();
    if periodes.len() > PERIODES_MAX {
        let raison = format!("plus de {PERIODES_MAX} périodes depuis « du ».");
        return Err(refus("au", &raison));
    }
    Ok(periodes)
}

fn reponse(
    requete: Requete,
    lues: &[Lue<MesuresRendues>],
    ecoles: &Ecoles,
    aujourdhui: Jour,
) -> ReponseCellules {
    ReponseCellules {
        definitions: definitions::de_cellules(requete.axe),
        couverture: Couverture::de(lues, ecoles),
        incidents: ecoles.incidents(),
        cellules: rendues(lues, aujourdhui).collect(),
        requete,
    }
}

fn rendues(lues: &[Lue<MesuresRendues>], aujourdhui: Jour) -> impl Iterator<Item = CelluleRendue> {
    let chacune =
        move |lue: &Lue<MesuresRendues>, cellule: &Cellule<MesuresRendues>| CelluleRendue {
            code: cellule.code.to_string(),
            debut: lue.periode.debut(),
            fin: lue.periode.fin(),
            en_cours: lue.periode.fin() >= aujourdhui,
            profil: cellule.profil,
            axe: cellule.axe,
            membre: cellule.membre.to_string(),
            mesures: cellule.mesures,
        };
    lues.iter()
        .flat_map(move |lue| lue.cellules.iter().map(move |c| chacune(lue, c)))
}

fn csv(
    etat: &Etat,
    requete: &Requete,
    (lues, ecoles): (&[Lue<MesuresRendues>], &Ecoles),
    aujourdhui: Jour,
) -> Result<Response, Erreur> {
    let entete = [
        "code",
        "nom",
        "debut",
        "fin",
        "en_cours",
        "profil",
        "axe",
        "membre",
        "visites",
        "utilisateurs",
        "duree_ms",
        "evenements",
        "incidents",
    ];
    let annuaire = etat.annuaire()?;
    let lignes = rendues(lues, aujourdhui).map(|cellule| {
        let [visites, utilisateurs, duree_ms, evenements] = cellule.mesures.cases();
        let territoire = annuaire.territoire(requete.niveau, &cellule.code);
        let siennes = annuaire.ecoles_de(requete.niveau, &cellule.code);
        let incidents = ecoles.dire_incidents(siennes.map(|e| e.uai), (cellule.debut, cellule.fin));
        vec![
            tableur::texte(&cellule.code),
            territoire.map_or_else(String::new, |t| tableur::texte(&t.nom)),
            cellule.debut.to_string(),
            cellule.fin.to_string(),
            if cellule.en_cours { "oui" } else { "non" }.to_owned(),
            cellule.profil.to_string(),
            cellule.axe.to_string(),
            tableur::texte(&cellule.membre),
            visites,
            utilisateurs,
            duree_ms,
            evenements,
            tableur::texte(&incidents),
        ]
    });
    let territoire = requete.code.as_ref().or(requete.dans.as_ref());
    let nom = format!(
        "frequent-{}-{}-{}-{}-{}",
        requete.niveau,
        territoire.map_or("", String::as_str),
        requete.axe,
        requete.du,
        requete.au
    );
    tableur::csv(&nom, &entete, lignes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    #[test]
    fn a_period_is_asked_when_its_first_day_is_in_the_range() {
        let debuts = |du, au| -> Vec<String> {
            let periodes = periodes(Grain::Semaine, jour(du), jour(au)).unwrap();
            periodes.iter().map(|p| p.debut().to_string()).collect()
        };
        assert_eq!(
            debuts("2026-11-16", "2026-11-23"),
            ["2026-11-16", "2026-11-23"]
        );
        assert_eq!(debuts("2026-11-17", "2026-11-29"), ["2026-11-23"]);
        assert!(debuts("2026-11-17", "2026-11-22").is_empty());
    }

    #[test]
    fn a_range_without_end_or_backwards_is_refused() {
        let faute = periodes(Grain::Jour, jour("1000-01-01"), jour("2026-01-01"));
        assert_eq!(faute.unwrap_err().nom, "au");
        let faute = periodes(Grain::Annee, jour("2026-01-02"), jour("2026-01-01"));
        assert_eq!(faute.unwrap_err().nom, "au");
    }
}
