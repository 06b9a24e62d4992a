//! `/api/v1/rapports`: the reports that are sent to oneself, and to the accounts one administers.

pub(super) mod apercu;
mod recueil;

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Extension, Json, Router};
use frequent_plan::{Jour, Niveau};
use frequent_reports::Modele;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Refus;
use super::administration::{administre, compte_administre, corps, inscrire};
use super::parametres::lire_niveau;
use crate::audit::Action;
use crate::comptes::{Compte, Droit};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;
use crate::rapports::{Abonnement, Demande, EtatEnvoi, Rapports, Rythme, envoyer_maintenant};

pub(crate) use recueil::recueillir;

/// A report to send, or what one is changed to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RapportEcrit {
    /// `comite` or `lettre`.
    #[schema(value_type = String, example = "lettre")]
    pub modele: Modele,
    /// Level of the territory.
    #[schema(example = "departement")]
    pub niveau: String,
    /// Its code.
    #[schema(example = "031")]
    pub code: String,
    /// The account that it is for, by whose rights it is computed; one's own when not given.
    #[serde(default)]
    pub destinataire: Option<String>,
    /// Where it is sent; not given: left in the folder.
    #[serde(default)]
    pub courriel: Option<String>,
    /// How often.
    pub rythme: Rythme,
}

/// How the last sending went.
#[derive(Debug, Serialize, ToSchema)]
pub struct DernierEnvoi {
    /// When, in UTC.
    #[schema(format = DateTime)]
    pub le: String,
    /// How.
    pub etat: EtatEnvoi,
    /// Why it failed.
    pub raison: Option<String>,
}

/// A report that is sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct RapportRendu {
    /// By which it is asked.
    pub id: String,
    /// `comite` or `lettre`.
    #[schema(value_type = String)]
    pub modele: Modele,
    /// Level of the territory.
    #[schema(value_type = String)]
    pub niveau: Niveau,
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// The account that it is for.
    pub destinataire: String,
    /// The name of its holder.
    pub destinataire_nom: String,
    /// Where it is sent; null: left in the folder.
    pub courriel: Option<String>,
    /// How often.
    pub rythme: Rythme,
    /// The last sending; null before the first.
    pub dernier: Option<DernierEnvoi>,
    /// When it is tried again after a failure, in UTC; null when it did not fail on its day.
    #[schema(format = DateTime)]
    pub nouvel_essai: Option<String>,
    /// The next day that it is due; null when it is sent on demand.
    #[schema(value_type = Option<String>, format = Date)]
    pub prochain: Option<Jour>,
}

/// The reports sent to the caller, and to the accounts that the caller administers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseRapports {
    /// By territory, then recipient.
    pub rapports: Vec<RapportRendu>,
    /// Whether mails can be sent.
    pub par_courriel: bool,
    /// Whether reports can be left in a folder.
    pub par_dossier: bool,
}

/// The routes, for people only.
pub(super) fn routes() -> Router<Arc<Etat>> {
    Router::new()
        .route("/api/v1/rapports", get(lister).post(creer))
        .route("/api/v1/rapports/apercu", get(apercu::apercu))
        .route("/api/v1/rapports/{id}", put(modifier).delete(supprimer))
        .route("/api/v1/rapports/{id}/envoi", post(envoyer))
}

/// The account of a recipient, when the caller may decide what it receives.
async fn destinataire(
    etat: &Etat,
    appelant: &Appelant,
    identifiant: &str,
) -> Result<Compte, Erreur> {
    if identifiant == appelant.compte().identifiant {
        return Ok(appelant.compte().clone());
    }
    compte_administre(etat, appelant, identifiant).await
}

/// The report of this identifier, when it is the caller's to decide. Any other is as if it did not
/// exist.
async fn sien(etat: &Etat, appelant: &Appelant, id: &str) -> Result<(Abonnement, Compte), Erreur> {
    let abonnement = Rapports::new(etat.base()).un(id).await?;
    let abonnement = abonnement.ok_or(Erreur::SansObjet)?;
    let compte = destinataire(etat, appelant, &abonnement.demande.destinataire).await?;
    Ok((abonnement, compte))
}

