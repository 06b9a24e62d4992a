//! The test bench at the collection's addresses.

use axum::Json;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use frequent_plan::{Instant, Terminal};

use super::envoi::disposition;
use super::evenements::Genre;
use super::probleme::Probleme;
use super::{Collecte, marqueur};
use crate::acces::{CleFournisseur, Site};
use crate::essai::{Bilan, Juge, Provenance, Seance};
use crate::formats::natif::Decoupe;
use crate::formats::xiti::{Contenu, Hit};
use crate::terminal::Indices;

/// The answer of the bench.
pub(super) fn repondre(bilan: Bilan) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(bilan)).into_response()
}

impl Collecte {
    /// Judges the body of a test key.
    pub(super) fn juger_envoi(
        &self,
        corps: &[u8],
        genre: Genre,
        cle: &CleFournisseur,
        idempotence: Option<&str>,
        maintenant: Instant,
    ) -> Result<Bilan, Probleme> {
        let provenance = Provenance::Serveur { idempotence };
        self.juger_corps(corps, genre, &cle.plateformes, provenance, maintenant)
    }

    /// Judges what a page of a test site sends.
    pub(super) fn juger_page(
        &self,
        corps: &[u8],
        site: &Site,
        terminal: Terminal,
        maintenant: Instant,
    ) -> Result<Bilan, Probleme> {
        let provenance = Provenance::Page {
            plateforme: &site.plateforme,
            projet: &site.projet,
            exploitant: &site.exploitant,
            terminal,
        };
        self.juger_corps(
            corps,
            Genre::Json,
            &plateformes(site),
            provenance,
            maintenant,
        )
    }

    fn juger_corps(
        &self,
        corps: &[u8],
        genre: Genre,
        plateformes: &[String],
        provenance: Provenance<'_>,
        maintenant: Instant,
    ) -> Result<Bilan, Probleme> {
        let conversions = self.moyens.acces.conversions();
        let mut seance =
            Seance::ouvrir(self.juge(conversions.en_vigueur(), plateformes, maintenant));
        let reconnaitre = |agent: &str| {
            self.terminaux.terminal(&Indices {
                agent,
                ..Indices::default()
            })
        };
        let max = u64::from(self.reglages.evenements_max.get());
        for (rang, (numero, octets)) in
            (1_u64..).zip(Decoupe::new(corps, disposition(corps, genre)?))
        {
            if rang > max {
                return Err(Probleme::TropDEvenements);
            }
            seance.juger_json(numero, octets, provenance, reconnaitre);
        }
        Ok(seance.clore())
    }

    /// Judges a hit of a test site. Parts of a hit are not joined: nothing is kept.
    pub(super) fn juger_hit(
        &self,
        hit: &Hit<'_>,
        site: &Site,
        entetes: &HeaderMap,
        maintenant: Instant,
    ) -> Bilan {
        let conversions = self.moyens.acces.conversions();
        let plateformes = plateformes(site);
        let mut seance =
            Seance::ouvrir(self.juge(conversions.en_vigueur(), &plateformes, maintenant));
        let terminal = self.terminal(hit.ecran(), entetes);
        match hit.partie() {
            Err(refus) => seance.refuser(1, &refus),
            Ok(Some(_)) => seance.conseiller(
                1,
                "mh",
                "envoi en plusieurs parties : l’essai ne les réunit pas, raccourcissez la page",
            ),
            Ok(None) => match hit.contenu(site.defauts()) {
                Err(refus) => seance.refuser(1, &refus),
                Ok(Contenu::Rien) => seance.conseiller(
                    1,
                    "click",
                    "ce clic ne dit l’usage d’aucun service : il n’est pas compté comme un accès",
                ),
                Ok(Contenu::Un(mut brut)) => {
                    brut.terminal = Some(terminal);
                    seance.juger(1, brut);
                }
                Ok(Contenu::Ancien(ancien)) => {
                    match marqueur::traduire(&self.moyens, site, ancien) {
                        Err(refus) => seance.refuser(1, &refus),
                        Ok(mut brut) => {
                            brut.terminal = Some(terminal);
                            seance.juger(1, brut);
                        }
                    }
                }
                Ok(Contenu::Plusieurs(lus)) => {
                    for (rang, lu) in lus {
                        let ligne = u64::from(rang) + 1;
                        match lu {
                            Err(refus) => seance.refuser(ligne, &refus),
                            Ok(mut brut) => {
                                brut.terminal = Some(terminal);
                                seance.juger(ligne, brut);
                            }
                        }
                    }
                }
            },
        }
        seance.clore()
    }

    fn juge<'j>(
        &'j self,
        conversions: &'j frequent_plan::Conversions,
        plateformes: &'j [String],
        maintenant: Instant,
    ) -> Juge<'j> {
        Juge {
            plan: &self.moyens.plan,
            conversions,
            fuseaux: &self.moyens.fuseaux,
            fenetre: self.reglages.fenetre,
            maintenant,
            plateformes,
        }
    }
}

fn plateformes(site: &Site) -> Vec<String> {
    let autres = site.autres_plateformes.iter().cloned();
    std::iter::once(site.plateforme.clone())
        .chain(autres)
        .collect()
}
