//! `/hit.xiti`: the tag's address. A browser can do nothing with an error, so whatever can be
//! settled is answered by the image, and what is wrong is counted for the site. Only a log that
//! cannot take more is said, with a 503.

use std::sync::{Arc, PoisonError};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use frequent_plan::{
    Brut, CleIndisponible, Controle, Instant, NonAccepte, Origine, Raison, Refus, Terminal,
};

use super::probleme::Probleme;
use super::{Collecte, Moyens, essai};
use crate::acces::{Site, Usage};
use crate::essai::Bilan;
use crate::formats::xiti::{Ancien, Contenu, Hit, Suite};
use crate::lot::Lot;
use crate::qualite::{Decompte, Emetteur};
use crate::terminal::Indices;

/// A transparent GIF of one pixel.
const IMAGE: &[u8] = &[
    0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00,
    0xff, 0xff, 0xff, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b,
];

const SEC_CH_UA: HeaderName = HeaderName::from_static("sec-ch-ua");
const SEC_CH_UA_PLATFORM: HeaderName = HeaderName::from_static("sec-ch-ua-platform");
const SEC_CH_UA_MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");

/// What becomes of a hit.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every hit is counted: boxing it would cost an allocation each"
)]
enum Lecture {
    /// It is counted.
    Comptee(Recu),
    /// It is only judged.
    Jugee(Box<Bilan>),
}

/// What a hit gave: the accesses to make durable, and the figures that it changes once they are.
struct Recu {
    lot: Lot,
    emetteur: Emetteur,
    decompte: Decompte,
}

pub(super) async fn recevoir(
    State(collecte): State<Arc<Collecte>>,
    requete: Request,
) -> Result<Response, Probleme> {
    repondre(&collecte, requete).await
}

/// Reads a hit, makes it durable, answers. The body, empty, is not read.
pub(super) async fn repondre<B>(
    collecte: &Collecte,
    requete: axum::http::Request<B>,
) -> Result<Response, Probleme> {
    let texte = requete.uri().query().unwrap_or_default().as_bytes();
    let maintenant = collecte.moyens.horloge.maintenant();
    let recu = match collecte.lire_hit(texte, requete.headers(), maintenant)? {
        Lecture::Comptee(recu) => recu,
        Lecture::Jugee(bilan) => return Ok(essai::repondre(*bilan)),
    };
    // The request shares the connection's read buffer: kept while waiting for the disk, it would
    // make the next one allocate another.
    drop(requete);
    if !recu.lot.est_vide() {
        let ajout = collecte.moyens.journal.ajouter(recu.lot).await;
        ajout.map_err(|erreur| Probleme::du_journal(&erreur))?;
    }
    recu.decompte.verser(&recu.emetteur);
    Ok(image())
}

fn image() -> Response {
    let mut reponse = Response::new(Body::from(Bytes::from_static(IMAGE)));
    let entetes = reponse.headers_mut();
    entetes.insert(CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    entetes.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reponse
}

impl Collecte {
    fn lire_hit(
        &self,
        requete: &[u8],
        entetes: &HeaderMap,
        maintenant: Instant,
    ) -> Result<Lecture, Probleme> {
        let hit = Hit::lire(requete);
        let sites = self.moyens.acces.sites();
        let Some(site) = hit.site().and_then(|numero| sites.site(numero)) else {
            let mut decompte = self.decompte(maintenant);
            decompte.refuser("", None, &Refus::de("s", Raison::SiteInconnu));
            return Ok(Lecture::Comptee(Recu {
                lot: Lot::new(),
                emetteur: Emetteur::SitesInconnus,
                decompte,
            }));
        };
        self.debit_sites.prendre(&site.numero, 1)?;
        if site.usage == Usage::Essai {
            let bilan = self.juger_hit(&hit, site, entetes, maintenant);
            return Ok(Lecture::Jugee(Box::new(bilan)));
        }
        let conversions = self.moyens.acces.conversions();
        let trousseau = &*self.moyens.trousseau;
        let mut prise = Prise {
            collecte: self,
            controle: self.controle(conversions.en_vigueur(), trousseau, maintenant),
            site,
            entetes,
            lot: Lot::new(),
            decompte: self.decompte(maintenant),
        };
        match self.reunir(&hit, requete, site, maintenant) {
            Ok(None) => prise.tout(requete, &hit),
            Ok(Some(Suite::Entiere(requete))) => prise.tout(&requete, &Hit::lire(&requete)),
            Ok(Some(Suite::Attendre)) => Ok(()),
            Err(refus) => {
                prise.refuser(None, &refus);
                Ok(())
            }
        }
        .map_err(|erreur| {
            tracing::error!(%erreur, "hit turned away: no pseudonym key");
            Probleme::Indisponible
        })?;
        Ok(Lecture::Comptee(Recu {
            emetteur: Emetteur::Site(site.numero),
            lot: prise.lot,
            decompte: prise.decompte,
        }))
    }

    /// What becomes of a part of a hit; none for a hit that is whole by itself.
    fn reunir(
        &self,
        hit: &Hit<'_>,
        requete: &[u8],
        site: &Site,
        maintenant: Instant,
    ) -> Result<Option<Suite>, Refus> {
        let Some(numero) = hit.partie()? else {
            return Ok(None);
        };
        let reunion = self
            .parties
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recevoir(site.numero, hit, numero, requete, maintenant);
        self.expirer_parties(maintenant);
        reunion.map(Some)
    }

    /// What the browser says of itself, with the size of its screen if it is known.
    pub(super) fn terminal(&self, ecran: Option<(u16, u16)>, entetes: &HeaderMap) -> Terminal {
        let texte = |nom: &HeaderName| {
            entetes
                .get(nom)
                .and_then(|valeur| std::str::from_utf8(valeur.as_bytes()).ok())
                .unwrap_or_default()
        };
        self.terminaux.terminal(&Indices {
            agent: texte(&USER_AGENT),
            marques: texte(&SEC_CH_UA),
            plateforme: texte(&SEC_CH_UA_PLATFORM),
            mobile: texte(&SEC_CH_UA_MOBILE),
            ecran,
        })
    }
}

/// Whole queries of a site being turned into events.
struct Prise<'a> {
    collecte: &'a Collecte,
    controle: Controle<'a>,
    site: &'a Site,
    entetes: &'a HeaderMap,
    lot: Lot,
    decompte: Decompte,
}

