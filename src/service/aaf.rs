//! The directory feed: what is deposited in the watched folder or on the SFTP server is imported,
//! then destroyed, and the audit trail says so.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use frequent_api::Etat;
use frequent_api::audit::{Action, Ecriture, Journal, PLANIFICATEUR};
use frequent_plan::Lac;
use frequent_territory::aaf::{
    Depot, Destruction, Rapport, Reglages, Serveur, importer_et_detruire, oublier, relever,
};
use serde_json::json;

use crate::reglages::ReglagesAaf;

/// What stops an import; it crosses threads.
pub type Faute = Box<dyn std::error::Error + Send + Sync>;

/// Looks at the folder and at the server as long as this one runs.
pub async fn suivre(etat: Arc<Etat>, lac: Lac, reglages: ReglagesAaf) {
    let lecture = reglages.lecture();
    let serveur = reglages.serveur();
    let mut depot = reglages.dossier().map(Depot::new);
    if depot.is_none() && serveur.is_none() {
        return;
    }
    loop {
        if let Some(ancien) = depot.take() {
            let (rendu, issue) = regarder(ancien, lac.clone(), lecture.clone()).await;
            depot = rendu;
            suite(etat.audit(), PLANIFICATEUR, issue).await;
        }
        if let Some(serveur) = &serveur {
            let issue = tirer(&lac, serveur, &lecture, reglages.sftp_detruire).await;
            suite(etat.audit(), PLANIFICATEUR, issue).await;
        }
        tokio::time::sleep(reglages.intervalle()).await;
    }
}

/// One look at the folder, off the threads that serve.
async fn regarder(
    mut depot: Depot,
    lac: Lac,
    lecture: Reglages,
) -> (Option<Depot>, Result<Vec<Destruction>, Faute>) {
    let regard = tokio::task::spawn_blocking(move || {
        let issue = depot.passer(&lac, &lecture, &mut noter);
        (depot, issue)
    });
    match regard.await {
        Ok((depot, issue)) => (Some(depot), issue.map_err(Into::into)),
        Err(panne) => (None, Err(panne.into())),
    }
}

/// Pulls what is on a server, imports and destroys it here, and there too when that is asked.
///
/// # Errors
/// The server or what it holds is refused.
pub async fn tirer(
    lac: &Lac,
    serveur: &Serveur,
    lecture: &Reglages,
    detruire: bool,
) -> Result<Vec<Destruction>, Faute> {
    let dossier = dossier_prive(lac)?;
    let releves = relever(serveur, &dossier).await?;
    if est_vide(&dossier)? {
        return Ok(Vec::new());
    }
    let (lac, lecture) = (lac.clone(), lecture.clone());
    let import = tokio::task::spawn_blocking(move || {
        importer_et_detruire(&lac, &dossier, &lecture, &mut noter)
    });
    let detruites = import.await??;
    if detruire {
        oublier(serveur, &releves).await?;
    }
    Ok(detruites)
}

/// Where archives lie between the server and their import.
fn dossier_prive(lac: &Lac) -> std::io::Result<PathBuf> {
    let dossier = lac.attente_aaf();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&dossier)?;
    Ok(dossier)
}

fn est_vide(dossier: &Path) -> std::io::Result<bool> {
    Ok(fs::read_dir(dossier)?.next().is_none())
}

fn noter(rapport: &Rapport) {
    tracing::info!(
        extraction = %rapport.extraction,
        fichiers = rapport.fichiers.len(),
        structures = rapport.structures,
        ecartes = rapport.ecartes(),
        "AAF extraction imported"
    );
    if !rapport.lacune.est_vide() {
        tracing::warn!(
            extraction = %rapport.extraction,
            jours = rapport.lacune.jours.len(),
            inconnus = rapport.lacune.inconnus,
            "AAF changes seem to be missing before this extraction: the next whole one mends it"
        );
    }
}

/// Writes in the audit trail what was destroyed, in the log what failed.
async fn suite(audit: &Journal, acteur: &str, issue: Result<Vec<Destruction>, Faute>) {
    match issue {
        Ok(detruites) => {
            if let Err(faute) = inscrire(audit, acteur, &detruites).await {
                tracing::error!(%faute, "destruction of AAF files not recorded");
            }
        }
        Err(faute) => tracing::error!(%faute, "AAF extraction not imported"),
    }
}

/// Writes in the audit trail what was destroyed.
///
/// # Errors
/// The trail cannot be written.
pub async fn inscrire(
    audit: &Journal,
    acteur: &str,
    detruites: &[Destruction],
) -> Result<(), Faute> {
    for detruite in detruites {
        let ecriture = Ecriture::new(acteur, Action::Destruction, &detruite.fichier);
        let detail = json!({
            "regle": "fichier AAF détruit après son import",
            "octets": detruite.octets,
            "sha256": detruite.empreinte,
        });
        audit.inscrire(ecriture.avec(detail)).await?;
    }
    Ok(())
}
