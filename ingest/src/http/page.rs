//! `POST /v1/collect`: events that pages send by our own tag, in the name of a declared site and
//! from its declared origins only. The site's key is public, so nothing here is believed because of
//! it: an event is checked as any other, its time is that of its receipt, its browser the one that
//! asks, and its platform one of the site's.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, CONTENT_TYPE, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, request};
use axum::response::{IntoResponse, Response};
use frequent_plan::{Controle, Instant, NonAccepte, Raison, Refus, Terminal};

use super::corps::{Compression, Corps};
use super::envoi::{Envoi, disposition};
use super::evenements::{Genre, accepter};
use super::probleme::Probleme;
use super::{Collecte, essai};
use crate::acces::{Site, Usage};
use crate::formats::natif::{Decoupe, Ligne};
use crate::memoires::DerniereCle;
use crate::qualite::Emetteur;
use crate::terminal::lire_ecran;

/// Longest body: what browsers let `sendBeacon` send.
const CORPS_MAX: usize = 64 << 10;
/// Most events in one body; the tag sends one at a time.
const EVENEMENTS_MAX: u64 = 50;
/// How long a browser may remember that it may send.
const PREVOL_S: &str = "7200";

/// A page that may send: its site, and where it comes from as its browser says.
struct Page {
    site: Site,
    origine: HeaderValue,
    terminal: Terminal,
}

/// Answers what a browser asks before it sends JSON.
pub(super) async fn annoncer(State(collecte): State<Arc<Collecte>>, requete: Request) -> Response {
    let (tete, _) = requete.into_parts();
    let page = match collecte.page(&tete) {
        Ok(page) => page,
        Err(probleme) => return probleme.into_response(),
    };
    let mut reponse = Response::new(Body::empty());
    *reponse.status_mut() = StatusCode::NO_CONTENT;
    let poses = reponse.headers_mut();
    poses.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("POST"),
    );
    poses.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("content-type"),
    );
    poses.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREVOL_S));
    page.ouvrir(reponse)
}

pub(super) async fn recevoir(State(collecte): State<Arc<Collecte>>, requete: Request) -> Response {
    let (tete, flux) = requete.into_parts();
    let page = match collecte.page(&tete) {
        Ok(page) => page,
        Err(probleme) => return probleme.into_response(),
    };
    let reponse = collecte.recevoir_de(&page, &tete.headers, flux).await;
    page.ouvrir(reponse.into_response())
}

impl Page {
    /// Lets the page read the answer.
    fn ouvrir(&self, mut reponse: Response) -> Response {
        let poses = reponse.headers_mut();
        poses.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origine.clone());
        poses.insert(VARY, HeaderValue::from_static("origin"));
        reponse
    }
}

impl Collecte {
    /// The page that asks, once its key and origin are found good.
    fn page(&self, tete: &request::Parts) -> Result<Page, Probleme> {
        let requete = tete.uri.query().unwrap_or_default();
        let sites = self.moyens.acces.sites();
        let Some(site) = sites.site_de_cle(parametre(requete, "cle")) else {
            self.refuser_la_page(&Emetteur::SitesInconnus, Raison::SiteInconnu);
            return Err(Probleme::ClePubliqueInconnue);
        };
        let origine = tete.headers.get(ORIGIN);
        let admise = |o: &&HeaderValue| {
            let origines = site.origines.iter();
            origines
                .into_iter()
                .any(|admise| admise.as_str().as_bytes() == o.as_bytes())
        };
        let Some(origine) = origine.filter(admise) else {
            self.refuser_la_page(&Emetteur::Site(site.numero), Raison::OrigineRefusee);
            return Err(Probleme::OrigineRefusee);
        };
        let ecran = lire_ecran(parametre(requete, "ecran").as_bytes());
        Ok(Page {
            site: site.clone(),
            origine: origine.clone(),
            terminal: self.terminal(ecran, &tete.headers),
        })
    }

    fn refuser_la_page(&self, emetteur: &Emetteur, raison: Raison) {
        let mut decompte = self.decompte(self.moyens.horloge.maintenant());
        decompte.refuser("", None, &Refus::de("origine", raison));
        decompte.verser(emetteur);
    }

