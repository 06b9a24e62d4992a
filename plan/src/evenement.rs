//! The event, and the checks that stand between what a sender wrote and what is counted.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::conversions::{Conversion, Conversions};
use crate::fuseau::{Fuseaux, Instant};
use crate::jour::Jour;
use crate::plan::{Plan, Service};
use crate::pseudonyme::{CleIndisponible, Client, IdEvenement, Trousseau, Visiteur};
use crate::refus::{Raison, Refus};
use crate::uai::{Uai, UaiInvalide};
use crate::vocabulaire::{Appareil, Navigateur, Os, Profil, TypeService};

/// Longest label of a platform, project, provider or tool, in bytes.
pub const LIBELLE_MAX: usize = 100;
/// Longest identifier a sender may give (person, client, event), in bytes.
pub const IDENTIFIANT_MAX: usize = 256;

/// An accepted event: one access to a page or service by one person in one school's ENT, with no
/// personal data left in it (definition: `docs/definitions.md`, *Event*).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evenement<'a> {
    /// By which it is counted once.
    pub id: IdEvenement,
    /// When, UTC.
    pub ts: Instant,
    /// The calendar day of `ts` in the school's own time zone.
    pub jour: Jour,
    /// The hour of `ts` there, 0 to 23.
    pub heure: u8,
    /// The school.
    pub uai: Uai,
    /// Who the person is there.
    pub profil: Profil,
    /// The person's pseudonym.
    pub visiteur: Visiteur,
    /// The browser's, app's or session's pseudonym, 0 when unknown.
    pub client: Client,
    /// The service used.
    pub service: Service,
    /// Native to the ENT or a third party's.
    pub type_service: TypeService,
    /// The third party's tool; empty for a native service.
    pub outil: &'a str,
    /// The kind of device.
    pub appareil: Appareil,
    /// The operating system.
    pub os: Os,
    /// The browser.
    pub navigateur: Navigateur,
    /// The ENT's platform.
    pub plateforme: &'a str,
    /// The ENT project; may be empty.
    pub projet: &'a str,
    /// The provider that runs it; may be empty.
    pub exploitant: &'a str,
    /// The service was named in the provider's own words, and converted. Known when the event is
    /// checked, for the quality figures; the log does not keep it.
    pub converti: bool,
}

/// Device, system and browser, once known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terminal {
    /// The kind of device.
    pub appareil: Appareil,
    /// The operating system.
    pub os: Os,
    /// The browser.
    pub navigateur: Navigateur,
}

impl Terminal {
    /// What is known when nothing is said.
    pub const INCONNU: Self = Self {
        appareil: Appareil::Autre,
        os: Os::Autre,
        navigateur: Navigateur::Autre,
    };
}

/// When the event took place, as its format gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Date<'a> {
    /// RFC 3339, with its offset.
    Rfc3339(Cow<'a, str>),
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Epoque(i64),
}

/// What the identifier of an event is made from, in the order of preference of `docs/definitions.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origine<'a> {
    /// The sender's own identifier.
    Emetteur(&'a str),
    /// An `Idempotency-Key` and the line's number, counted from 1.
    Idempotence {
        /// The header's value.
        cle: &'a str,
        /// The line's number in the body, from 1.
        ligne: u64,
    },
    /// A tag hit's whole query as received, and the event's place in it, from 0.
    Requete {
        /// The query string, still escaped.
        requete: &'a [u8],
        /// 0 but for hits that carry several events.
        rang: u32,
    },
    /// Nothing: the event's own content.
    Contenu,
}

/// The fields of an event as a format read them, not yet checked. `None` is a field not given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brut<'a> {
    /// When; none means now (tag hits).
    pub ts: Option<Date<'a>>,
    /// The school.
    pub uai: Option<Cow<'a, str>>,
    /// The profile's code.
    pub profil: Option<Cow<'a, str>>,
    /// The sender's identifier of the person.
    pub visiteur: Option<Cow<'a, str>>,
    /// The sender's identifier of the browser, app or session.
    pub client: Option<Cow<'a, str>>,
    /// The service's code.
    pub service: Option<Cow<'a, str>>,
    /// `NATIF` or `TIERS`; none means `NATIF`.
    pub type_service: Option<Cow<'a, str>>,
    /// The third party's tool.
    pub outil: Option<Cow<'a, str>>,
    /// The platform.
    pub plateforme: Option<Cow<'a, str>>,
    /// The project.
    pub projet: Option<Cow<'a, str>>,
    /// The provider.
    pub exploitant: Option<Cow<'a, str>>,
    /// The device's code; beats `terminal`.
    pub appareil: Option<Cow<'a, str>>,
    /// The system's code; beats `terminal`.
    pub os: Option<Cow<'a, str>>,
    /// The browser's code; beats `terminal`.
    pub navigateur: Option<Cow<'a, str>>,
    /// What the user agent says.
    pub terminal: Option<Terminal>,
}

