//! Named perimeters: sets of territories and schools that accounts share, each inside its parent.

use frequent_plan::{Niveau, Uai};
use frequent_territory::Perimetre;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::{Comptes, ComptesErreur, nom_valide, numero_neuf};

/// Most schools or territories in one perimeter.
const MEMBRES_MAX: usize = 20_000;

/// A perimeter with a name of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerimetreNomme {
    /// By which it is asked: `ensemble:<id>`.
    pub id: String,
    /// What it is called.
    pub nom: String,
    /// The perimeter inside which it was made.
    pub parent: Option<String>,
    /// What is in it.
    pub perimetre: Perimetre,
    /// The account that made it; none for the command line.
    pub cree_par: Option<String>,
}

impl Comptes {
    /// Makes a perimeter.
    ///
    /// # Errors
    /// The name does not suit, nothing is in it, or its parent is not known.
    pub async fn creer_perimetre(
        &self,
        nom: &str,
        parent: Option<&str>,
        perimetre: Perimetre,
        cree_par: Option<&str>,
    ) -> Result<PerimetreNomme, ComptesErreur> {
        let neuf = PerimetreNomme {
            id: numero_neuf()?,
            nom: nom_valide(nom)?,
            parent: parent.map(str::to_owned),
            perimetre: borne(perimetre)?,
            cree_par: cree_par.map(str::to_owned),
        };
        let mut transaction = self.base.ecrire().await?;
        if let Some(parent) = parent {
            let connu = sqlx::query("select 1 from perimetres where id = $1")
                .bind(parent)
                .fetch_optional(&mut *transaction)
                .await?;
            connu.ok_or_else(|| ComptesErreur::PerimetreInconnu(parent.to_owned()))?;
        }
        sqlx::query(
            "insert into perimetres (id, nom, parent, cree_le, cree_par)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(&neuf.id)
        .bind(&neuf.nom)
        .bind(neuf.parent.as_deref())
        .bind(self.horloge.maintenant().0)
        .bind(neuf.cree_par.as_deref())
        .execute(&mut *transaction)
        .await?;
        remplir(&mut transaction, &neuf).await?;
        transaction.commit().await?;
        Ok(neuf)
    }

    /// Every perimeter, by name.
    ///
    /// # Errors
    /// The database refuses, or holds a perimeter that cannot be understood.
    pub async fn perimetres(&self) -> Result<Vec<PerimetreNomme>, ComptesErreur> {
        let lignes =
            sqlx::query("select id, nom, parent, cree_par from perimetres order by nom, id")
                .fetch_all(self.base.pool())
                .await?;
        let mut tous = Vec::with_capacity(lignes.len());
        for ligne in &lignes {
            tous.push(self.completer_perimetre(ligne).await?);
        }
        Ok(tous)
    }

    /// The perimeter of this identifier, if there is one.
    ///
    /// # Errors
    /// The database refuses, or the perimeter cannot be understood.
    pub async fn perimetre(&self, id: &str) -> Result<Option<PerimetreNomme>, ComptesErreur> {
        let ligne = sqlx::query("select id, nom, parent, cree_par from perimetres where id = $1")
            .bind(id)
            .fetch_optional(self.base.pool())
            .await?;
        match ligne {
            None => Ok(None),
            Some(ligne) => self.completer_perimetre(&ligne).await.map(Some),
        }
    }

    /// Gives a perimeter another name and other members.
    ///
    /// # Errors
    /// The name does not suit, nothing is in it, or there is no such perimeter.
    pub async fn modifier_perimetre(
        &self,
        id: &str,
        nom: &str,
        perimetre: Perimetre,
    ) -> Result<(), ComptesErreur> {
        let nom = nom_valide(nom)?;
        let perimetre = borne(perimetre)?;
        let mut transaction = self.base.ecrire().await?;
        let change = sqlx::query("update perimetres set nom = $1 where id = $2")
            .bind(&nom)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if change.rows_affected() == 0 {
            return Err(ComptesErreur::PerimetreInconnu(id.to_owned()));
        }
        for vidage in [
            "delete from perimetres_territoires where perimetre = $1",
            "delete from perimetres_ecoles where perimetre = $1",
        ] {
            sqlx::query(vidage)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        let change = PerimetreNomme {
            id: id.to_owned(),
            nom,
            parent: None,
            perimetre,
            cree_par: None,
        };
        remplir(&mut transaction, &change).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Deletes a perimeter that no account sees and that has no other inside it.
    ///
    /// # Errors
    /// It is in use, or there is no such perimeter.
    pub async fn supprimer_perimetre(&self, id: &str) -> Result<(), ComptesErreur> {
        let mut transaction = self.base.ecrire().await?;
        let usages: i64 = sqlx::query_scalar(
            "select (select count(*) from comptes_perimetres where perimetre = $1)
                  + (select count(*) from perimetres where parent = $1)",
        )
        .bind(id)
        .fetch_one(&mut *transaction)
        .await?;
        if usages > 0 {
            return Err(ComptesErreur::PerimetreUtilise(id.to_owned()));
        }
        let retrait = sqlx::query("delete from perimetres where id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        if retrait.rows_affected() == 0 {
            return Err(ComptesErreur::PerimetreInconnu(id.to_owned()));
        }
        Ok(())
    }

    async fn completer_perimetre(&self, ligne: &AnyRow) -> Result<PerimetreNomme, ComptesErreur> {
        let id: String = ligne.try_get("id")?;
        let membres = sqlx::query(
            "select niveau, code from perimetres_territoires where perimetre = $1
             union all select '', uai from perimetres_ecoles where perimetre = $1",
        )
        .bind(&id)
        .fetch_all(self.base.pool())
        .await?;
        let mut perimetre = Perimetre::default();
        for membre in &membres {
            let lu = membre_lu(&membre.try_get::<String, _>(0)?, membre.try_get(1)?);
            perimetre.joindre(lu.ok_or_else(|| ComptesErreur::Illisible(id.clone()))?);
        }
        Ok(PerimetreNomme {
            nom: ligne.try_get("nom")?,
            parent: ligne.try_get("parent")?,
            cree_par: ligne.try_get("cree_par")?,
            perimetre,
            id,
        })
    }
}

/// A member as it is stored: a level and a code, or no level and a school.
pub(super) fn membre_lu(niveau: &str, code: String) -> Option<Perimetre> {
    if niveau.is_empty() {
        let uai: Uai = code.parse().ok()?;
        return Some(Perimetre::new([], [uai]));
    }
    Some(Perimetre::new([(Niveau::de_code(niveau)?, code)], []))
}

fn borne(perimetre: Perimetre) -> Result<Perimetre, ComptesErreur> {
    let membres = perimetre.territoires().len() + perimetre.ecoles().len();
    if (1..=MEMBRES_MAX).contains(&membres) {
        Ok(perimetre)
    } else {
        Err(ComptesErreur::PerimetreVide)
    }
}

async fn remplir(
    transaction: &mut Transaction<'_, Any>,
    neuf: &PerimetreNomme,
) -> Result<(), sqlx::Error> {
    for (niveau, code) in neuf.perimetre.territoires() {
        sqlx::query(
            "insert into perimetres_territoires (perimetre, niveau, code) values ($1, $2, $3)",
        )
        .bind(&neuf.id)
        .bind(niveau.code())
        .bind(code)
        .execute(&mut **transaction)
        .await?;
    }
    for uai in neuf.perimetre.ecoles() {
        sqlx::query("insert into perimetres_ecoles (perimetre, uai) values ($1, $2)")
            .bind(&neuf.id)
            .bind(uai.as_str())
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}
