//! Accounts in the database: made, read, changed, deleted.

use std::collections::BTreeMap;

use frequent_territory::Perimetre;
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::perimetres::membre_lu;
use super::{
    Compte, Comptes, ComptesErreur, ConnexionRefusee, Droits, MotDePasse, PerimetreNomme, Role,
    identifiant_valide, nom_valide, normaliser,
};

/// The bucket in which changes of password are counted.
const CHANGEMENT: &str = "changement de mot de passe";

/// All that an account sees, in one query: what kind of thing, then its fields. An ensemble comes
/// before what is in it.
const DROITS: &str = "
    select 1 as genre, niveau as a, code as b, null as c, null as d
        from comptes_territoires where identifiant = $1
    union all select 2, plateforme, '', null, null
        from comptes_plateformes where identifiant = $1
    union all select 3, p.id, p.nom, p.parent, p.cree_par
        from comptes_perimetres c join perimetres p on p.id = c.perimetre where c.identifiant = $1
    union all select 4, t.perimetre, t.code, t.niveau, null
        from comptes_perimetres c join perimetres_territoires t on t.perimetre = c.perimetre
        where c.identifiant = $1
    union all select 5, e.perimetre, e.uai, null, null
        from comptes_perimetres c join perimetres_ecoles e on e.perimetre = c.perimetre
        where c.identifiant = $1
    order by genre";

impl Comptes {
    /// Creates an account.
    ///
    /// # Errors
    /// The identifier, name or password does not suit, or the identifier is taken.
    pub async fn creer(
        &self,
        identifiant: &str,
        nom: &str,
        mot_de_passe: MotDePasse,
        droits: impl Into<Droits>,
    ) -> Result<Compte, ComptesErreur> {
        let compte = compte(identifiant, nom, droits.into())?;
        let hache = self.hachoir.hacher(mot_de_passe).await?;
        let mut transaction = self.base.ecrire().await?;
        self.inserer(&mut transaction, &compte, Some(hache), None)
            .await?;
        transaction.commit().await?;
        Ok(compte)
    }

    /// Creates an account that has no password: its holder chooses one by invitation, or signs in
    /// by another service.
    ///
    /// # Errors
    /// The identifier or name does not suit, or the identifier is taken.
    pub async fn creer_sans_mot_de_passe(
        &self,
        identifiant: &str,
        nom: &str,
        droits: Droits,
        cree_par: Option<&str>,
    ) -> Result<Compte, ComptesErreur> {
        let compte = compte(identifiant, nom, droits)?;
        let mut transaction = self.base.ecrire().await?;
        self.inserer(&mut transaction, &compte, None, cree_par)
            .await?;
        transaction.commit().await?;
        Ok(compte)
    }

    /// Gives an account another name and other rights. Its sessions see them at once.
    ///
    /// # Errors
    /// The name does not suit, or there is no such account.
    pub async fn modifier(
        &self,
        identifiant: &str,
        nom: &str,
        droits: Droits,
    ) -> Result<Compte, ComptesErreur> {
        let compte = compte(identifiant, nom, droits)?;
        let mut transaction = self.base.ecrire().await?;
        let change = sqlx::query("update comptes set nom = $1, role = $2 where identifiant = $3")
            .bind(&compte.nom)
            .bind(compte.droits.role().code())
            .bind(&compte.identifiant)
            .execute(&mut *transaction)
            .await?;
        if change.rows_affected() == 0 {
            return Err(ComptesErreur::Inconnu(compte.identifiant));
        }
        for vidage in [
            "delete from comptes_territoires where identifiant = $1",
            "delete from comptes_plateformes where identifiant = $1",
            "delete from comptes_perimetres where identifiant = $1",
        ] {
            sqlx::query(vidage)
                .bind(&compte.identifiant)
                .execute(&mut *transaction)
                .await?;
        }
        inserer_droits(&mut transaction, &compte).await?;
        transaction.commit().await?;
        Ok(compte)
    }

