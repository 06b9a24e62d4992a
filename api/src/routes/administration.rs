//! What the routes of accounts, perimeters and tokens share: perimeters as texts, who may change
//! what, and how it is told to the audit trail.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use frequent_plan::{Niveau, Uai};
use frequent_territory::Perimetre;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::session::corps_refuse;
use crate::audit::{Action, Ecriture, Trace};
use crate::comptes::{
    Compte, Droits, PerimetreNomme, Role, verifier_delegation, verifier_perimetre,
};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::Appelant;

/// How a named perimeter begins.
const ENSEMBLE: &str = "ensemble:";

/// A territory or a named perimeter that an account sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PorteeVue {
    /// `niveau:code`, or `ensemble:<id>`.
    #[schema(example = "departement:031")]
    pub perimetre: String,
    /// Its name.
    #[schema(example = "Haute-Garonne")]
    pub nom: String,
}

/// All that rights are over.
pub(super) fn portees_vues(etat: &Etat, droits: &Droits) -> Vec<PorteeVue> {
    let territoires = droits.territoires().iter().map(|(niveau, code)| PorteeVue {
        perimetre: format!("{niveau}:{code}"),
        nom: etat.nom(*niveau, code),
    });
    let ensembles = droits.ensembles().iter().map(|ensemble| PorteeVue {
        perimetre: format!("{ENSEMBLE}{}", ensemble.id),
        nom: ensemble.nom.clone(),
    });
    territoires.chain(ensembles).collect()
}

/// A body, or why it cannot be read.
pub(super) fn corps<T>(corps: Result<Json<T>, JsonRejection>) -> Result<T, Erreur> {
    corps
        .map(|Json(corps)| corps)
        .map_err(|refus| corps_refuse(&refus))
}

/// What texts such as `departement:031` and `ensemble:<id>` name.
pub(super) async fn lire_perimetres(
    etat: &Etat,
    textes: &[String],
) -> Result<(Perimetre, Vec<PerimetreNomme>), Erreur> {
    let mut propre = Perimetre::default();
    let mut ensembles = Vec::new();
    for texte in textes {
        if let Some(id) = texte.strip_prefix(ENSEMBLE) {
            let ensemble = etat.comptes.perimetre(id).await?;
            ensembles.push(ensemble.ok_or(Erreur::SansObjet)?);
            continue;
        }
        let un: crate::comptes::Perimetre =
            texte
                .parse()
                .map_err(|faute: crate::comptes::PerimetreInvalide| {
                    Erreur::Valeur(faute.to_string())
                })?;
        connu(etat, un.niveau, &un.code)?;
        propre.joindre(un.into());
    }
    Ok((propre, ensembles))
}

/// The schools that texts name, each known to the directory.
pub(super) fn lire_ecoles(etat: &Etat, textes: &[String]) -> Result<Vec<Uai>, Erreur> {
    let lire = |texte: &String| {
        let uai: Uai = texte
            .parse()
            .map_err(|_| Erreur::Valeur(format!("« {texte} » n’est pas un UAI")))?;
        connu(etat, Niveau::Ecole, uai.as_str())?;
        Ok(uai)
    };
    textes.iter().map(lire).collect()
}

fn connu(etat: &Etat, niveau: Niveau, code: &str) -> Result<(), Erreur> {
    let connu = niveau == Niveau::National || etat.annuaire()?.territoire(niveau, code).is_some();
    connu
        .then_some(())
        .ok_or_else(|| Erreur::TerritoireInconnu {
            niveau,
            code: code.to_owned(),
        })
}

/// Rights that the caller may give, or why not.
pub(super) async fn droits_a_donner(
    etat: &Etat,
    appelant: &Appelant,
    role: Role,
    perimetres: &[String],
    plateformes: Vec<String>,
) -> Result<Droits, Erreur> {
    let (propre, ensembles) = lire_perimetres(etat, perimetres).await?;
    let droits = Droits::composes(role, propre, ensembles, plateformes)
        .map_err(|faute| Erreur::Valeur(faute.to_string()))?;
    verifier_delegation(&*etat.annuaire()?, &appelant.compte().droits, &droits)?;
    Ok(droits)
}

/// The account of this identifier, when the caller administers it: it is not the caller's own, and
/// all that it may do is for the caller to give. Any other is as if it did not exist.
pub(super) async fn compte_administre(
    etat: &Etat,
    appelant: &Appelant,
    identifiant: &str,
) -> Result<Compte, Erreur> {
    let compte = etat.comptes.compte(identifiant).await?;
    let compte = compte.ok_or(Erreur::SansObjet)?;
    let sien = compte.identifiant == appelant.compte().identifiant;
    if sien || !administre(etat, appelant, &compte)? {
        return Err(Erreur::SansObjet);
    }
    Ok(compte)
}

/// Whether all that an account may do is for the caller to give.
pub(super) fn administre(
    etat: &Etat,
    appelant: &Appelant,
    compte: &Compte,
) -> Result<bool, Erreur> {
    let annuaire = etat.annuaire()?;
    Ok(verifier_delegation(&annuaire, &appelant.compte().droits, &compte.droits).is_ok())
}

/// The named perimeter of this identifier, when it is inside the caller's. Any other is as if it
/// did not exist.
pub(super) async fn perimetre_administre(
    etat: &Etat,
    appelant: &Appelant,
    id: &str,
) -> Result<PerimetreNomme, Erreur> {
    let nomme = etat.comptes.perimetre(id).await?;
    let nomme = nomme.ok_or(Erreur::SansObjet)?;
    let annuaire = etat.annuaire()?;
    verifier_perimetre(&annuaire, &appelant.compte().droits, &nomme.perimetre)
        .map_err(|_| Erreur::SansObjet)?;
    Ok(nomme)
}

/// Who makes a change, for what tells the trail of it in the change's own transaction.
pub(super) fn trace<'a>(etat: &'a Etat, appelant: &'a Appelant) -> Trace<'a> {
    Trace {
        journal: &etat.audit,
        acteur: &appelant.compte().identifiant,
    }
}

/// Tells the audit trail what the caller did.
pub(super) async fn inscrire(
    etat: &Etat,
    appelant: &Appelant,
    action: Action,
    objet: &str,
    detail: Value,
) -> Result<(), Erreur> {
    let ecriture = Ecriture::new(&appelant.compte().identifiant, action, objet).avec(detail);
    etat.audit.inscrire(ecriture).await?;
    Ok(())
}