/// How far from the server's clock an event may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FenetreTemps {
    /// Milliseconds into the past.
    pub passe_ms: i64,
    /// Milliseconds into the future.
    pub futur_ms: i64,
}

impl Default for FenetreTemps {
    /// 7 days in the past, 5 minutes in the future.
    fn default() -> Self {
        Self {
            passe_ms: 7 * 24 * 3_600_000,
            futur_ms: 5 * 60_000,
        }
    }
}

/// Why a line gave no event.
#[derive(Debug, thiserror::Error)]
pub enum NonAccepte {
    /// The sender's fault: the line is refused, the others go on.
    #[error(transparent)]
    Refuse(#[from] Refus),
    /// Ours: no key, so nothing can be accepted now and the sender must come back.
    #[error(transparent)]
    Cle(#[from] CleIndisponible),
}

/// Checks raw fields against the plan and turns them into an event.
pub struct Controle<'c> {
    /// The marking plan.
    pub plan: &'c Plan,
    /// The time zones.
    pub fuseaux: &'c Fuseaux,
    /// The providers' own names for services.
    pub conversions: &'c Conversions,
    /// The pseudonym keys.
    pub trousseau: &'c dyn Trousseau,
    /// The server's clock at receipt.
    pub maintenant: Instant,
    /// How far from it an event may be.
    pub fenetre: FenetreTemps,
}

impl<'c> Controle<'c> {
    /// The event of these fields, pseudonymised. Fields are checked in the table's order and the
    /// first fault is the one reported.
    ///
    /// # Errors
    /// [`NonAccepte::Refuse`] with the field and the reason; [`NonAccepte::Cle`] when the key of
    /// the event's platform and school year cannot be had.
    pub fn verifier<'b>(
        &self,
        brut: &'b Brut<'_>,
        origine: Origine<'_>,
    ) -> Result<Evenement<'b>, NonAccepte>
    where
        'c: 'b,
    {
        let ts = self.instant(brut.ts.as_ref())?;
        let uai = lire_uai(brut.uai.as_deref())?;
        let profil = lire_code("profil", brut.profil.as_deref(), Profil::de_code)?;
        let personne = identifiant(
            "visiteur",
            obligatoire("visiteur", brut.visiteur.as_deref())?,
        )?;
        let navigation = match brut.client.as_deref() {
            None | Some("") => "",
            Some(client) => identifiant("client", client)?,
        };
        let acces = self.acces(brut)?;
        let terminal = lire_terminal(brut)?;
        let plateforme = libelle(
            "plateforme",
            Some(obligatoire("plateforme", brut.plateforme.as_deref())?),
        )?;
        let projet = libelle("projet", brut.projet.as_deref())?;
        let exploitant = libelle("exploitant", brut.exploitant.as_deref())?;

        let locale = self.fuseaux.heure_locale(uai, ts);
        let cle = self
            .trousseau
            .cle(plateforme, locale.jour.annee_scolaire())?;
        let mut evenement = Evenement {
            id: IdEvenement([0; 16]),
            ts,
            jour: locale.jour,
            heure: locale.heure,
            uai,
            profil,
            visiteur: cle.visiteur(personne),
            client: cle.client(navigation),
            service: acces.service,
            type_service: acces.type_service,
            outil: match acces.type_service {
                TypeService::Tiers => acces.outil,
                TypeService::Natif => "",
            },
            appareil: terminal.appareil,
            os: terminal.os,
            navigateur: terminal.navigateur,
            plateforme,
            projet,
            exploitant,
            converti: acces.converti,
        };
        evenement.id = match origine {
            Origine::Emetteur(id) => IdEvenement::emetteur(plateforme, identifiant("id", id)?),
            Origine::Idempotence { cle, ligne } => IdEvenement::idempotence(plateforme, cle, ligne),
            Origine::Requete { requete, rang } => cle.id_requete(requete, rang),
            Origine::Contenu => evenement.id_du_contenu(self.plan),
        };
        Ok(evenement)
    }

    /// What was used. A name that the plan does not know may be the provider's own: only then is
    /// it looked for among the conversions, so a code of the plan always keeps its meaning and
    /// costs nothing more.
    fn acces<'b>(&self, brut: &'b Brut<'_>) -> Result<Acces<'b>, Refus>
    where
        'c: 'b,
    {
        let nom = obligatoire("service", brut.service.as_deref())?;
        let conversion = match self.plan.service(nom) {
            Some(_) => None,
            None => self.conversion(brut, nom),
        };
        let code = conversion.map_or(nom, |c| c.service.as_str());
        let service = lire_code("service", Some(code), |c| self.plan.service(c))?;
        let type_service = match conversion.and_then(|c| c.type_service) {
            Some(converti) => converti,
            None => lire_ou(
                "type",
                brut.type_service.as_deref(),
                TypeService::Natif,
                TypeService::de_code,
            )?,
        };
        let outil = match conversion {
            Some(conversion) if !conversion.outil.is_empty() => conversion.outil.as_str(),
            _ => libelle("outil", brut.outil.as_deref())?,
        };
        Ok(Acces {
            service,
            type_service,
            outil,
            converti: conversion.is_some(),
        })
    }