/// What is asked for, when both the caller and the recipient see the territory.
async fn lire(
    etat: &Etat,
    appelant: &Appelant,
    ecrit: RapportEcrit,
) -> Result<(Demande, Compte), Erreur> {
    appelant.exiger(Droit::Chiffres)?;
    appelant.exiger(Droit::Export)?;
    let niveau = lire_niveau("niveau", &ecrit.niveau)?;
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, niveau, &ecrit.code)?;
    let moi = &appelant.compte().identifiant;
    let identifiant = ecrit.destinataire.as_deref().unwrap_or(moi);
    let compte = destinataire(etat, appelant, identifiant).await?;
    let lecteur = Appelant::new(compte.clone());
    if lecteur.territoire(&annuaire, niveau, &ecrit.code).is_err() {
        return Err(Erreur::Valeur(
            "Le destinataire ne voit pas ce territoire".to_owned(),
        ));
    }
    let rythmes = match ecrit.modele {
        Modele::Lettre => [Rythme::Hebdomadaire, Rythme::ALaDemande],
        Modele::Comite => [Rythme::Semestriel, Rythme::ALaDemande],
    };
    if !rythmes.contains(&ecrit.rythme) {
        return Err(Erreur::Valeur(
            "La lettre est hebdomadaire, le rapport de comité semestriel, ou l’un et l’autre à la demande".to_owned(),
        ));
    }
    let courriel = ecrit
        .courriel
        .filter(|courriel| !courriel.trim().is_empty());
    let remise = &etat.remise;
    let possible = match &courriel {
        Some(courriel) => {
            let adresse = remise.verifier(courriel);
            adresse.map_err(|_| {
                Erreur::Valeur("Cette adresse de courriel n’est pas acceptée ici".to_owned())
            })?;
            remise.smtp.is_some()
        }
        None => remise.dossier.is_some(),
    };
    if !possible {
        return Err(Erreur::Conflit(
            "Ce serveur n’a pas de quoi remettre ce rapport : voyez [rapports] dans les réglages"
                .to_owned(),
        ));
    }
    let demande = Demande {
        modele: ecrit.modele,
        niveau,
        code: ecrit.code,
        destinataire: compte.identifiant.clone(),
        courriel,
        rythme: ecrit.rythme,
    };
    Ok((demande, compte))
}

/// Tells the audit trail who will receive which figures, and who decided it.
async fn raconter(
    etat: &Etat,
    appelant: &Appelant,
    quoi: &str,
    abonnement: &Abonnement,
) -> Result<(), Erreur> {
    let demande = &abonnement.demande;
    let detail = json!({
        quoi: demande.modele.code(),
        "destinataire": demande.destinataire,
        "territoire": format!("{}:{}", demande.niveau, demande.code),
        "rythme": demande.rythme.code(),
    });
    inscrire(etat, appelant, Action::Export, "rapports", detail).await
}

fn rendre(etat: &Etat, abonnement: Abonnement, compte: &Compte) -> RapportRendu {
    let Abonnement {
        id,
        demande,
        dernier,
        essais,
        prochain_essai,
        ..
    } = abonnement;
    RapportRendu {
        id,
        modele: demande.modele,
        niveau: demande.niveau,
        nom: etat.nom(demande.niveau, &demande.code),
        code: demande.code,
        destinataire: demande.destinataire,
        destinataire_nom: compte.nom.clone(),
        courriel: demande.courriel,
        rythme: demande.rythme,
        dernier: dernier.map(|dernier| DernierEnvoi {
            le: dernier.le.timestamp().to_string(),
            etat: dernier.etat,
            raison: dernier.raison,
        }),
        nouvel_essai: (essais > 0).then(|| prochain_essai.timestamp().to_string()),
        prochain: demande.rythme.prochaine_echeance(etat.aujourdhui_a_paris()),
    }
}

