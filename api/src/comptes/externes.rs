//! Accounts whose holder an identity provider or a directory vouches for: made at the first sign-in,
//! brought up to date at each.
//!
//! One belongs to who the provider says, for ever, and never to who takes the same identifier: an
//! account that is already another's is not given.

use sqlx::Row;

use super::sessions::{Connexion, ConnexionRefusee, Jeton, Moyen};
use super::{Compte, Comptes, ComptesErreur, Droits, Provenance, empreinte, normaliser};

/// Who is vouched for.
#[derive(Debug)]
pub(crate) struct Externe<'a> {
    /// By what means.
    pub(crate) moyen: Moyen,
    /// Who, for ever, for those who vouch.
    pub(crate) sujet: &'a str,
    /// The account's identifier.
    pub(crate) identifiant: &'a str,
    /// Its holder's name.
    pub(crate) nom: &'a str,
    /// What it may see.
    pub(crate) droits: Droits,
    /// The one-time code given.
    pub(crate) code: Option<&'a str>,
    /// The token that the browser came with.
    pub(crate) ancien: Option<&'a Jeton>,
    /// The kind of device.
    pub(crate) terminal: &'a str,
}

impl Comptes {
    /// Counts a try to sign in as this account, whose password is another's to check.
    ///
    /// # Errors
    /// Too many have been.
    pub(crate) fn compter_tentative(
        &self,
        identifiant: &str,
        provenance: &Provenance,
    ) -> Result<(), ConnexionRefusee> {
        let identifiant = normaliser(identifiant);
        let appareil = provenance.appareil.as_ref();
        let connu = appareil.and_then(|appareil| self.appareil_connu(&identifiant, appareil));
        self.tentatives
            .compter(&identifiant, provenance.adresse, connu.as_deref())
            .map_err(ConnexionRefusee::Trop)
    }

    /// Opens a session for who is vouched for, after destroying the one the browser came with. The
    /// account is made if it is the first time, and sees from now on what is said now. A directory
    /// checks a password only: the account's one-time code is asked as for any other.
    ///
    /// # Errors
    /// [`ComptesErreur::Existe`] when the identifier is another's; a code is needed, or is not the
    /// right one; the identifier or the name does not suit; the database refuses.
    pub(crate) async fn accueillir(
        &self,
        externe: Externe<'_>,
    ) -> Result<Connexion, ConnexionRefusee> {
        let connu = empreinte(&format!("{}\n{}", externe.moyen.code(), externe.sujet));
        let ligne = sqlx::query("select identifiant from identites_externes where empreinte = $1")
            .bind(connu.clone())
            .fetch_optional(self.base.pool())
            .await?;
        let compte = match ligne {
            Some(ligne) => {
                let identifiant: String = ligne.try_get("identifiant")?;
                self.modifier(&identifiant, externe.nom, externe.droits)
                    .await?
            }
            None => self.adopter(&externe, connu).await?,
        };
        let moyen = match externe.moyen {
            Moyen::Ldap => match self.second_facteur(&compte, externe.code).await? {
                Moyen::MotDePasse => Moyen::Ldap,
                avec_code => avec_code,
            },
            autre => autre,
        };
        let ouverte = self.ouvrir_session(compte, moyen, externe.terminal, externe.ancien);
        Ok(ouverte.await?)
    }

    async fn adopter(
        &self,
        externe: &Externe<'_>,
        connu: Vec<u8>,
    ) -> Result<Compte, ComptesErreur> {
        let droits = externe.droits.clone();
        let compte = self
            .creer_sans_mot_de_passe(externe.identifiant, externe.nom, droits, None)
            .await?;
        // If this fails, the account stays, which nobody can sign in to: an administrator deletes it.
        sqlx::query(
            "insert into identites_externes (empreinte, origine, identifiant) values ($1, $2, $3)",
        )
        .bind(connu)
        .bind(externe.moyen.code())
        .bind(&compte.identifiant)
        .execute(self.base.pool())
        .await?;
        Ok(compte)
    }
}