    fn conversion(&self, brut: &Brut<'_>, nom: &str) -> Option<&'c Conversion> {
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        self.conversions.chercher(plateforme, nom.trim())
    }

    fn instant(&self, date: Option<&Date<'_>>) -> Result<Instant, Refus> {
        let ts = match date {
            None => return Ok(self.maintenant),
            Some(Date::Epoque(ms)) => Instant(*ms),
            Some(Date::Rfc3339(texte)) => texte
                .parse::<Timestamp>()
                .map(Instant::de_timestamp)
                .map_err(|_| Refus::de("ts", Raison::DateIllisible))?,
        };
        let retard = self.maintenant.0.saturating_sub(ts.0);
        if retard > self.fenetre.passe_ms {
            return Err(Refus::de("ts", Raison::TropAncien));
        }
        if retard < -self.fenetre.futur_ms {
            return Err(Refus::de("ts", Raison::Futur));
        }
        Ok(ts)
    }
}

/// The service used, as the plan names it.
struct Acces<'b> {
    service: Service,
    type_service: TypeService,
    outil: &'b str,
    converti: bool,
}

impl Evenement<'_> {
    fn id_du_contenu(&self, plan: &Plan) -> IdEvenement {
        let textes = [
            self.uai.as_str(),
            self.profil.code(),
            plan.code(self.service),
            self.type_service.code(),
            self.outil,
            self.plateforme,
        ];
        IdEvenement::contenu(self.ts.0, self.visiteur, self.client, textes)
    }
}

fn obligatoire<'a>(champ: &str, valeur: Option<&'a str>) -> Result<&'a str, Refus> {
    valeur
        .filter(|v| !v.is_empty())
        .ok_or_else(|| Refus::de(champ, Raison::ChampManquant))
}

fn lire_uai(valeur: Option<&str>) -> Result<Uai, Refus> {
    let valeur = obligatoire("uai", valeur)?;
    Uai::lire(valeur.as_bytes()).map_err(|faute| {
        let raison = match faute {
            UaiInvalide::Forme => Raison::UaiMalforme,
            UaiInvalide::Cle { .. } => Raison::CleInvalide,
        };
        Refus::de_valeur("uai", raison, valeur)
    })
}

fn lire_code<T>(
    champ: &str,
    valeur: Option<&str>,
    lire: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Refus> {
    let valeur = obligatoire(champ, valeur)?;
    lire(valeur).ok_or_else(|| Refus::de_valeur(champ, Raison::ValeurInconnue, valeur))
}

fn lire_terminal(brut: &Brut<'_>) -> Result<Terminal, Refus> {
    let defaut = brut.terminal.unwrap_or(Terminal::INCONNU);
    Ok(Terminal {
        appareil: lire_ou(
            "appareil",
            brut.appareil.as_deref(),
            defaut.appareil,
            Appareil::de_code,
        )?,
        os: lire_ou("os", brut.os.as_deref(), defaut.os, Os::de_code)?,
        navigateur: lire_ou(
            "navigateur",
            brut.navigateur.as_deref(),
            defaut.navigateur,
            Navigateur::de_code,
        )?,
    })
}

fn lire_ou<T>(
    champ: &str,
    valeur: Option<&str>,
    defaut: T,
    lire: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Refus> {
    match valeur {
        None | Some("") => Ok(defaut),
        autre => lire_code(champ, autre, lire),
    }
}

/// A free label: trimmed, short, without control characters; empty when not given.
fn libelle<'a>(champ: &str, valeur: Option<&'a str>) -> Result<&'a str, Refus> {
    let valeur = valeur.unwrap_or_default().trim();
    if valeur.len() > LIBELLE_MAX || a_un_controle(valeur) {
        return Err(Refus::de(champ, Raison::TexteInvalide));
    }
    Ok(valeur)
}

fn identifiant<'a>(champ: &str, valeur: &'a str) -> Result<&'a str, Refus> {
    let long = valeur.len() > IDENTIFIANT_MAX;
    if valeur.is_empty() || long || a_un_controle(valeur) {
        return Err(Refus::de(champ, Raison::TexteInvalide));
    }
    Ok(valeur)
}

/// Nearly every text is ASCII, where a byte tells; the others are read character by character.
fn a_un_controle(texte: &str) -> bool {
    if texte.is_ascii() {
        return texte.bytes().any(|o| o.is_ascii_control());
    }
    texte.chars().any(char::is_control)
}

#[cfg(test)]
#[path = "evenement_tests.rs"]
mod tests;