    async fn recevoir_de(
        &self,
        page: &Page,
        entetes: &HeaderMap,
        flux: Body,
    ) -> Result<Response, Probleme> {
        verifier_le_type(entetes)?;
        let compression = Compression::lire(entetes)?;
        let delai = self.reglages.corps_delai;
        let corps = Corps::lire(flux, entetes, CORPS_MAX, delai, &self.memoire).await?;
        let corps = corps.decompresser(compression, CORPS_MAX)?;
        let maintenant = self.moyens.horloge.maintenant();
        if page.site.usage == Usage::Essai {
            let bilan = self.juger_page(&corps.octets, &page.site, page.terminal, maintenant)?;
            self.debit_sites.prendre(&page.site.numero, bilan.recus)?;
            return Ok(essai::repondre(bilan));
        }
        let envoi = self.lire_la_page(&corps.octets, page, maintenant)?;
        drop(corps);

        self.debit_sites.prendre(&page.site.numero, envoi.recus)?;
        let acceptes = envoi.lot.nombre() as u64;
        if acceptes > 0 {
            let ajout = self.moyens.journal.ajouter(envoi.lot).await;
            ajout.map_err(|erreur| Probleme::du_journal(&erreur))?;
        }
        let emetteur = Emetteur::Site(page.site.numero);
        envoi.decompte.verser(&emetteur);
        Ok(accepter(envoi.recus, acceptes, &envoi.rejetes))
    }

    /// Reads a body: one event, or an array of some.
    fn lire_la_page(
        &self,
        corps: &[u8],
        page: &Page,
        maintenant: Instant,
    ) -> Result<Envoi, Probleme> {
        let trousseau = DerniereCle::new(&*self.moyens.trousseau);
        let conversions = self.moyens.acces.conversions();
        let controle = self.controle(conversions.en_vigueur(), &trousseau, maintenant);
        let mut envoi = Envoi::new(self.decompte(maintenant));
        let mut ligne = Ligne::default();
        for (numero, octets) in Decoupe::new(corps, disposition(corps, Genre::Json)?) {
            envoi.recus += 1;
            if envoi.recus > EVENEMENTS_MAX {
                return Err(Probleme::TropDEvenements);
            }
            match page.prendre(&mut ligne, octets, &controle, &mut envoi) {
                Ok(()) => {}
                Err(NonAccepte::Refuse(refus)) => {
                    let plateforme = ligne.plateforme();
                    let admise = page.site.admet(plateforme);
                    let admise = if admise { plateforme } else { "" };
                    envoi.rejeter(numero, (admise, &ligne), refus);
                }
                Err(NonAccepte::Cle(erreur)) => {
                    tracing::error!(%erreur, "page turned away: no pseudonym key");
                    return Err(Probleme::Indisponible);
                }
            }
        }
        Ok(envoi)
    }
}

impl Page {
    fn prendre<'a>(
        &'a self,
        ligne: &mut Ligne<'a>,
        octets: &'a [u8],
        controle: &Controle<'_>,
        envoi: &mut Envoi,
    ) -> Result<(), NonAccepte> {
        ligne.relire_page(octets)?;
        let defauts = self.site.defauts();
        let brut = &mut ligne.brut;
        for (case, defaut) in [
            (&mut brut.plateforme, defauts.plateforme),
            (&mut brut.projet, defauts.projet),
            (&mut brut.exploitant, defauts.exploitant),
        ] {
            if case.as_deref().unwrap_or_default().is_empty() {
                *case = Some(defaut.into());
            }
        }
        // Before the checks, since they make the pseudonym key of a platform that has none.
        let plateforme = brut.plateforme.as_deref().unwrap_or_default().trim();
        if !self.site.admet(plateforme) {
            return Err(Refus::de("plateforme", Raison::PlateformeRefusee).into());
        }
        brut.terminal = Some(self.terminal);
        let origine = ligne.origine(None, 0);
        envoi.accepter(&controle.verifier(&ligne.brut, origine)?, ligne);
        Ok(())
    }
}

/// A parameter of the query, as it is written: what is looked for has nothing to escape.
fn parametre<'r>(requete: &'r str, nom: &str) -> &'r str {
    requete
        .split('&')
        .filter_map(|jeton| jeton.split_once('='))
        .find_map(|(cle, valeur)| (cle == nom).then_some(valeur))
        .unwrap_or_default()
}

/// Browsers send the tag's text as `text/plain`, which asks no question first.
fn verifier_le_type(entetes: &HeaderMap) -> Result<(), Probleme> {
    let Some(valeur) = entetes.get(CONTENT_TYPE) else {
        return Ok(());
    };
    let genre = valeur.to_str().unwrap_or_default();
    let genre = genre.split(';').next().unwrap_or_default().trim();
    if ["text/plain", "application/json"].contains(&genre.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err(Probleme::TypeDePageRefuse)
}