impl Prise<'_> {
    fn tout(&mut self, requete: &[u8], hit: &Hit<'_>) -> Result<(), CleIndisponible> {
        match hit.contenu(self.site.defauts()) {
            Err(refus) => self.refuser(None, &refus),
            Ok(Contenu::Rien) => self.decompte.sans_acces(&self.site.plateforme),
            Ok(Contenu::Un(mut brut)) => {
                brut.terminal = Some(self.collecte.terminal(hit.ecran(), self.entetes));
                self.un(&brut, Origine::Requete { requete, rang: 0 })?;
            }
            Ok(Contenu::Ancien(ancien)) => match traduire(&self.collecte.moyens, self.site, ancien)
            {
                Err(refus) => self.refuser(None, &refus),
                Ok(mut brut) => {
                    brut.terminal = Some(self.collecte.terminal(hit.ecran(), self.entetes));
                    self.un(&brut, Origine::Requete { requete, rang: 0 })?;
                }
            },
            Ok(Contenu::Plusieurs(lus)) => {
                let terminal = self.collecte.terminal(hit.ecran(), self.entetes);
                for (rang, lu) in lus {
                    match lu {
                        Err(refus) => self.refuser(None, &refus),
                        Ok(mut brut) => {
                            brut.terminal = Some(terminal);
                            self.un(&brut, Origine::Requete { requete, rang })?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn un(&mut self, brut: &Brut<'_>, origine: Origine<'_>) -> Result<(), CleIndisponible> {
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        if !plateforme.is_empty() && !self.site.admet(plateforme) {
            self.refuser(None, &Refus::de("plateforme", Raison::PlateformeRefusee));
            return Ok(());
        }
        match self.controle.verifier(brut, origine) {
            Ok(evenement) => {
                self.lot.pousser(&evenement);
                let personne = brut.visiteur.as_deref().unwrap_or_default();
                self.decompte.accepter(&evenement, personne);
            }
            Err(NonAccepte::Refuse(refus)) => self.refuser(Some(brut), &refus),
            Err(NonAccepte::Cle(erreur)) => return Err(erreur),
        }
        Ok(())
    }

    /// Refuses what was read as these fields, or could not be read at all.
    fn refuser(&mut self, brut: Option<&Brut<'_>>, refus: &Refus) {
        let plateforme = brut.and_then(|b| b.plateforme.as_deref());
        let uai = brut.and_then(|b| b.uai.as_deref());
        self.decompte
            .refuser(plateforme.unwrap_or_default().trim(), uai, refus);
    }
}

/// A hit of the older tag in today's terms.
pub(super) fn traduire<'b>(
    moyens: &Moyens,
    site: &Site,
    ancien: Ancien<'b>,
) -> Result<Brut<'b>, Refus> {
    let connus = moyens.acces.etablissements();
    ancien.traduire(&moyens.plan, |numero| connus.uai(site.numero, numero))
}

#[cfg(test)]
#[path = "captures_tests.rs"]
mod tests;
