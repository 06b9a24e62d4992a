//! One-time codes (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds, as every application reads them) and
//! the recovery codes that replace a lost phone.
//!
//! The secret is sealed in the database with the instance's own; a step accepted is never accepted
//! again; recovery codes are kept as their digest and used once.

use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;
use sqlx::Row;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{Comptes, ComptesErreur, empreinte, normaliser};
use frequent_plan::hexadecimal::hexadecimal;

const USAGE: &str = "codes";
const EMETTEUR: &str = "FréquENT";
const CHIFFRES: u8 = 6;
const PAS_S: u64 = 30;
/// Steps before and after now that are accepted: clocks of phones drift.
const ECART: u16 = 1;
const CODES_SECOURS: usize = 10;

/// What the application on a phone needs, shown once.
#[derive(Clone)]
pub struct Inscription {
    /// The secret, in base 32.
    pub secret: String,
    /// The same in an `otpauth://` address.
    pub uri: String,
    /// The same as a QR code, in SVG.
    pub qr_svg: String,
}

impl std::fmt::Debug for Inscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inscription(…)")
    }
}

/// Why a code is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum CodeRefuse {
    /// It is not the right one, or was used already.
    #[error("ce code n’est pas le bon, ou a déjà servi")]
    Faux,
    /// The account has no secret to check it with.
    #[error("ce compte n’a pas commencé son inscription aux codes à usage unique")]
    NonInscrit,
    /// The accounts cannot be read or written.
    #[error(transparent)]
    Comptes(#[from] ComptesErreur),
}

impl From<sqlx::Error> for CodeRefuse {
    fn from(erreur: sqlx::Error) -> Self {
        Self::Comptes(erreur.into())
    }
}

impl Comptes {
    /// Begins an enrolment, or begins it again: a secret that was not confirmed is replaced.
    ///
    /// # Errors
    /// The account is enrolled already ([`CodeRefuse::Faux`]), or there is no such account.
    pub async fn inscrire_code(&self, identifiant: &str) -> Result<Inscription, CodeRefuse> {
        let identifiant = normaliser(identifiant);
        let (secret, scelle) = self.tirer(&identifiant)?;
        let pose = sqlx::query(
            "insert into codes (identifiant, secret, dernier, cree_le) values ($1, $2, null, $3)
             on conflict (identifiant) do update set secret = excluded.secret
             where codes.dernier is null",
        )
        .bind(&identifiant)
        .bind(scelle)
        .bind(self.horloge.maintenant().0)
        .execute(self.base.pool())
        .await?;
        if pose.rows_affected() == 0 {
            return Err(CodeRefuse::Faux);
        }
        Ok(montrer(secret, &identifiant)?)
    }

    /// Begins to put a new phone in the place of the one in use, against a code of it or a recovery
    /// code. It serves until the new one is confirmed.
    ///
    /// # Errors
    /// The code is wrong, or the account has none to replace.
    pub async fn remplacer_code(
        &self,
        identifiant: &str,
        code: &str,
    ) -> Result<Inscription, CodeRefuse> {
        let identifiant = normaliser(identifiant);
        if !self.a_un_code(&identifiant).await? {
            return Err(CodeRefuse::NonInscrit);
        }
        self.verifier_code(&identifiant, code).await?;
        let (secret, scelle) = self.tirer(&identifiant)?;
        sqlx::query("update codes set remplacant = $1 where identifiant = $2")
            .bind(scelle)
            .bind(&identifiant)
            .execute(self.base.pool())
            .await?;
        Ok(montrer(secret, &identifiant)?)
    }

