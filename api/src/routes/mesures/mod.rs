//! `/api/v1/mesures`: exact measures over any days, of a territory or of any schools.

mod demande;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::{Axe, Grain, Jour, Periode, Uai};
use frequent_territory::{Annuaire, Annuaires};
use serde::Serialize;
use utoipa::ToSchema;

use super::couverture::{Couverture, Ecoles, incidents_de};
use super::incidents::IncidentDit;
use super::parametres::{Format, Parametres};
use super::{Refus, tableur};
use crate::definitions::{self, Definitions};
use crate::donnees::{
    Cellule, DemandeLibre, Frontieres, LieuLibre, PLAFOND, Portrait, ProfilCellule, Vues,
};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};
use demande::{ADMIS, Voulu};

pub(super) use demande::LieuDemande;
pub use demande::{CorpsMesures, RequeteMesures};

/// Bytes of a body: ten thousand schools.
pub(super) const CORPS_MAX: usize = 256 << 10;

/// A measured cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CelluleLibre {
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// The axis.
    #[schema(value_type = String)]
    pub axe: Axe,
    /// The member of the axis.
    pub membre: String,
    /// The four measures; users alone are null where they can no longer be counted.
    #[serde(flatten)]
    pub mesures: MesuresRendues,
}

/// Why users can no longer be counted over these days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UtilisateursAbsents {
    /// A day whose presence is no longer kept.
    #[schema(value_type = String, format = Date)]
    pub jour: Jour,
    /// The reason, to be read.
    pub raison: String,
}

/// Measures over free days; a cell that is absent is 0 if `etat` is `mesure`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseMesures {
    /// The parameters as they were understood.
    pub requete: RequeteMesures,
    /// What the figures mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
    /// What they cover.
    pub couverture: Couverture,
    /// What is declared of these schools on these days: see `/api/v1/incidents`.
    pub incidents: Vec<IncidentDit>,
    /// Whether the perimeter was measured, or why not.
    pub etat: EtatMesures,
    /// Why users are absent; null when they are there.
    pub utilisateurs_absents: Option<UtilisateursAbsents>,
    /// By profile and member.
    pub cellules: Vec<CelluleLibre>,
}

