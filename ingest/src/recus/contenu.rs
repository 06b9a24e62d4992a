//! What a receipt says, and where its figures come from.

use std::collections::BTreeMap;

use frequent_plan::{Jour, Lac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::RecuErreur;
use crate::acces::CleFournisseur;
use crate::qualite::doublons::{chemins, parcourir};
use crate::qualite::mesure::{ATTERRIS, DOUBLONS, REFUS};
use crate::qualite::{Ligne, Mesure, lire_jour};
use frequent_plan::hexadecimal::hexadecimal;

/// Says what the signed text is, so that no other signed text can be taken for a receipt.
const FORMAT: &str = "frequent-recu-1";
/// Days are those of mainland France.
const FUSEAU: &str = "Europe/Paris";

/// Whether the day is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Etat {
    /// Its figures may still change.
    Provisoire,
    /// Established once and for all.
    Definitif,
}

/// What was received from one key on one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recu {
    /// What this text is.
    pub format: String,
    /// The key, by its name.
    pub cle: String,
    /// The day of receipt.
    pub jour: Jour,
    /// The time zone of that day.
    pub fuseau: String,
    /// Whether the day is over.
    pub etat: Etat,
    /// When this was written.
    pub etabli_le: Timestamp,
    /// Events received.
    pub recus: i64,
    /// Events accepted: durable, repeated ones included.
    pub acceptes: i64,
    /// Events refused, by reason.
    pub refuses: BTreeMap<String, i64>,
    /// Accepted events of an earlier local day than their receipt.
    pub tardifs: i64,
    /// The same by platform; an empty name is what named none that the key may send for.
    pub plateformes: Vec<PlateformeRecue>,
    /// What the lake holds of that day's events, for each of the key's platforms, whoever sent them.
    pub evenements_du_jour: Vec<PlateformeAuLac>,
}

/// What a key sent for a platform.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlateformeRecue {
    /// The platform.
    pub plateforme: String,
    /// Events received.
    pub recus: i64,
    /// Events accepted.
    pub acceptes: i64,
    /// Events refused.
    pub refuses: i64,
    /// Accepted events of an earlier local day.
    pub tardifs: i64,
}

/// The events of a day kept for a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlateformeAuLac {
    /// The platform.
    pub plateforme: String,
    /// Distinct events: each counts once.
    pub distincts: i64,
    /// Those that came again, and do not count.
    pub doublons: i64,
    /// SHA-256 of the distinct identifiers, 16 bytes each, in order; none in a provisional receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empreinte: Option<String>,
}

/// Everything that the receipts of a day are made from.
pub(super) struct Journee {
    jour: Jour,
    etat: Etat,
    lignes: Vec<Ligne>,
    empreintes: BTreeMap<String, Empreinte>,
}

#[derive(Default)]
struct Empreinte {
    dernier: Option<[u64; 2]>,
    condense: Sha256,
    distincts: i64,
}

impl Empreinte {
    fn ajouter(&mut self, id: [u64; 2]) {
        if self.dernier != Some(id) {
            self.dernier = Some(id);
            self.distincts += 1;
            self.condense.update(id[0].to_be_bytes());
            self.condense.update(id[1].to_be_bytes());
        }
    }
}

impl Journee {
    /// A day that is not over: the stored figures only.
    pub(super) fn en_cours(lac: &Lac, jour: Jour) -> Result<Self, RecuErreur> {
        let lignes = lire_jour(lac, jour).map_err(|source| RecuErreur::Fichier { jour, source })?;
        Ok(Self {
            jour,
            etat: Etat::Provisoire,
            lignes,
            empreintes: BTreeMap::new(),
        })
    }

    /// A day that is over: its events are gone through.
    pub(super) fn close(lac: &Lac, jour: Jour) -> Result<Self, RecuErreur> {
        let journee = Self::en_cours(lac, jour)?;
        let mut empreintes: BTreeMap<String, Empreinte> = BTreeMap::new();
        let fichiers = chemins(lac, jour).map_err(|source| RecuErreur::Fichier { jour, source })?;
        parcourir(&fichiers, |lieux, rangees| {
            for rangee in rangees {
                let (plateforme, _) = &lieux.noms[rangee.lieu as usize];
                match empreintes.get_mut(plateforme) {
                    Some(empreinte) => empreinte.ajouter(rangee.id),
                    None => empreintes
                        .entry(plateforme.clone())
                        .or_default()
                        .ajouter(rangee.id),
                }
            }
        })
        .map_err(|source| RecuErreur::Fichier { jour, source })?;
        Ok(Self {
            etat: Etat::Definitif,
            empreintes,
            ..journee
        })
    }

    /// The receipt of a key.
    pub(super) fn recu(&self, cle: &CleFournisseur, etabli_le: Timestamp) -> Recu {
        let mut recu = Recu {
            format: FORMAT.to_owned(),
            cle: cle.nom.clone(),
            jour: self.jour,
            fuseau: FUSEAU.to_owned(),
            etat: self.etat,
            etabli_le,
            recus: 0,
            acceptes: 0,
            refuses: BTreeMap::new(),
            tardifs: 0,
            plateformes: Vec::new(),
            evenements_du_jour: self.au_lac(&cle.plateformes),
        };
        let mut plateformes: BTreeMap<&str, PlateformeRecue> = BTreeMap::new();
        let siennes = |l: &&Ligne| l.genre == "cle" && l.emetteur == cle.nom;
        for ligne in self.lignes.iter().filter(siennes) {
            let partie = plateformes.entry(&ligne.plateforme).or_default();
            let mesure = ligne.mesure.as_str();
            if mesure == Mesure::Recus.code() {
                recu.recus += ligne.nombre;
                partie.recus += ligne.nombre;
            } else if mesure == Mesure::Acceptes.code() {
                recu.acceptes += ligne.nombre;
                partie.acceptes += ligne.nombre;
            } else if mesure == Mesure::Tardifs.code() {
                recu.tardifs += ligne.nombre;
                partie.tardifs += ligne.nombre;
            } else if let Some(raison) = mesure.strip_prefix(REFUS) {
                *recu.refuses.entry(raison.to_owned()).or_default() += ligne.nombre;
                partie.refuses += ligne.nombre;
            }
        }
        recu.plateformes = plateformes
            .into_iter()
            .map(|(nom, partie)| PlateformeRecue {
                plateforme: nom.to_owned(),
                ..partie
            })
            .collect();
        recu
    }

    fn au_lac(&self, plateformes: &[String]) -> Vec<PlateformeAuLac> {
        let somme = |plateforme: &str, mesure: &str| -> i64 {
            let lignes = self.lignes.iter();
            lignes
                .filter(|l| l.genre == "lac" && l.plateforme == plateforme && l.mesure == mesure)
                .map(|l| l.nombre)
                .sum()
        };
        let mut noms: Vec<&String> = plateformes.iter().collect();
        noms.sort_unstable();
        noms.into_iter()
            .map(|nom| {
                let doublons = somme(nom, DOUBLONS);
                let empreinte = self.empreintes.get(nom);
                PlateformeAuLac {
                    plateforme: nom.clone(),
                    distincts: match empreinte {
                        Some(empreinte) => empreinte.distincts,
                        None => somme(nom, ATTERRIS) - doublons,
                    },
                    doublons,
                    empreinte: empreinte
                        .map(|empreinte| hexadecimal(&empreinte.condense.clone().finalize())),
                }
            })
            .collect()
    }
}
