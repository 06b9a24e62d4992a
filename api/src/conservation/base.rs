//! Keeping no longer than said what is in the database: the audit trail, and accounts that serve no
//! more.

use frequent_plan::conservation::{Durees, Regle, premier_jour_garde};
use frequent_plan::{Instant, Jour};
use serde_json::json;
use sqlx::Row;

use crate::audit::{Action, AuditErreur, Ecriture, Journal, Trace};
use crate::base::Base;
use crate::comptes::Role;

/// What is over in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EchuEnBase {
    /// The table.
    pub table: &'static str,
    /// By which rule.
    pub regle: Regle,
    /// Whatever is older than this day, in UTC.
    pub avant: Jour,
    /// How many rows.
    pub lignes: u64,
}

/// What is over on a day; nothing is told of what has no row.
///
/// # Errors
/// The database refuses.
pub async fn prevoir_en_base(
    base: &Base,
    journal: &Journal,
    durees: &Durees,
    jour: Jour,
) -> Result<Vec<EchuEnBase>, AuditErreur> {
    let (_, comptes) = limites(durees, jour);
    let inactifs = inactifs(base, Instant::debut_utc(comptes)).await?;
    compter(journal, durees, jour, inactifs.len() as u64).await
}

/// What is over, once the accounts that serve no more are known.
async fn compter(
    journal: &Journal,
    durees: &Durees,
    jour: Jour,
    inactifs: u64,
) -> Result<Vec<EchuEnBase>, AuditErreur> {
    let (audit, comptes) = limites(durees, jour);
    let lignes = journal.lignes_avant(Instant::debut_utc(audit)).await?;
    let dus = [
        ("comptes", Regle::ComptesMois, comptes, inactifs),
        ("audit", Regle::AuditMois, audit, lignes),
    ];
    let dus = dus
        .into_iter()
        .map(|(table, regle, avant, lignes)| EchuEnBase {
            table,
            regle,
            avant,
            lignes,
        });
    Ok(dus.filter(|du| du.lignes > 0).collect())
}

/// Destroys it, and tells the trail. Gives what there was.
///
/// # Errors
/// The database refuses; what is left is due again.
pub async fn purger_en_base(
    base: &Base,
    trace: Trace<'_>,
    durees: &Durees,
    jour: Jour,
) -> Result<Vec<EchuEnBase>, AuditErreur> {
    let (audit, comptes) = limites(durees, jour);
    let inactifs = inactifs(base, Instant::debut_utc(comptes)).await?;
    let dus = compter(trace.journal, durees, jour, inactifs.len() as u64).await?;
    for identifiant in inactifs {
        supprimer(base, trace, &identifiant).await?;
    }
    let regle = Regle::AuditMois.code();
    trace
        .journal
        .oublier_avant(trace.acteur, Instant::debut_utc(audit), regle)
        .await?;
    Ok(dus)
}

fn limites(durees: &Durees, jour: Jour) -> (Jour, Jour) {
    (
        premier_jour_garde(jour, durees.audit_mois),
        premier_jour_garde(jour, durees.comptes_mois),
    )
}

/// The accounts that neither signed in nor served by a token since an instant, were made before it,
/// and are not the last administrator's to come.
async fn inactifs(base: &Base, depuis: Instant) -> Result<Vec<String>, sqlx::Error> {
    let comptes = sqlx::query(
        "select identifiant, role, cree_le, coalesce(vu_le, cree_le) as vu_le,
                coalesce((select max(jetons.vu_le) from jetons
                          where jetons.identifiant = comptes.identifiant), cree_le) as jeton_vu
         from comptes order by identifiant",
    )
    .fetch_all(base.pool())
    .await?;
    let mut connus: Vec<(i64, bool, String)> = Vec::with_capacity(comptes.len());
    for compte in &comptes {
        let vus: [i64; 3] = [
            compte.try_get("cree_le")?,
            compte.try_get("vu_le")?,
            compte.try_get("jeton_vu")?,
        ];
        let role: String = compte.try_get("role")?;
        let administre = role == Role::Administrateur.code();
        let vu = vus.into_iter().max().unwrap_or_default();
        connus.push((vu, administre, compte.try_get("identifiant")?));
    }
    let administrateurs = connus.iter().filter(|(_, administre, _)| *administre);
    let garde = administrateurs
        .max()
        .map(|(_, _, identifiant)| identifiant.clone());
    Ok(connus
        .into_iter()
        .filter(|(vu, _, identifiant)| *vu < depuis.0 && Some(identifiant) != garde.as_ref())
        .map(|(_, _, identifiant)| identifiant)
        .collect())
}

async fn supprimer(base: &Base, trace: Trace<'_>, identifiant: &str) -> Result<(), AuditErreur> {
    let mut transaction = base.ecrire().await?;
    sqlx::query("delete from comptes where identifiant = $1")
        .bind(identifiant)
        .execute(&mut *transaction)
        .await?;
    let detail = json!({"regle": Regle::ComptesMois.code()});
    let ecriture = Ecriture::new(trace.acteur, Action::CompteSupprime, identifiant);
    let ecriture = ecriture.avec(detail);
    trace.journal.conclure(transaction, ecriture).await?;
    Ok(())
}

#[cfg(test)]
#[path = "base_tests.rs"]
mod tests;
