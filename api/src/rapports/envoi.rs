//! Making a report for its recipient and making it reach them.

use std::sync::Arc;
use std::time::Duration;

use frequent_plan::{Instant, Jour, Niveau};
use frequent_reports::{Modele, composer, html, pdf, texte};
use serde_json::json;

use super::echeances::Jours;
use super::remise::Courrier;
use super::{Abonnement, Demande, Dernier, EtatEnvoi, Rapports, RapportsErreur};
use crate::audit::{Action, Ecriture, PLANIFICATEUR};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;
use crate::routes::recueillir;

/// Hour of the morning when reports begin to leave, in Paris.
const MATIN: Duration = Duration::from_hours(6);
/// How long who sends one holds it.
const PRISE: Duration = Duration::from_mins(15);
/// Tries before a day due is given up: over twenty hours.
const ESSAIS_MAX: u32 = 6;
/// Before the second try; three times as long before each next one.
const ATTENTE: Duration = Duration::from_mins(10);

/// How a sending went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envoi {
    /// The report.
    pub id: String,
    /// How it went.
    pub etat: EtatEnvoi,
}

/// Sends what is due. To be called every minute.
///
/// # Errors
/// The database refuses. A report that fails is no error: it is told in the list and in the log.
pub async fn tour(etat: &Arc<Etat>) -> Result<Vec<Envoi>, RapportsErreur> {
    let rapports = Rapports::new(etat.base());
    let maintenant = etat.maintenant();
    let jour = etat.jour_a_paris(decale(maintenant, MATIN, -1));
    let mut envois = Vec::new();
    for abonnement in rapports.lister().await? {
        let due = abonnement.demande.rythme.derniere_echeance(jour);
        let Some(due) = due.filter(|due| *due > abonnement.servie) else {
            continue;
        };
        let prise = (maintenant, decale(maintenant, PRISE, 1));
        if !rapports.prendre(&abonnement.id, due, prise).await? {
            continue;
        }
        let dernier = envoyer(etat, &abonnement, due, PLANIFICATEUR).await?;
        let essais = abonnement.essais + 1;
        if dernier.etat != EtatEnvoi::Echec {
            rapports.servir(&abonnement.id, due).await?;
        } else if essais < ESSAIS_MAX {
            let attente = ATTENTE * 3_u32.pow(essais - 1);
            let prochain = decale(etat.maintenant(), attente, 1);
            rapports.reporter(&abonnement.id, essais, prochain).await?;
        } else {
            tracing::error!(rapport = %abonnement.id, essais, "report given up");
            rapports.servir(&abonnement.id, due).await?;
            prevenir(etat, &abonnement, &dernier).await;
        }
        envois.push(Envoi {
            id: abonnement.id,
            etat: dernier.etat,
        });
    }
    Ok(envois)
}

fn decale(instant: Instant, duree: Duration, sens: i64) -> Instant {
    let ms = i64::try_from(duree.as_millis()).unwrap_or(i64::MAX);
    Instant(instant.0.saturating_add(ms * sens))
}

/// Makes a report with its recipient's rights and makes it reach them; says how it went in the list,
/// and in the audit trail when figures left.
///
/// # Errors
/// The database refuses.
pub async fn envoyer(
    etat: &Arc<Etat>,
    abonnement: &Abonnement,
    jour: Jour,
    acteur: &str,
) -> Result<Dernier, RapportsErreur> {
    let jours = Jours::au(abonnement.demande.modele, jour);
    let issue = remettre(etat, abonnement, (jour, jours), acteur).await;
    let (envoi, raison) = match issue {
        Ok(envoi) => (envoi, None),
        Err(Manque { genre, raison }) => {
            tracing::warn!(rapport = %abonnement.id, cause = genre, "report not sent");
            (EtatEnvoi::Echec, Some(raison))
        }
    };
    let dernier = Dernier {
        le: etat.maintenant(),
        etat: envoi,
        raison,
    };
    let rapports = Rapports::new(etat.base());
    rapports.noter(&abonnement.id, &dernier).await?;
    Ok(dernier)
}

/// Sends a report today, whatever is due.
///
/// # Errors
/// See [`envoyer`].
pub async fn envoyer_maintenant(
    etat: &Arc<Etat>,
    abonnement: &Abonnement,
    acteur: &str,
) -> Result<Dernier, RapportsErreur> {
    envoyer(etat, abonnement, etat.aujourdhui_a_paris(), acteur).await
}

/// A report, written.
#[derive(Debug)]
pub struct Ecrit {
    /// In plain text.
    pub texte: String,
    /// In HTML.
    pub html: String,
    /// In tagged PDF.
    pub pdf: Vec<u8>,
    /// Its title.
    pub titre: String,
}