    /// Whether a new phone waits to be confirmed in the place of the one in use.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn change_de_code(&self, identifiant: &str) -> Result<bool, ComptesErreur> {
        let attendu =
            sqlx::query("select 1 from codes where identifiant = $1 and remplacant is not null")
                .bind(normaliser(identifiant))
                .fetch_optional(self.base.pool())
                .await?;
        Ok(attendu.is_some())
    }

    /// Ends an enrolment, or a change of phone, with the first code of the application, and gives
    /// the recovery codes.
    ///
    /// # Errors
    /// The code is wrong, or no enrolment was begun.
    pub async fn confirmer_code(
        &self,
        identifiant: &str,
        code: &str,
    ) -> Result<Vec<String>, CodeRefuse> {
        let identifiant = normaliser(identifiant);
        self.confirmer(&identifiant, code).await?;
        let mut secours = Vec::with_capacity(CODES_SECOURS);
        for _ in 0..CODES_SECOURS {
            secours.push(code_secours()?);
        }
        let mut transaction = self.base.ecrire().await?;
        sqlx::query("delete from codes_secours where identifiant = $1")
            .bind(&identifiant)
            .execute(&mut *transaction)
            .await?;
        for code in &secours {
            sqlx::query("insert into codes_secours (identifiant, empreinte) values ($1, $2)")
                .bind(&identifiant)
                .bind(empreinte(&sans_tirets(code)))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(secours)
    }

    /// Whether the account has confirmed its enrolment.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn a_un_code(&self, identifiant: &str) -> Result<bool, ComptesErreur> {
        let inscrit =
            sqlx::query("select 1 from codes where identifiant = $1 and dernier is not null")
                .bind(normaliser(identifiant))
                .fetch_optional(self.base.pool())
                .await?;
        Ok(inscrit.is_some())
    }

    /// How many recovery codes an account has left.
    ///
    /// # Errors
    /// The accounts cannot be read.
    pub async fn codes_secours_restants(&self, identifiant: &str) -> Result<i64, ComptesErreur> {
        Ok(
            sqlx::query_scalar("select count(*) from codes_secours where identifiant = $1")
                .bind(normaliser(identifiant))
                .fetch_one(self.base.pool())
                .await?,
        )
    }

    /// Uses a one-time code or a recovery code of an enrolled account.
    ///
    /// # Errors
    /// See [`CodeRefuse`].
    pub(super) async fn verifier_code(
        &self,
        identifiant: &str,
        code: &str,
    ) -> Result<(), CodeRefuse> {
        let texte = sans_tirets(code);
        if texte.len() == usize::from(CHIFFRES) {
            return self.accepter(identifiant, &texte).await;
        }
        let pris =
            sqlx::query("delete from codes_secours where identifiant = $1 and empreinte = $2")
                .bind(identifiant)
                .bind(empreinte(&texte))
                .execute(self.base.pool())
                .await?;
        if pris.rows_affected() == 0 {
            return Err(CodeRefuse::Faux);
        }
        Ok(())
    }

    /// Takes the second factor away from an account and ends its sessions: its holder enrols again
    /// at the next sign-in.
    ///
    /// # Errors
    /// The accounts cannot be written.
    pub async fn retirer_code(&self, identifiant: &str) -> Result<(), ComptesErreur> {
        let mut transaction = self.base.ecrire().await?;
        for fin in [
            "delete from codes where identifiant = $1",
            "delete from codes_secours where identifiant = $1",
            "delete from sessions where identifiant = $1",
        ] {
            sqlx::query(fin)
                .bind(normaliser(identifiant))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Accepts the code of a step near now, later than the last one accepted. Of two who send the
    /// same code together, one is accepted.
    async fn accepter(&self, identifiant: &str, code: &str) -> Result<(), CodeRefuse> {
        let ligne = sqlx::query("select secret from codes where identifiant = $1")
            .bind(identifiant)
            .fetch_optional(self.base.pool())
            .await?
            .ok_or(CodeRefuse::NonInscrit)?;
        let scelle: Vec<u8> = ligne.try_get("secret")?;
        let pas = self.pas(identifiant, &scelle, code)?;
        let pris = sqlx::query(
            "update codes set dernier = $1
             where identifiant = $2 and secret = $3 and (dernier is null or dernier < $1)",
        )
        .bind(pas)
        .bind(identifiant)
        .bind(scelle)
        .execute(self.base.pool())
        .await?;
        if pris.rows_affected() == 0 {
            return Err(CodeRefuse::Faux);
        }
        Ok(())
    }

    /// Accepts the first code of the secret that waits to be confirmed, which serves from then on.
    async fn confirmer(&self, identifiant: &str, code: &str) -> Result<(), CodeRefuse> {
        let ligne = sqlx::query("select secret, remplacant from codes where identifiant = $1")
            .bind(identifiant)
            .fetch_optional(self.base.pool())
            .await?
            .ok_or(CodeRefuse::NonInscrit)?;
        let remplacant: Option<Vec<u8>> = ligne.try_get("remplacant")?;
        let Some(scelle) = remplacant else {
            return self.accepter(identifiant, code).await;
        };
        let pas = self.pas(identifiant, &scelle, code)?;
        let pris = sqlx::query(
            "update codes set secret = remplacant, remplacant = null, dernier = $1
             where identifiant = $2 and remplacant = $3",
        )
        .bind(pas)
        .bind(identifiant)
        .bind(scelle)
        .execute(self.base.pool())
        .await?;
        if pris.rows_affected() == 0 {
            return Err(CodeRefuse::Faux);
        }
        Ok(())
    }

    /// A new secret, as it is and as it is kept.
    fn tirer(&self, identifiant: &str) -> Result<(Vec<u8>, Vec<u8>), ComptesErreur> {
        let mut secret = vec![0; 20];
        getrandom::fill(&mut secret).map_err(ComptesErreur::Alea)?;
        let scelle = self.sceau.sceller(USAGE, identifiant, &secret)?;
        Ok((secret, scelle))
    }

    /// The step near now of which this is the code, never to be accepted again.
    fn pas(&self, identifiant: &str, scelle: &[u8], code: &str) -> Result<i64, CodeRefuse> {
        let secret = self
            .sceau
            .ouvrir_scelle(USAGE, identifiant, scelle)
            .map_err(ComptesErreur::from)?;
        let totp = totp(secret, identifiant)?;
        let secondes = u64::try_from(self.horloge.maintenant().0 / 1_000).unwrap_or_default();
        // Compared in constant time.
        let pas = totp.check(code.trim(), secondes).ok_or(CodeRefuse::Faux)?;
        i64::try_from(pas).map_err(|_| CodeRefuse::Faux)
    }
}

/// What the application on a phone needs of this secret.
fn montrer(secret: Vec<u8>, identifiant: &str) -> Result<Inscription, ComptesErreur> {
    let totp = totp(secret, identifiant)?;
    let uri = totp.to_url().map_err(interne)?;
    let qr = fast_qr::QRBuilder::new(uri.as_str()).build();
    let qr = qr.map_err(interne)?;
    Ok(Inscription {
        secret: totp.secret().to_base32(),
        qr_svg: SvgBuilder::default().margin(2).to_str(&qr),
        uri,
    })
}

fn totp(secret: Vec<u8>, identifiant: &str) -> Result<Totp, ComptesErreur> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(CHIFFRES)
        .with_step_duration(PAS_S)
        .with_skew(ECART)
        .with_secret(Secret::new(secret.into_boxed_slice()))
        .with_issuer(Some(EMETTEUR))
        .with_account_name(identifiant)
        .build()
        .map_err(interne)
}

fn interne(faute: impl std::fmt::Debug) -> ComptesErreur {
    ComptesErreur::Codes(format!("{faute:?}"))
}

/// 80 random bits as four groups of five hexadecimal digits.
fn code_secours() -> Result<String, ComptesErreur> {
    let mut alea = [0; 10];
    getrandom::fill(&mut alea).map_err(ComptesErreur::Alea)?;
    let texte = hexadecimal(&alea);
    let groupes: Vec<&str> = [0..5, 5..10, 10..15, 15..20]
        .into_iter()
        .filter_map(|groupe| texte.get(groupe))
        .collect();
    Ok(groupes.join("-"))
}

/// A code as it is compared: people copy it with spaces, dashes and capitals.
fn sans_tirets(code: &str) -> String {
    let utiles = code.chars().filter(|c| !c.is_whitespace() && *c != '-');
    utiles.collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