/// The reports sent to the caller, and to the accounts that the caller administers.
#[utoipa::path(
    get,
    operation_id = "lister_rapports",
    path = "/api/v1/rapports",
    tag = "rapports",
    responses((status = 200, body = ReponseRapports), Refus)
)]
pub async fn lister(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
) -> Result<Json<ReponseRapports>, Erreur> {
    let mut comptes = vec![appelant.compte().clone()];
    if appelant.exiger(Droit::Comptes).is_ok() {
        for compte in etat.comptes.lister().await? {
            let soi = compte.identifiant == appelant.compte().identifiant;
            if !soi && administre(&etat, &appelant, &compte)? {
                comptes.push(compte);
            }
        }
    }
    let mut rapports = Vec::new();
    for abonnement in Rapports::new(etat.base()).lister().await? {
        let pour = &abonnement.demande.destinataire;
        if let Some(compte) = comptes.iter().find(|c| c.identifiant == *pour) {
            rapports.push(rendre(&etat, abonnement, compte));
        }
    }
    rapports.sort_by(|a, b| (&a.nom, &a.destinataire).cmp(&(&b.nom, &b.destinataire)));
    Ok(Json(ReponseRapports {
        rapports,
        par_courriel: etat.remise.smtp.is_some(),
        par_dossier: etat.remise.dossier.is_some(),
    }))
}

/// Sends a report to oneself or to an account one administers, from the next day due on.
#[utoipa::path(
    post,
    operation_id = "creer_rapport",
    path = "/api/v1/rapports",
    tag = "rapports",
    request_body = RapportEcrit,
    responses((status = 201, body = RapportRendu), Refus)
)]
pub async fn creer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    recu: Result<Json<RapportEcrit>, JsonRejection>,
) -> Result<(StatusCode, Json<RapportRendu>), Erreur> {
    let (demande, compte) = lire(&etat, &appelant, corps(recu)?).await?;
    let auteur = &appelant.compte().identifiant;
    let aujourdhui = etat.aujourdhui_a_paris();
    let rapports = Rapports::new(etat.base());
    let neuf = rapports.creer(&demande, auteur, aujourdhui).await?;
    raconter(&etat, &appelant, "cree", &neuf).await?;
    let rendu = rendre(&etat, neuf, &compte);
    Ok((StatusCode::CREATED, Json(rendu)))
}

/// Changes a report.
#[utoipa::path(
    put,
    operation_id = "modifier_rapport",
    path = "/api/v1/rapports/{id}",
    tag = "rapports",
    params(("id" = String, Path)),
    request_body = RapportEcrit,
    responses((status = 200, body = RapportRendu), Refus)
)]
pub async fn modifier(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
    recu: Result<Json<RapportEcrit>, JsonRejection>,
) -> Result<Json<RapportRendu>, Erreur> {
    sien(&etat, &appelant, &id).await?;
    let (demande, _) = lire(&etat, &appelant, corps(recu)?).await?;
    let rapports = Rapports::new(etat.base());
    let aujourdhui = etat.aujourdhui_a_paris();
    rapports.modifier(&id, &demande, aujourdhui).await?;
    let (abonnement, compte) = sien(&etat, &appelant, &id).await?;
    raconter(&etat, &appelant, "modifie", &abonnement).await?;
    Ok(Json(rendre(&etat, abonnement, &compte)))
}

/// Sends a report no more.
#[utoipa::path(
    delete,
    operation_id = "supprimer_rapport",
    path = "/api/v1/rapports/{id}",
    tag = "rapports",
    params(("id" = String, Path)),
    responses((status = 204), Refus)
)]
pub async fn supprimer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<StatusCode, Erreur> {
    let (abonnement, _) = sien(&etat, &appelant, &id).await?;
    Rapports::new(etat.base()).supprimer(&id).await?;
    raconter(&etat, &appelant, "supprime", &abonnement).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a report now, with its recipient's rights; how it went is in the answer.
#[utoipa::path(
    post,
    operation_id = "envoyer_rapport",
    path = "/api/v1/rapports/{id}/envoi",
    tag = "rapports",
    params(("id" = String, Path)),
    responses((status = 200, body = RapportRendu), Refus)
)]
pub async fn envoyer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    Path(id): Path<String>,
) -> Result<Json<RapportRendu>, Erreur> {
    let (abonnement, _) = sien(&etat, &appelant, &id).await?;
    let acteur = &appelant.compte().identifiant;
    envoyer_maintenant(&etat, &abonnement, acteur).await?;
    let (abonnement, compte) = sien(&etat, &appelant, &id).await?;
    Ok(Json(rendre(&etat, abonnement, &compte)))
}
