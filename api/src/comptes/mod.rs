//! Local accounts: who may sign in, and what each may see.
//!
//! They are kept in the instance's database ([`crate::base`]): an account created or a password
//! changed is on disk when the call returns. Passwords are kept as argon2id hashes only, session
//! tokens as their SHA-256 only: reading the database gives no way in.

mod droits;
mod mot_de_passe;
mod sessions;
mod tentatives;

use std::collections::BTreeMap;
use std::sync::Arc;

use frequent_plan::{Horloge, Niveau};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::base::Base;

pub use droits::{Droits, DroitsInvalides, Perimetre, PerimetreInvalide};
pub use mot_de_passe::{LONGUEUR_MIN, MotDePasse, MotDePasseFaible};
pub use sessions::{Connexion, ConnexionRefusee, Jeton, ReglagesSessions};
pub use tentatives::ReglagesTentatives;

use mot_de_passe::Hachoir;
use tentatives::Tentatives;

/// Longest identifier or name of an account, in characters.
const LIBELLE_MAX: usize = 100;

/// An account, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compte {
    /// What its holder types to sign in; lower case.
    pub identifiant: String,
    /// The holder's name or function, shown in the console.
    pub nom: String,
    /// What the account may see.
    pub droits: Droits,
}

/// What an operation on accounts can fail on.
#[derive(Debug, thiserror::Error)]
pub enum ComptesErreur {
    /// The identifier has no acceptable form.
    #[error(
        "l’identifiant « {0} » ne convient pas : 1 à 100 lettres sans accent, chiffres, points, tirets, _ ou @"
    )]
    Identifiant(String),
    /// The name is empty or too long.
    #[error("le nom d’un compte compte de 1 à 100 caractères")]
    Nom,
    /// The password does not follow the policy.
    #[error(transparent)]
    MotDePasse(#[from] MotDePasseFaible),
    /// The identifier is taken.
    #[error("un compte « {0} » existe déjà")]
    Existe(String),
    /// No account has this identifier.
    #[error("il n’y a pas de compte « {0} »")]
    Inconnu(String),
    /// A stored account cannot be understood: the file was altered.
    #[error("le compte « {0} » est illisible dans la base des comptes")]
    Illisible(String),
    /// The password could not be hashed.
    #[error("le mot de passe n’a pas pu être protégé : {0}")]
    Hachage(String),
    /// The machine gave no random bytes.
    #[error("la machine n’a pas donné d’octets aléatoires : {0}")]
    Alea(getrandom::Error),
    /// The database refused.
    #[error("base des comptes : {0}")]
    Base(#[from] sqlx::Error),
}

/// How accounts and sessions behave.
#[derive(Debug, Clone, Default)]
pub struct ReglagesComptes {
    /// How long sessions last.
    pub sessions: ReglagesSessions,
    /// How many sign-ins may be tried.
    pub tentatives: ReglagesTentatives,
}

/// The accounts.
pub struct Comptes {
    base: Base,
    horloge: Arc<dyn Horloge>,
    hachoir: Hachoir,
    tentatives: Tentatives,
    reglages: ReglagesComptes,
}

impl Comptes {
    /// The accounts of a database.
    ///
    /// # Errors
    /// The machine gives no random bytes.
    pub fn new(
        base: Base,
        horloge: Arc<dyn Horloge>,
        reglages: ReglagesComptes,
    ) -> Result<Self, ComptesErreur> {
        Ok(Self {
            base,
            tentatives: Tentatives::new(&reglages.tentatives, &horloge),
            hachoir: Hachoir::new()?,
            horloge,
            reglages,
        })
    }

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
        let compte = Compte {
            identifiant: identifiant_valide(identifiant)?,
            nom: nom_valide(nom)?,
            droits: droits.into(),
        };
        let hache = self.hachoir.hacher(mot_de_passe).await?;
        let perimetre = compte.droits.perimetre();
        let mut transaction = self.base.ecrire().await?;
        let ajout = sqlx::query(
            "insert into comptes (identifiant, nom, mot_de_passe, niveau, code, cree_le)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(&compte.identifiant)
        .bind(&compte.nom)
        .bind(hache)
        .bind(perimetre.map(|p| p.niveau.code()))
        .bind(perimetre.map(|p| p.code.as_str()))
        .bind(self.horloge.maintenant().0)
        .execute(&mut *transaction)
        .await?;
        if ajout.rows_affected() == 0 {
            return Err(ComptesErreur::Existe(compte.identifiant));
        }
        for plateforme in compte.droits.plateformes() {
            sqlx::query(
                "insert into comptes_plateformes (identifiant, plateforme) values ($1, $2)",
            )
            .bind(&compte.identifiant)
            .bind(plateforme)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(compte)
    }

    /// Every account, by identifier.
    ///
    /// # Errors
    /// The database refuses, or holds an account that cannot be understood.
    pub async fn lister(&self) -> Result<Vec<Compte>, ComptesErreur> {
        let mut plateformes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for ligne in sqlx::query("select identifiant, plateforme from comptes_plateformes")
            .fetch_all(self.base.pool())
            .await?
        {
            let siennes = plateformes
                .entry(ligne.try_get("identifiant")?)
                .or_default();
            siennes.push(ligne.try_get("plateforme")?);
        }
        sqlx::query("select identifiant, nom, niveau, code from comptes order by identifiant")
            .fetch_all(self.base.pool())
            .await?
            .iter()
            .map(|ligne| {
                let identifiant: String = ligne.try_get("identifiant")?;
                lire_compte(ligne, plateformes.remove(&identifiant).unwrap_or_default())
            })
            .collect()
    }

    /// Changes an account's password and ends all its sessions.
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
        sqlx::query("delete from sessions where identifiant = $1")
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Deletes an account and its sessions.
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

    /// The account that a row tells of, with its platforms.
    async fn completer(&self, ligne: &AnyRow) -> Result<Compte, ComptesErreur> {
        let identifiant: String = ligne.try_get("identifiant")?;
        let plateformes =
            sqlx::query_scalar("select plateforme from comptes_plateformes where identifiant = $1")
                .bind(identifiant)
                .fetch_all(self.base.pool())
                .await?;
        lire_compte(ligne, plateformes)
    }
}

fn lire_compte(ligne: &AnyRow, plateformes: Vec<String>) -> Result<Compte, ComptesErreur> {
    let identifiant: String = ligne.try_get("identifiant")?;
    let niveau: Option<String> = ligne.try_get("niveau")?;
    let code: Option<String> = ligne.try_get("code")?;
    let droits = || {
        let perimetre = match niveau.zip(code) {
            None => None,
            Some((niveau, code)) => Some(Perimetre {
                niveau: Niveau::de_code(&niveau)?,
                code,
            }),
        };
        Droits::new(perimetre, plateformes).ok()
    };
    Ok(Compte {
        droits: droits().ok_or_else(|| ComptesErreur::Illisible(identifiant.clone()))?,
        nom: ligne.try_get("nom")?,
        identifiant,
    })
}

fn normaliser(identifiant: &str) -> String {
    identifiant.trim().to_lowercase()
}

fn identifiant_valide(identifiant: &str) -> Result<String, ComptesErreur> {
    let normalise = normaliser(identifiant);
    let convient = (1..=LIBELLE_MAX).contains(&normalise.len())
        && normalise
            .bytes()
            .all(|o| o.is_ascii_alphanumeric() || b"._-@".contains(&o));
    if convient {
        Ok(normalise)
    } else {
        Err(ComptesErreur::Identifiant(normalise))
    }
}

fn nom_valide(nom: &str) -> Result<String, ComptesErreur> {
    let nom = nom.trim();
    let convient =
        (1..=LIBELLE_MAX).contains(&nom.chars().count()) && !nom.chars().any(char::is_control);
    convient.then(|| nom.to_owned()).ok_or(ComptesErreur::Nom)
}

#[cfg(test)]
#[path = "comptes_tests.rs"]
mod tests;
