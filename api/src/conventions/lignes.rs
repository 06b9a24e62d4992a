//! Conventions as rows.

use std::collections::BTreeMap;

use frequent_plan::{Jour, Uai};
use frequent_territory::conventions::{
    Cloture, Convention, Inscription, Intervalle, Montant, Reconduction, Reference, Retrait,
    SortCumuls, Termes,
};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::ConventionsErreur;

type Ecoles = Vec<(Uai, Inscription)>;

/// What other tables hold of a convention.
#[derive(Default)]
struct Suite {
    ecoles: Ecoles,
    detruites: BTreeMap<Uai, Jour>,
    reconductions: Vec<Reconduction>,
    retraits: BTreeMap<Uai, Retrait>,
}

/// The revision, and every convention by reference.
pub(super) async fn lire(
    base: &mut AnyConnection,
) -> Result<(i64, Vec<Convention>), ConventionsErreur> {
    let revision = sqlx::query_scalar("select numero from conventions_revision")
        .fetch_one(&mut *base)
        .await?;
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    let ecoles =
        sqlx::query("select reference, uai, entree, sortie, detruite_le from conventions_ecoles")
            .fetch_all(&mut *base)
            .await?;
    for ligne in &ecoles {
        let reference: String = ligne.try_get("reference")?;
        let suite = suites.entry(reference.clone()).or_default();
        let (uai, inscription, detruite) = ecole(ligne, &reference)?;
        suite.ecoles.push((uai, inscription));
        suite.detruites.extend(detruite.map(|jour| (uai, jour)));
    }
    let reconductions = sqlx::query(
        "select reference, decidee_le, avant from conventions_reconductions
         order by reference, rang",
    )
    .fetch_all(&mut *base)
    .await?;
    for ligne in &reconductions {
        let reference: String = ligne.try_get("reference")?;
        let reconduction = Reconduction {
            decidee_le: jour(ligne, "decidee_le", &reference)?,
            avant: jour(ligne, "avant", &reference)?,
        };
        let suite = suites.entry(reference).or_default();
        suite.reconductions.push(reconduction);
    }
    let retraits = sqlx::query(
        "select reference, uai, entree, fin, cumuls, detruite_le from conventions_retraits",
    )
    .fetch_all(&mut *base)
    .await?;
    for ligne in &retraits {
        let reference: String = ligne.try_get("reference")?;
        let (uai, retrait) = retrait(ligne, &reference)?;
        let suite = suites.entry(reference).or_default();
        suite.retraits.insert(uai, retrait);
    }
    let lignes = sqlx::query(
        "select reference, autorite, siret, fournisseur, plateforme, prix, debut, fin, cloture,
         cumuls from conventions order by reference",
    )
    .fetch_all(&mut *base)
    .await?;
    let mut conventions = Vec::with_capacity(lignes.len());
    for ligne in &lignes {
        let reference: String = ligne.try_get("reference")?;
        let suite = suites.remove(&reference).unwrap_or_default();
        conventions.push(convention(ligne, &reference, suite)?);
    }
    Ok((revision, conventions))
}

/// A value that has to be there and be understood.
fn lu<T>(lue: Option<T>, reference: &str) -> Result<T, ConventionsErreur> {
    lue.ok_or_else(|| ConventionsErreur::Illisible(reference.to_owned()))
}

fn jour(ligne: &AnyRow, colonne: &str, reference: &str) -> Result<Jour, ConventionsErreur> {
    let texte: String = ligne.try_get(colonne)?;
    lu(texte.parse().ok(), reference)
}

fn jour_ou_rien(
    ligne: &AnyRow,
    colonne: &str,
    reference: &str,
) -> Result<Option<Jour>, ConventionsErreur> {
    let texte: Option<String> = ligne.try_get(colonne)?;
    texte.map_or(Ok(None), |t| lu(t.parse().ok(), reference).map(Some))
}

fn ecole(
    ligne: &AnyRow,
    reference: &str,
) -> Result<(Uai, Inscription, Option<Jour>), ConventionsErreur> {
    let uai: String = ligne.try_get("uai")?;
    let inscription = Inscription {
        entree: jour(ligne, "entree", reference)?,
        sortie: jour_ou_rien(ligne, "sortie", reference)?,
    };
    let detruite = jour_ou_rien(ligne, "detruite_le", reference)?;
    Ok((lu(uai.parse().ok(), reference)?, inscription, detruite))
}

fn retrait(ligne: &AnyRow, reference: &str) -> Result<(Uai, Retrait), ConventionsErreur> {
    let uai: String = ligne.try_get("uai")?;
    let cumuls: String = ligne.try_get("cumuls")?;
    let sejour = Intervalle::new(
        jour(ligne, "entree", reference)?,
        jour(ligne, "fin", reference)?,
    );
    let retrait = Retrait {
        sejour: lu(sejour, reference)?,
        cumuls: lu(SortCumuls::de_code(&cumuls), reference)?,
        detruit_le: jour_ou_rien(ligne, "detruite_le", reference)?,
    };
    Ok((lu(uai.parse().ok(), reference)?, retrait))
}

