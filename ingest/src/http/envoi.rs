//! One batch read, checked and encoded for the log.

use frequent_plan::{Evenement, Instant, NonAccepte, Raison, Refus};
use serde::Serialize;

use super::Collecte;
use super::evenements::Genre;
use super::probleme::Probleme;
use crate::acces::CleFournisseur;
use crate::formats::natif::{Decoupe, Disposition, Ligne};
use crate::lot::Lot;
use crate::memoires::{Agents, DerniereCle, preparer};
use crate::qualite::Decompte;

/// Most refusals detailed in an answer; the counts are whole.
const DETAILS_MAX: usize = 100;

/// A batch, read.
pub(super) struct Envoi {
    /// The accepted events.
    pub lot: Lot,
    /// How many events the body held.
    pub recus: u64,
    /// The first refusals.
    pub rejetes: Vec<Rejet>,
    /// What it counts, not yet added to the key's: the batch may have to come again.
    pub decompte: Decompte,
}

/// A refused line, as the answer names it.
#[derive(Serialize)]
pub(super) struct Rejet {
    ligne: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    champ: String,
    raison: Raison,
    #[serde(skip_serializing_if = "Option::is_none")]
    valeur: Option<String>,
}

impl Collecte {
    /// Reads a body: whatever can be accepted is, the rest is refused line by line.
    pub(super) fn lire_envoi(
        &self,
        corps: &[u8],
        genre: Genre,
        cle: &CleFournisseur,
        idempotence: Option<&str>,
        maintenant: Instant,
    ) -> Result<Envoi, Probleme> {
        let disposition = disposition(corps, genre)?;
        let trousseau = DerniereCle::new(&*self.moyens.trousseau);
        let conversions = self.moyens.acces.conversions();
        let controle = self.controle(conversions.en_vigueur(), &trousseau, maintenant);
        let mut agents = Agents::new(&self.terminaux);
        let mut envoi = Envoi::new(self.decompte(maintenant));
        let mut ligne = Ligne::default();
        for (numero, octets) in Decoupe::new(corps, disposition) {
            envoi.recus += 1;
            if envoi.recus > u64::from(self.reglages.evenements_max.get()) {
                return Err(Probleme::TropDEvenements);
            }
            let pris = ligne
                .relire(octets)
                .and_then(|()| preparer(&mut ligne, |p| cle.admet(p), &mut agents))
                .map_err(NonAccepte::Refuse)
                .and_then(|()| {
                    let origine = ligne.origine(idempotence, numero);
                    let evenement = controle.verifier(&ligne.brut, origine)?;
                    envoi.accepter(&evenement, &ligne);
                    Ok(())
                });
            match pris {
                Ok(()) => {}
                Err(NonAccepte::Refuse(refus)) => {
                    if disposition == Disposition::Objet && refus.raison == Raison::JsonInvalide {
                        return Err(Probleme::CorpsIllisible);
                    }
                    let plateforme = ligne.plateforme();
                    let admise = if cle.admet(plateforme) {
                        plateforme
                    } else {
                        ""
                    };
                    envoi.rejeter(numero, (admise, &ligne), refus);
                }
                Err(NonAccepte::Cle(erreur)) => {
                    tracing::error!(%erreur, "batch turned away: no pseudonym key");
                    return Err(Probleme::Indisponible);
                }
            }
        }
        if envoi.recus == 0 && disposition != Disposition::Tableau {
            return Err(Probleme::CorpsVide);
        }
        Ok(envoi)
    }
}

impl Envoi {
    /// A batch of which nothing is read yet.
    pub(super) fn new(decompte: Decompte) -> Self {
        Self {
            lot: Lot::new(),
            recus: 0,
            rejetes: Vec::new(),
            decompte,
        }
    }

    /// An event is accepted.
    pub(super) fn accepter(&mut self, evenement: &Evenement<'_>, ligne: &Ligne<'_>) {
        self.lot.pousser(evenement);
        let personne = ligne.brut.visiteur.as_deref().unwrap_or_default();
        self.decompte.accepter(evenement, personne);
    }

    /// An event is refused; `plateforme` is one that its sender may send for, or empty.
    pub(super) fn rejeter(
        &mut self,
        numero: u64,
        (plateforme, ligne): (&str, &Ligne<'_>),
        refus: Refus,
    ) {
        self.decompte
            .refuser(plateforme, ligne.brut.uai.as_deref(), &refus);
        if self.rejetes.len() < DETAILS_MAX {
            self.rejetes.push(Rejet {
                ligne: numero,
                champ: refus.champ,
                raison: refus.raison,
                valeur: refus.valeur,
            });
        }
    }
}

/// An array is one whatever its type says; JSON that begins with neither a brace nor a bracket is
/// not a body.
pub(super) fn disposition(corps: &[u8], genre: Genre) -> Result<Disposition, Probleme> {
    let debut = corps.strip_prefix(b"\xef\xbb\xbf").unwrap_or(corps);
    match (debut.trim_ascii_start().first(), genre) {
        (None, _) => Err(Probleme::CorpsVide),
        (Some(b'['), _) => Ok(Disposition::Tableau),
        (Some(_), Genre::Ndjson) => Ok(Disposition::Lignes),
        (Some(b'{'), Genre::Json) => Ok(Disposition::Objet),
        (Some(_), Genre::Json) => Err(Probleme::CorpsIllisible),
    }
}