/// Writes a report as an account would receive it today, or that of the days that contain one.
///
/// # Errors
/// No such account, a territory that it does not see, or figures that cannot be read.
pub async fn ecrire_apercu(
    etat: &Arc<Etat>,
    identifiant: &str,
    modele: Modele,
    lieu: (Niveau, &str),
    contenant: Option<Jour>,
    acteur: &str,
) -> Result<Ecrit, Erreur> {
    let compte = etat.comptes.compte(identifiant).await?;
    let compte = compte.ok_or(Erreur::SansObjet)?;
    let jours = match contenant {
        Some(jour) => Jours::contenant(modele, jour),
        None => Jours::au(modele, etat.aujourdhui_a_paris()),
    };
    let ecrit = ecrire(etat, &Appelant::new(compte), modele, lieu, jours).await?;
    let detail = json!({
        "modele": modele.code(),
        "destinataire": identifiant,
        "territoire": format!("{}:{}", lieu.0, lieu.1),
    });
    let ecriture = Ecriture::new(acteur, Action::Export, "rapports/apercu").avec(detail);
    etat.audit.inscrire(ecriture).await?;
    Ok(ecrit)
}

/// Why nothing reached anyone: for the log, and for people.
struct Manque {
    genre: &'static str,
    raison: String,
}

impl From<Erreur> for Manque {
    fn from(erreur: Erreur) -> Self {
        if erreur.statut().is_server_error() {
            tracing::error!(%erreur, "report not computed");
        }
        Self {
            genre: "figures",
            raison: erreur.probleme().detail,
        }
    }
}

impl From<super::RemiseErreur> for Manque {
    fn from(erreur: super::RemiseErreur) -> Self {
        Self {
            genre: erreur.genre(),
            raison: erreur.dire(),
        }
    }
}

async fn remettre(
    etat: &Arc<Etat>,
    abonnement: &Abonnement,
    (jour, jours): (Jour, Jours),
    acteur: &str,
) -> Result<EtatEnvoi, Manque> {
    let demande = &abonnement.demande;
    let compte = etat.comptes.compte(&demande.destinataire).await;
    let compte = compte.map_err(Erreur::from)?.ok_or(Erreur::SansObjet)?;
    let lieu = (demande.niveau, demande.code.as_str());
    let ecrit = ecrire(etat, &Appelant::new(compte), demande.modele, lieu, jours).await?;
    // Told before it leaves: what cannot be told is not sent.
    let par = if demande.courriel.is_some() {
        "courriel"
    } else {
        "dossier"
    };
    let detail = json!({
        "modele": demande.modele.code(),
        "destinataire": demande.destinataire,
        "territoire": format!("{}:{}", demande.niveau, demande.code),
        "debut": jours.debut().to_string(),
        "par": par,
    });
    let ecriture = Ecriture::new(acteur, Action::Export, "rapports").avec(detail);
    etat.audit.inscrire(ecriture).await.map_err(Erreur::from)?;
    let courrier = Courrier {
        numero: format!("rapport-{}-{jour}", abonnement.id),
        nom: nom(demande, jours),
        ecrit,
    };
    let adresse = demande.courriel.as_deref();
    Ok(etat.remise.remettre(adresse, courrier).await?)
}

async fn ecrire(
    etat: &Arc<Etat>,
    appelant: &Appelant,
    modele: Modele,
    lieu: (Niveau, &str),
    jours: Jours,
) -> Result<Ecrit, Erreur> {
    let donnees = recueillir(etat, appelant, lieu, jours).await?;
    // Thousands of rows are put on pages off the threads that serve.
    let travail = tokio::task::spawn_blocking(move || {
        let document = composer(modele, &donnees);
        let interne = |faute: String| Erreur::Interne(faute);
        Ok(Ecrit {
            texte: texte(&document),
            html: html(&document).map_err(|f| interne(f.to_string()))?,
            pdf: pdf(&document).map_err(|f| interne(f.to_string()))?,
            titre: document.titre,
        })
    });
    let ecrit = travail.await;
    ecrit.map_err(|panne| Erreur::Interne(panne.to_string()))?
}

/// A name for a report's files: letters, digits and dashes.
fn nom(demande: &Demande, jours: Jours) -> String {
    let nom = format!(
        "frequent-{}-{}-{}-{}-{}",
        demande.modele,
        demande.niveau,
        demande.code,
        jours.debut(),
        demande.destinataire
    );
    let permis = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    nom.chars()
        .map(|c| if permis(c) { c } else { '_' })
        .collect()
}

/// Tells who should have had it, once it is given up: the mail server may have been there all along.
async fn prevenir(etat: &Etat, abonnement: &Abonnement, dernier: &Dernier) {
    let demande = &abonnement.demande;
    let Some(courriel) = &demande.courriel else {
        return;
    };
    let quoi = demande.modele.nom();
    let lieu = etat.nom(demande.niveau, &demande.code);
    let raison = dernier.raison.as_deref().unwrap_or_default();
    let objet = format!("{quoi}\u{a0}: {lieu}, non envoyé");
    let texte = format!(
        "Bonjour,\n\nCe rapport n’a pas pu être établi ou envoyé\u{a0}: {quoi}, {lieu}.\nRaison\u{a0}: {raison}\n\nIl sera essayé de nouveau à la prochaine échéance. Vous pouvez aussi l’envoyer depuis la page «\u{a0}Rapports\u{a0}» de la console.\n"
    );
    let prevenu = etat.remise.prevenir(courriel, &objet, &texte).await;
    if prevenu.is_none() {
        tracing::warn!(rapport = %abonnement.id, "its recipient could not be told that it failed");
    }
}
