//! Judging JSON events: what cannot be read of one is noted and taken away, until the rest can be.

use std::borrow::Cow;

use frequent_plan::{Raison, Refus, Terminal};
use serde_json::{Map, Value};

use super::avis::Dossier;
use super::{PASSAGES_MAX, Seance};
use crate::formats::natif::{CHAMPS, Ligne, nom_montrable};

/// Where JSON events come from, which changes what they may hold.
#[derive(Debug, Clone, Copy)]
pub enum Provenance<'p> {
    /// A provider's server, with its `Idempotency-Key` if it gave one.
    Serveur {
        /// The header's value.
        idempotence: Option<&'p str>,
    },
    /// A page, by our own tag: what stands for the fields that it leaves out, and its browser.
    Page {
        /// The platform.
        plateforme: &'p str,
        /// The project.
        projet: &'p str,
        /// The provider.
        exploitant: &'p str,
        /// What the browser that asks is.
        terminal: Terminal,
    },
}

impl Seance<'_> {
    /// Judges one JSON event. `reconnaitre` tells a user agent's device, system and browser.
    pub fn juger_json(
        &mut self,
        numero: u64,
        octets: &[u8],
        provenance: Provenance<'_>,
        reconnaitre: impl Fn(&str) -> Terminal,
    ) {
        let mut dossier = Dossier::default();
        let objet = serde_json::from_slice::<Value>(octets);
        let Ok(Value::Object(mut objet)) = objet else {
            let raison = match std::str::from_utf8(octets) {
                Ok(_) => Raison::JsonInvalide,
                Err(_) => Raison::Utf8Invalide,
            };
            return self.refuser(numero, &Refus::de("", raison));
        };
        let mut texte = octets.to_vec();
        for _ in 0..PASSAGES_MAX {
            let Some(refus) = faute(&texte, provenance) else {
                break;
            };
            self.noter(&refus, &mut objet, &mut dossier);
            texte = Value::Object(objet.clone()).to_string().into_bytes();
        }
        let mut ligne = Ligne::default();
        if lire(&mut ligne, &texte, provenance).is_err() {
            return self.bilan.ajouter(dossier.conclure(numero));
        }
        if ligne.id.as_deref().is_some_and(|id| !id.is_empty()) {
            dossier.accepter(
                "id",
                "accepté : renvoyé, l’événement ne comptera qu’une fois",
            );
        } else if matches!(provenance, Provenance::Serveur { idempotence: None }) {
            dossier.conseiller(
                "id",
                "absent : donnez un identifiant à chaque événement, ou un en-tête Idempotency-Key, \
                 pour qu’un renvoi ne compte qu’une fois à coup sûr",
            );
        }
        let idempotence = completer(&mut ligne, provenance, reconnaitre);
        let brut = std::mem::take(&mut ligne.brut);
        self.juger_avec(numero, brut, ligne.origine(idempotence, numero), dossier);
    }

    /// Notes what could not be read and takes it away, or stands something good in for it.
    fn noter(&self, refus: &Refus, objet: &mut Map<String, Value>, dossier: &mut Dossier) {
        let champ = refus.champ.as_str();
        match refus.raison {
            Raison::ChampInconnu if !CHAMPS.contains(&champ) => {
                let connu = |nom: &String| CHAMPS.contains(&nom.as_str());
                for nom in objet.keys().filter(|nom| !connu(nom)) {
                    let refus = Refus::de(&nom_montrable(nom), Raison::ChampInconnu);
                    dossier.refuser(self.juge.refus(&refus, None));
                }
                objet.retain(|nom, _| connu(nom));
            }
            Raison::ChampManquant => {
                dossier.refuser(self.juge.refus(refus, None));
                let bonne = match champ {
                    "ts" => Value::from(self.juge.maintenant.0),
                    _ => Value::from("essai"),
                };
                objet.insert(champ.to_owned(), bonne);
            }
            _ => {
                dossier.refuser(self.juge.refus(refus, None));
                // A field given twice is given once by now.
                if refus.raison != Raison::ChampEnDouble {
                    objet.remove(champ);
                }
            }
        }
    }
}

fn lire<'a>(
    ligne: &mut Ligne<'a>,
    texte: &'a [u8],
    provenance: Provenance<'_>,
) -> Result<(), Refus> {
    match provenance {
        Provenance::Serveur { .. } => ligne.relire(texte),
        Provenance::Page { .. } => ligne.relire_page(texte),
    }
}

fn faute(texte: &[u8], provenance: Provenance<'_>) -> Option<Refus> {
    lire(&mut Ligne::default(), texte, provenance).err()
}

/// What the request adds to the event; gives the key that may stand for identifiers.
fn completer<'p>(
    ligne: &mut Ligne<'_>,
    provenance: Provenance<'p>,
    reconnaitre: impl Fn(&str) -> Terminal,
) -> Option<&'p str> {
    match provenance {
        Provenance::Serveur { idempotence } => {
            ligne.brut.terminal = ligne.agent.take().map(|agent| reconnaitre(&agent));
            idempotence
        }
        Provenance::Page {
            plateforme,
            projet,
            exploitant,
            terminal,
        } => {
            let brut = &mut ligne.brut;
            for (case, defaut) in [
                (&mut brut.plateforme, plateforme),
                (&mut brut.projet, projet),
                (&mut brut.exploitant, exploitant),
            ] {
                if case.as_deref().unwrap_or_default().is_empty() {
                    *case = Some(Cow::Owned(defaut.to_owned()));
                }
            }
            brut.terminal = Some(terminal);
            None
        }
    }
}
