//! `/hit.xiti`: the tag's address. A browser can do nothing with an error, so whatever can be
//! settled is answered by the image, and what is wrong is counted for the site. Only a log that
//! cannot take more is said, with a 503.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use frequent_plan::{Brut, CleIndisponible, Instant, NonAccepte, Origine, Raison, Refus};

use super::Collecte;
use super::probleme::Probleme;
use crate::acces::Site;
use crate::formats::xiti::{Contenu, Hit, Suite};
use crate::lot::Lot;
use crate::qualite::{Compteurs, Emetteur};
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

/// What a hit gave: the accesses to make durable, and whose figures they change once they are.
#[derive(Default)]
struct Recu {
    lot: Lot,
    compteurs: Option<Arc<Compteurs>>,
}

pub(super) async fn recevoir(
    State(collecte): State<Arc<Collecte>>,
    requete: Request,
) -> Result<Response, Probleme> {
    let texte = requete.uri().query().unwrap_or_default().as_bytes();
    let maintenant = collecte.moyens.horloge.maintenant();
    let recu = collecte
        .lire_hit(texte, requete.headers(), maintenant)
        .map_err(|erreur| {
            tracing::error!(%erreur, "hit turned away: no pseudonym key");
            Probleme::Indisponible
        })?;
    let acceptes = recu.lot.nombre() as u64;
    if acceptes > 0 {
        let ajout = collecte.moyens.journal.ajouter(recu.lot).await;
        ajout.map_err(|erreur| Probleme::du_journal(&erreur))?;
    }
    if let Some(compteurs) = recu.compteurs {
        compteurs.recevoir(0, acceptes);
    }
    Ok(image())
}

fn image() -> Response {
    let mut reponse = Response::new(Body::from(Bytes::from_static(IMAGE)));
    let entetes = reponse.headers_mut();
    entetes.insert(CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    entetes.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reponse.into_response()
}

impl Collecte {
    fn lire_hit(
        &self,
        requete: &[u8],
        entetes: &HeaderMap,
        maintenant: Instant,
    ) -> Result<Recu, CleIndisponible> {
        let hit = Hit::lire(requete);
        let sites = self.moyens.acces.sites();
        let Some(site) = hit.site().and_then(|numero| sites.site(numero)) else {
            let compteurs = self.qualite.de(&Emetteur::SitesInconnus);
            compteurs.recevoir(1, 0);
            compteurs.refuser(Raison::SiteInconnu);
            return Ok(Recu::default());
        };
        let compteurs = self.qualite.de(&Emetteur::Site(site.numero));
        let mut lot = Lot::new();
        let reunie = self.reunir(&hit, requete, site, maintenant);
        let fini = match reunie {
            Ok(None) => Ok(()),
            Ok(Some(requete)) => {
                let controle = self.controle(maintenant);
                let prise = Prise {
                    controle: &controle,
                    site,
                    compteurs: &compteurs,
                    requete: &requete,
                };
                prise.tout(|hit| self.terminal(hit, entetes), &mut lot)
            }
            Err(refus) => {
                compter_refus(&compteurs, &refus);
                Ok(())
            }
        };
        fini.map(|()| Recu {
            lot,
            compteurs: Some(compteurs),
        })
    }

    /// The whole query of a hit: its own, or that of its parts when the last has come.
    fn reunir<'a>(
        &self,
        hit: &Hit<'_>,
        requete: &'a [u8],
        site: &Site,
        maintenant: Instant,
    ) -> Result<Option<Cow<'a, [u8]>>, Refus> {
        let Some(numero) = hit.partie()? else {
            return Ok(Some(Cow::Borrowed(requete)));
        };
        let reunion = self
            .parties
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recevoir(site.numero, hit, numero, requete, maintenant);
        self.expirer_parties(maintenant);
        Ok(match reunion? {
            Suite::Attendre => None,
            Suite::Entiere(requete) => Some(Cow::Owned(requete)),
        })
    }

    fn terminal(&self, hit: &Hit<'_>, entetes: &HeaderMap) -> frequent_plan::Terminal {
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
            ecran: hit.ecran(),
        })
    }
}

/// A whole query being turned into events of a site.
struct Prise<'a> {
    controle: &'a frequent_plan::Controle<'a>,
    site: &'a Site,
    compteurs: &'a Compteurs,
    requete: &'a [u8],
}

impl Prise<'_> {
    fn tout(
        &self,
        terminal: impl Fn(&Hit<'_>) -> frequent_plan::Terminal,
        lot: &mut Lot,
    ) -> Result<(), CleIndisponible> {
        let hit = Hit::lire(self.requete);
        match hit.contenu(self.site.defauts()) {
            Err(refus) => compter_refus(self.compteurs, &refus),
            Ok(Contenu::Rien) => self.compteurs.sans_acces(),
            Ok(Contenu::Un(mut brut)) => {
                brut.terminal = Some(terminal(&hit));
                self.un(&brut, 0, lot)?;
            }
            Ok(Contenu::Plusieurs(lus)) => {
                let terminal = terminal(&hit);
                for (rang, lu) in lus {
                    match lu {
                        Err(refus) => compter_refus(self.compteurs, &refus),
                        Ok(mut brut) => {
                            brut.terminal = Some(terminal);
                            self.un(&brut, rang, lot)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn un(&self, brut: &Brut<'_>, rang: u32, lot: &mut Lot) -> Result<(), CleIndisponible> {
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        if !plateforme.is_empty() && !self.site.admet(plateforme) {
            compter_refus(
                self.compteurs,
                &Refus::de("plateforme", Raison::PlateformeRefusee),
            );
            return Ok(());
        }
        let origine = Origine::Requete {
            requete: self.requete,
            rang,
        };
        match self.controle.verifier(brut, origine) {
            Ok(evenement) => {
                lot.pousser(&evenement);
                self.compteurs.recevoir(1, 0);
            }
            Err(NonAccepte::Refuse(refus)) => compter_refus(self.compteurs, &refus),
            Err(NonAccepte::Cle(erreur)) => return Err(erreur),
        }
        Ok(())
    }
}

fn compter_refus(compteurs: &Compteurs, refus: &Refus) {
    compteurs.recevoir(1, 0);
    compteurs.refuser(refus.raison);
}

#[cfg(test)]
#[path = "captures_tests.rs"]
mod tests;