    async fn inserer(
        &self,
        transaction: &mut Transaction<'_, Any>,
        compte: &Compte,
        hache: Option<String>,
        cree_par: Option<&str>,
    ) -> Result<(), ComptesErreur> {
        let ajout = sqlx::query(
            "insert into comptes (identifiant, nom, mot_de_passe, role, cree_le, cree_par)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(&compte.identifiant)
        .bind(&compte.nom)
        .bind(hache)
        .bind(compte.droits.role().code())
        .bind(self.horloge.maintenant().0)
        .bind(cree_par)
        .execute(&mut **transaction)
        .await?;
        if ajout.rows_affected() == 0 {
            return Err(ComptesErreur::Existe(compte.identifiant.clone()));
        }
        inserer_droits(transaction, compte).await
    }

    /// Every account, by identifier.
    ///
    /// # Errors
    /// The database refuses, or holds an account that cannot be understood.
    pub async fn lister(&self) -> Result<Vec<Compte>, ComptesErreur> {
        let lignes = sqlx::query("select identifiant, nom, role from comptes order by identifiant")
            .fetch_all(self.base.pool())
            .await?;
        let mut comptes = Vec::with_capacity(lignes.len());
        for ligne in &lignes {
            comptes.push(self.completer(ligne).await?);
        }
        Ok(comptes)
    }

    /// The account of this identifier, if there is one.
    ///
    /// # Errors
    /// The database refuses, or the account cannot be understood.
    pub async fn compte(&self, identifiant: &str) -> Result<Option<Compte>, ComptesErreur> {
        let ligne =
            sqlx::query("select identifiant, nom, role from comptes where identifiant = $1")
                .bind(normaliser(identifiant))
                .fetch_optional(self.base.pool())
                .await?;
        match ligne {
            None => Ok(None),
            Some(ligne) => self.completer(&ligne).await.map(Some),
        }
    }

    /// Changes an account's password and ends all its sessions; an invitation that waited is void.
    ///
    /// # Errors
    /// The password does not suit, or there is no such account.
    pub async fn changer_mot_de_passe(
        &self,
        identifiant: &str,
        mot_de_passe: MotDePasse,
    ) -> Result<(), ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let hache = self.hachoir.hacher(mot_de_passe).await?;
        let mut transaction = self.base.ecrire().await?;
        let change = sqlx::query("update comptes set mot_de_passe = $1 where identifiant = $2")
            .bind(hache)
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        if change.rows_affected() == 0 {
            return Err(ComptesErreur::Inconnu(identifiant));
        }
        for fin in [
            "delete from sessions where identifiant = $1",
            "delete from invitations where identifiant = $1",
        ] {
            sqlx::query(fin)
                .bind(&identifiant)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Whether this is the account's password.
    ///
    /// # Errors
    /// The accounts cannot be read, or it was asked too often.
    pub async fn est_son_mot_de_passe(
        &self,
        identifiant: &str,
        mot_de_passe: MotDePasse,
    ) -> Result<bool, ConnexionRefusee> {
        let identifiant = normaliser(identifiant);
        // A bucket of its own: whoever holds a session guesses no faster than at the door, and what
        // they try there shuts nobody out.
        self.tentatives
            .compter(&identifiant, None, Some(CHANGEMENT))
            .map_err(ConnexionRefusee::Trop)?;
        let hache: Option<Option<String>> =
            sqlx::query_scalar("select mot_de_passe from comptes where identifiant = $1")
                .bind(&identifiant)
                .fetch_optional(self.base.pool())
                .await?;
        let juste = self.hachoir.verifier(mot_de_passe, hache.flatten()).await?;
        Ok(juste)
    }

    /// Deletes an account, its sessions, its tokens, its second factor.
    ///
    /// # Errors
    /// There is no such account.
    pub async fn supprimer(&self, identifiant: &str) -> Result<(), ComptesErreur> {
        let identifiant = normaliser(identifiant);
        let retrait = sqlx::query("delete from comptes where identifiant = $1")
            .bind(&identifiant)
            .execute(self.base.pool())
            .await?;
        if retrait.rows_affected() == 0 {
            return Err(ComptesErreur::Inconnu(identifiant));
        }
        Ok(())
    }

    /// The account that a row (`identifiant`, `nom`, `role`) tells of, with all that it sees.
    pub(super) async fn completer(&self, ligne: &AnyRow) -> Result<Compte, ComptesErreur> {
        let identifiant: String = ligne.try_get("identifiant")?;
        let role: String = ligne.try_get("role")?;
        let vus = sqlx::query(DROITS)
            .bind(&identifiant)
            .fetch_all(self.base.pool())
            .await?;
        let illisible = || ComptesErreur::Illisible(identifiant.clone());
        let droits = droits_lus(&role, &vus)?.ok_or_else(illisible)?;
        Ok(Compte {
            droits,
            nom: ligne.try_get("nom")?,
            identifiant,
        })
    }
}

fn compte(identifiant: &str, nom: &str, droits: Droits) -> Result<Compte, ComptesErreur> {
    Ok(Compte {
        identifiant: identifiant_valide(identifiant)?,
        nom: nom_valide(nom)?,
        droits,
    })
}

async fn inserer_droits(
    transaction: &mut Transaction<'_, Any>,
    compte: &Compte,
) -> Result<(), ComptesErreur> {
    for (niveau, code) in compte.droits.territoires() {
        sqlx::query(
            "insert into comptes_territoires (identifiant, niveau, code) values ($1, $2, $3)",
        )
        .bind(&compte.identifiant)
        .bind(niveau.code())
        .bind(code)
        .execute(&mut **transaction)
        .await?;
    }
    for plateforme in compte.droits.plateformes() {
        sqlx::query("insert into comptes_plateformes (identifiant, plateforme) values ($1, $2)")
            .bind(&compte.identifiant)
            .bind(plateforme)
            .execute(&mut **transaction)
            .await?;
    }
    for ensemble in compte.droits.ensembles() {
        sqlx::query("insert into comptes_perimetres (identifiant, perimetre) values ($1, $2)")
            .bind(&compte.identifiant)
            .bind(&ensemble.id)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(())
}

/// The rights that rows of [`DROITS`] tell of; none when one cannot be understood.
fn droits_lus(role: &str, lignes: &[AnyRow]) -> Result<Option<Droits>, sqlx::Error> {
    let mut propre = Perimetre::default();
    let mut plateformes = Vec::new();
    let mut ensembles: BTreeMap<String, PerimetreNomme> = BTreeMap::new();
    for ligne in lignes {
        let genre: i64 = ligne.try_get("genre")?;
        let (a, b): (String, String) = (ligne.try_get("a")?, ligne.try_get("b")?);
        let c: Option<String> = ligne.try_get("c")?;
        let membre = match genre {
            2 => {
                plateformes.push(a);
                continue;
            }
            3 => {
                let ensemble = PerimetreNomme {
                    nom: b,
                    parent: c,
                    perimetre: Perimetre::default(),
                    cree_par: ligne.try_get("d")?,
                    id: a.clone(),
                };
                ensembles.insert(a, ensemble);
                continue;
            }
            1 => membre_lu(&a, b).map(|membre| (None, membre)),
            _ => membre_lu(c.as_deref().unwrap_or_default(), b).map(|membre| (Some(a), membre)),
        };
        match membre {
            None => return Ok(None),
            Some((None, membre)) => propre.joindre(membre),
            Some((Some(id), membre)) => match ensembles.get_mut(&id) {
                Some(ensemble) => ensemble.perimetre.joindre(membre),
                None => return Ok(None),
            },
        }
    }
    let ensembles = ensembles.into_values().collect();
    Ok(Role::de_code(role)
        .and_then(|role| Droits::composes(role, propre, ensembles, plateformes).ok()))
}