fn convention(
    ligne: &AnyRow,
    reference: &str,
    suite: Suite,
) -> Result<Convention, ConventionsErreur> {
    let texte = |colonne| ligne.try_get::<String, _>(colonne);
    let siret: Option<String> = ligne.try_get("siret")?;
    let prix: i64 = ligne.try_get("prix")?;
    let prix = u64::try_from(prix).ok().and_then(Montant::de_centimes);
    let termes = Termes {
        autorite: lu(texte("autorite")?.parse().ok(), reference)?,
        siret: siret.map_or(Ok(None), |s| lu(s.parse().ok(), reference).map(Some))?,
        fournisseur: lu(texte("fournisseur")?.parse().ok(), reference)?,
        plateforme: lu(texte("plateforme")?.parse().ok(), reference)?,
        prix: lu(prix, reference)?,
    };
    let duree = (
        jour(ligne, "debut", reference)?,
        jour(ligne, "fin", reference)?,
    );
    let cumuls: Option<String> = ligne.try_get("cumuls")?;
    let cumuls = cumuls.and_then(|code| SortCumuls::de_code(&code));
    let cloture = jour_ou_rien(ligne, "cloture", reference)?.zip(cumuls);
    let nommee: Reference = lu(reference.parse().ok(), reference)?;
    let convention = Convention::new(nommee, termes, duree, suite.ecoles).ok();
    let cloture = cloture.map(|(date, cumuls)| Cloture { date, cumuls });
    Ok(lu(convention, reference)?
        .avec_histoire(suite.reconductions, cloture, suite.detruites)
        .avec_retraits(suite.retraits))
}

/// Takes the writers' turn, and gives the new revision.
pub(super) async fn prendre_son_tour(base: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("update conventions_revision set numero = numero + 1 returning numero")
        .fetch_one(base)
        .await
}

/// Writes a convention whole, in place of what was there.
pub(super) async fn ecrire(
    base: &mut AnyConnection,
    convention: &Convention,
) -> Result<(), sqlx::Error> {
    let reference = convention.reference().as_str();
    for oubli in [
        "delete from conventions_ecoles where reference = $1",
        "delete from conventions_reconductions where reference = $1",
        "delete from conventions_retraits where reference = $1",
        "delete from conventions where reference = $1",
    ] {
        sqlx::query(oubli)
            .bind(reference)
            .execute(&mut *base)
            .await?;
    }
    let termes = convention.termes();
    let cloture = convention.cloture();
    sqlx::query(
        "insert into conventions (reference, autorite, siret, fournisseur, plateforme, prix,
         debut, fin, cloture, cumuls) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(reference)
    .bind(termes.autorite.as_str())
    .bind(termes.siret.map(|siret| siret.to_string()))
    .bind(termes.fournisseur.as_str())
    .bind(termes.plateforme.as_str())
    .bind(i64::try_from(termes.prix.centimes()).unwrap_or(i64::MAX))
    .bind(convention.debut().to_string())
    .bind(convention.echeance().to_string())
    .bind(cloture.map(|cloture| cloture.date.to_string()))
    .bind(cloture.map(|cloture| cloture.cumuls.code()))
    .execute(&mut *base)
    .await?;
    for (uai, inscription) in convention.ecoles() {
        let detruite = convention.detruites().get(uai);
        sqlx::query(
            "insert into conventions_ecoles (reference, uai, entree, sortie, detruite_le)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(reference)
        .bind(uai.as_str())
        .bind(inscription.entree.to_string())
        .bind(inscription.sortie.map(|jour| jour.to_string()))
        .bind(detruite.map(Jour::to_string))
        .execute(&mut *base)
        .await?;
    }
    for (uai, retrait) in convention.retraits() {
        sqlx::query(
            "insert into conventions_retraits (reference, uai, entree, fin, cumuls, detruite_le)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(reference)
        .bind(uai.as_str())
        .bind(retrait.sejour.du().to_string())
        .bind(retrait.sejour.au().to_string())
        .bind(retrait.cumuls.code())
        .bind(retrait.detruit_le.map(|jour| jour.to_string()))
        .execute(&mut *base)
        .await?;
    }
    for (rang, reconduction) in (0_i64..).zip(convention.reconductions()) {
        sqlx::query(
            "insert into conventions_reconductions (reference, rang, decidee_le, avant)
             values ($1, $2, $3, $4)",
        )
        .bind(reference)
        .bind(rang)
        .bind(reconduction.decidee_le.to_string())
        .bind(reconduction.avant.to_string())
        .execute(&mut *base)
        .await?;
    }
    Ok(())
}
