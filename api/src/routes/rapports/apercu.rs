//! `GET /api/v1/rapports/apercu`: a report as its recipient would receive it.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use frequent_plan::Niveau;
use frequent_reports::{FEUILLE, Modele, composer, html, pdf};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::Refus;
use super::super::administration::inscrire;
use super::super::parametres::{Parametres, refus};
use super::{destinataire, recueillir};
use crate::audit::Action;
use crate::comptes::Droit;
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;
use crate::rapports::Jours;

const ADMIS: [&str; 6] = ["modele", "niveau", "code", "jour", "destinataire", "format"];

/// A report as the caller, or an account that the caller administers, would receive it: with the
/// rights of who receives it.
///
/// That of today, or of the days that contain one.
#[utoipa::path(
    get,
    operation_id = "apercu_rapport",
    path = "/api/v1/rapports/apercu",
    tag = "rapports",
    params(
        ("modele" = String, Query, description = "comite ou lettre"),
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("jour" = Option<String>, Query, description = "Un jour de la semaine (lettre) ou du semestre (comité) voulu ; sans lui, ceux d’un rapport envoyé aujourd’hui"),
        ("destinataire" = Option<String>, Query, description = "Le compte dont les droits valent : soi-même, ou un compte que l’on administre ; soi-même s’il manque"),
        ("format" = Option<String>, Query, description = "html (par défaut) ou pdf")
    ),
    responses(
        (status = 200, content((String = "text/html"), (String = "application/pdf"))),
        Refus
    )
)]
pub async fn apercu(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let modele = parametres.obligatoire("modele")?;
    let modele = Modele::de_code(modele)
        .ok_or_else(|| refus("modele", "valeurs admises : comite, lettre."))?;
    let lieu = (
        parametres.niveau("niveau")?,
        parametres.obligatoire("code")?,
    );
    appelant.exiger(Droit::Chiffres)?;
    appelant.territoire(&*etat.annuaire()?, lieu.0, lieu.1)?;
    let en_pdf = match parametres.texte("format") {
        None | Some("html") => false,
        Some("pdf") => true,
        Some(_) => return Err(refus("format", "valeurs admises : html, pdf.").into()),
    };
    let lecteur = match parametres.texte("destinataire") {
        None => appelant.clone(),
        Some(identifiant) => {
            let compte = destinataire(&etat, &appelant, identifiant).await?;
            let lecteur = Appelant::new(compte);
            lecteur.territoire(&*etat.annuaire()?, lieu.0, lieu.1)?;
            lecteur
        }
    };
    let jours = match parametres.texte("jour") {
        Some(_) => Jours::contenant(modele, parametres.jour("jour")?),
        None => Jours::au(modele, etat.aujourdhui_a_paris()),
    };
    let donnees = recueillir(&etat, &lecteur, lieu, jours).await?;
    let ecrire = move || {
        let document = composer(modele, &donnees);
        if en_pdf {
            pdf(&document).map_err(|faute| Erreur::Interne(faute.to_string()))
        } else {
            let ecrit = html(&document).map(String::into_bytes);
            ecrit.map_err(|faute| Erreur::Interne(faute.to_string()))
        }
    };
    let ecrit = tokio::task::spawn_blocking(ecrire).await;
    let corps = ecrit.map_err(|panne| Erreur::Interne(panne.to_string()))??;
    let format = if en_pdf { "pdf" } else { "html" };
    tracer(&etat, &appelant, lieu, format).await?;
    let nom = format!("frequent-{modele}-{}.pdf", jours.debut());
    Ok(if en_pdf {
        let joint = format!("attachment; filename=\"{nom}\"");
        let entetes = [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (header::CONTENT_DISPOSITION, joint),
        ];
        (entetes, corps).into_response()
    } else {
        (entetes_html(), corps).into_response()
    })
}

/// Nothing but its own style sheet is allowed in a report, and nothing may run in it.
fn entetes_html() -> [(HeaderName, String); 2] {
    let empreinte = BASE64_STANDARD.encode(Sha256::digest(FEUILLE));
    let politique = format!(
        "default-src 'none'; style-src 'sha256-{empreinte}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, politique),
    ]
}

/// Figures taken away in a file are told, and so is a school that is read.
async fn tracer(
    etat: &Etat,
    appelant: &Appelant,
    (niveau, code): (Niveau, &str),
    format: &str,
) -> Result<(), Erreur> {
    if let (Niveau::Ecole, Ok(uai)) = (niveau, code.parse()) {
        let jour = etat.aujourdhui_a_paris();
        let acteur = &appelant.compte().identifiant;
        etat.audit.lecture_d_ecole(acteur, uai, jour).await?;
    }
    let detail = json!({"format": format, "territoire": format!("{niveau}:{code}")});
    inscrire(etat, appelant, Action::Export, "rapports/apercu", detail).await
}