/// Exact measures over any days: users counted once over all the days and schools.
#[utoipa::path(
    get,
    path = "/api/v1/mesures",
    tag = "chiffres",
    params(
        ("perimetre" = Option<String>, Query, description = "Le territoire, par exemple departement:031, ou un périmètre nommé, ensemble:identifiant ; ou bien « ecoles »"),
        ("ecoles" = Option<String>, Query, description = "Des UAI séparés par des virgules, 1 000 au plus"),
        ("du" = Option<String>, Query, description = "Premier jour (AAAA-MM-JJ) ; avec « au », 400 jours au plus"),
        ("au" = Option<String>, Query, description = "Dernier jour"),
        ("jours" = Option<String>, Query, description = "Ou bien des jours séparés par des virgules, 400 au plus"),
        ("axe" = Option<String>, Query, description = "Axe, total si absent"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent, * pour chacun"),
        ("membre" = Option<String>, Query, description = "Membre de l’axe, tous si absent"),
        ("frontieres" = Option<String>, Query, description = "alors (le territoire d’après l’annuaire en vigueur le dernier jour, par défaut) ou maintenant"),
        ("format" = Option<String>, Query, description = "json ou csv")
    ),
    responses(
        (status = 200, content((ReponseMesures = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn mesures(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let voulu = Voulu::d_adresse(&Parametres::lire(&adresse, &ADMIS)?)?;
    repondre(&etat, &appelant, voulu).await
}

/// The same, asked by a body: for long lists of schools.
#[utoipa::path(
    post,
    operation_id = "mesurer_ecoles",
    path = "/api/v1/mesures",
    tag = "chiffres",
    request_body = CorpsMesures,
    responses(
        (status = 200, content((ReponseMesures = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn mesures_du_corps(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    corps: Result<Json<CorpsMesures>, JsonRejection>,
) -> Result<Response, Erreur> {
    let Json(corps) = corps.map_err(|refus| corps_refuse(&refus))?;
    repondre(&etat, &appelant, Voulu::de_corps(corps)?).await
}

fn corps_refuse(refus: &JsonRejection) -> Erreur {
    match refus {
        JsonRejection::MissingJsonContentType(_) => Erreur::TypeDeContenu,
        JsonRejection::JsonDataError(_) => Erreur::Corps(
            "les champs admis sont ceux de la description de l’API, en textes ou listes de textes",
        ),
        JsonRejection::JsonSyntaxError(_) => Erreur::Corps("ce n’est pas du JSON"),
        _ => Erreur::Corps("il est trop long ou interrompu"),
    }
}

/// What left the gate: the cells, what was found of the days, the schools heard anywhere.
type Sorties = ((Vec<Cellule<MesuresRendues>>, Portrait), Vues);

async fn repondre(etat: &Etat, appelant: &Appelant, voulu: Voulu) -> Result<Response, Erreur> {
    let annuaire = etat.annuaire()?;
    let aujourdhui = match &voulu.lieu {
        LieuDemande::Territoire(niveau, code) => etat.aujourdhui(&annuaire, *niveau, code),
        LieuDemande::Ecoles(_) | LieuDemande::Ensemble(_) => etat.aujourdhui_a_paris(),
    };
    let jour = voulu.requete.au.min(aujourdhui);
    let annuaires = etat.annuaires();
    let dessinateur = match voulu.requete.frontieres {
        Frontieres::Alors => annuaires.au(jour),
        Frontieres::Maintenant => annuaires.au(aujourdhui),
    };
    let dessinateur = dessinateur.ok_or(Erreur::SansAnnuaire)?;
    let lieu = resoudre(etat, appelant, &voulu.lieu, dessinateur).await?;
    let perimetre: BTreeSet<Uai> = match &lieu {
        LieuLibre::Ecoles(ecoles) => ecoles.clone(),
        LieuLibre::Territoire(annuaire, niveau, code) => {
            annuaire.ecoles_de(*niveau, code).map(|e| e.uai).collect()
        }
    };
    let demande = DemandeLibre {
        lieu,
        jours: voulu.jours.clone(),
        axe: voulu.requete.axe,
        aujourdhui,
    };
    let ((mut cellules, portrait), vues) = sortir(etat, appelant, &annuaires, demande).await?;
    cellules.retain(|c| voulu.retient(c));
    if cellules.len() > PLAFOND {
        return Err(Erreur::TropDeCellules(PLAFOND));
    }
    let registre = etat.conventions.registre();
    let jours = (voulu.requete.du, jour);
    let incidents = incidents_de(etat, dessinateur, &perimetre, jours).await?;
    let ecoles = Ecoles::de(&perimetre, &vues, registre.deploiement(), jour)
        .avec_incidents(incidents, &vues);
    let dits = ecoles.dire_incidents(perimetre.iter().copied(), jours);
    let reponse = ReponseMesures {
        definitions: definitions::de_cellules(voulu.requete.axe),
        couverture: Couverture::de_sources(portrait.source.iter(), &ecoles),
        incidents: ecoles.incidents(),
        etat: ecoles.etat(perimetre),
        utilisateurs_absents: portrait.sans_presence.map(UtilisateursAbsents::le),
        cellules: cellules
            .into_iter()
            .map(|cellule| CelluleLibre::de(&cellule, portrait.sans_presence))
            .collect(),
        requete: voulu.requete,
    };
    match voulu.format {
        Format::Json => Ok(Json(reponse).into_response()),
        Format::Csv => csv(&reponse, &dits),
    }
}

/// What is measured: a territory drawn by this directory, or schools. A named perimeter is the
/// schools that it has, and the caller's must hold it.
async fn resoudre(
    etat: &Etat,
    appelant: &Appelant,
    lieu: &LieuDemande,
    annuaire: &Arc<Annuaire>,
) -> Result<LieuLibre, Erreur> {
    let id = match lieu {
        LieuDemande::Territoire(niveau, code) => {
            let annuaire = Arc::clone(annuaire);
            return Ok(LieuLibre::Territoire(annuaire, *niveau, code.clone()));
        }
        LieuDemande::Ecoles(ecoles) => return Ok(LieuLibre::Ecoles(ecoles.clone())),
        LieuDemande::Ensemble(id) => id,
    };
    let (_, ecoles) = ensemble_nomme(etat, appelant, id, annuaire).await?;
    Ok(LieuLibre::Ecoles(ecoles))
}

/// The name and the schools of a named perimeter that the caller's holds; any other is as if it did
/// not exist.
pub(super) async fn ensemble_nomme(
    etat: &Etat,
    appelant: &Appelant,
    id: &str,
    annuaire: &Annuaire,
) -> Result<(String, BTreeSet<Uai>), Erreur> {
    let nomme = etat.comptes.perimetre(id).await?.ok_or(Erreur::SansObjet)?;
    let perimetre = nomme.perimetre;
    let vu = appelant.perimetre().ok_or(Erreur::SansTerritoire)?;
    if !vu.inclut(&*etat.annuaire()?, &perimetre) {
        return Err(Erreur::SansObjet);
    }
    let connues = annuaire.ecoles().map(|ecole| ecole.uai);
    let siennes = connues.filter(|uai| perimetre.contient_ecole(annuaire, *uai));
    let nommees = perimetre.ecoles().iter().copied();
    Ok((nomme.nom, siennes.chain(nommees).collect()))
}

/// Reads through the gate.
async fn sortir(
    etat: &Etat,
    appelant: &Appelant,
    annuaires: &Arc<Annuaires>,
    demande: DemandeLibre,
) -> Result<Sorties, Erreur> {
    let lecteur = Arc::clone(&etat.lecteur);
    let jours = demande.jours.iter();
    let periodes = jours.map(|j| Periode::contenant(Grain::Jour, *j)).collect();
    let lieu = demande.lieu.clone();
    let lire = |annuaires: Arc<Annuaires>| async move {
        let libres = lecteur.libres(&annuaires, demande).await?;
        Ok(libres.avec(lecteur.ecoles_vues(periodes).await?))
    };
    match lieu {
        LieuLibre::Territoire(_, niveau, code) => {
            porte::sortir(appelant, annuaires, (niveau, &code), |portee| {
                lire(Arc::clone(portee.annuaires()))
            })
            .await
        }
        LieuLibre::Ecoles(ecoles) => {
            porte::sortir_libre(appelant, annuaires, ecoles, |portee| {
                lire(Arc::clone(portee.annuaires()))
            })
            .await
        }
    }
}

impl UtilisateursAbsents {
    fn le(jour: Jour) -> Self {
        Self {
            jour,
            raison: format!(
                "La présence du {jour} n’est plus conservée : les utilisateurs de ces jours ne peuvent plus être comptés ensemble."
            ),
        }
    }
}

impl CelluleLibre {
    fn de(cellule: &Cellule<MesuresRendues>, sans_presence: Option<Jour>) -> Self {
        Self {
            profil: cellule.profil,
            axe: cellule.axe,
            membre: cellule.membre.to_string(),
            mesures: match sans_presence {
                Some(_) => cellule.mesures.sans_utilisateurs(),
                None => cellule.mesures,
            },
        }
    }
}

fn csv(reponse: &ReponseMesures, incidents: &str) -> Result<Response, Erreur> {
    let entete = [
        "du",
        "au",
        "jours",
        "profil",
        "axe",
        "membre",
        "visites",
        "utilisateurs",
        "duree_ms",
        "evenements",
        "ecoles_mesurees",
        "ecoles_deployees",
        "mesurees_sans_convention",
        "incidents",
    ];
    let (requete, couverture) = (&reponse.requete, &reponse.couverture);
    let lignes = reponse.cellules.iter().map(|cellule| {
        let mut cases = vec![
            requete.du.to_string(),
            requete.au.to_string(),
            requete.jours.to_string(),
            cellule.profil.to_string(),
            cellule.axe.to_string(),
            tableur::texte(&cellule.membre),
        ];
        let mut mesures = cellule.mesures.cases();
        if reponse.utilisateurs_absents.is_some() && cellule.mesures.visites().is_some() {
            mesures[1].clear();
        }
        cases.extend(mesures);
        cases.push(couverture.ecoles_mesurees.to_string());
        for nombre in [
            couverture.ecoles_deployees,
            couverture.mesurees_sans_convention,
        ] {
            cases.push(nombre.map_or_else(String::new, |nombre| nombre.to_string()));
        }
        cases.push(tableur::texte(incidents));
        cases
    });
    let perimetre = requete.perimetre.as_deref().unwrap_or("ecoles");
    let nom = format!(
        "frequent-mesures-{perimetre}-{}-{}-{}",
        requete.axe, requete.du, requete.au
    );
    tableur::csv(&nom, &entete, lignes)
}
