//! Device, system and browser of a person, out of what their browser says of itself.
//!
//! The headers are read, turned into three members of the plan's lists and forgotten: only those
//! three and a keyed hash, in a bounded cache, outlive the request.

mod deduction;

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use frequent_plan::Terminal;
use quick_cache::sync::Cache;
use serde::Deserialize;
use ua_parser::{os, user_agent};

/// The patterns of uap-core (see `data/README.md`).
const TABLE: &str = include_str!("../../data/agents.json");
/// Headers seen in a day come in a few thousand kinds; each costs some 40 bytes here.
const CACHE_MAX: usize = 16_384;
/// Real headers hold 100 to 300 bytes; what comes after this many is not read.
const AGENT_MAX: usize = 1_024;

/// What a request says of the browser that sent it. All empty is a browser that says nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Indices<'a> {
    /// `User-Agent`, or the native field `user_agent`.
    pub agent: &'a str,
    /// `Sec-CH-UA`: the brands.
    pub marques: &'a str,
    /// `Sec-CH-UA-Platform`, in its quotes.
    pub plateforme: &'a str,
    /// `Sec-CH-UA-Mobile`: `?1`, `?0`.
    pub mobile: &'a str,
    /// Width and height of the screen in CSS pixels, when the tag gives them.
    pub ecran: Option<(u16, u16)>,
}

/// Width and height of a screen written `1280x720`, as tags write it; what follows is left out.
#[must_use]
pub fn lire_ecran(texte: &[u8]) -> Option<(u16, u16)> {
    let texte = std::str::from_utf8(texte).ok()?;
    let mut nombres = texte.split('x').map(|n| n.parse().ok());
    Some((nombres.next()??, nombres.next()??))
}

/// The shipped table of browsers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableInvalide {
    /// It is not the JSON that is expected.
    #[error("table des navigateurs illisible : {0}")]
    Illisible(#[from] serde_json::Error),
    /// One of its patterns cannot be compiled.
    #[error("table des navigateurs : motif refusé : {0}")]
    Motif(#[from] ua_parser::Error),
}

#[derive(Deserialize)]
struct Table {
    user_agent_parsers: Vec<user_agent::Parser<'static>>,
    os_parsers: Vec<os::Parser<'static>>,
}

/// The table's patterns, compiled.
struct Motifs {
    navigateurs: user_agent::Extractor<'static>,
    systemes: os::Extractor<'static>,
}

/// Compiled once a process: about a tenth of a second and 12 MiB.
static MOTIFS: OnceLock<Motifs> = OnceLock::new();

impl Motifs {
    fn de_la_table() -> Result<&'static Self, TableInvalide> {
        if let Some(motifs) = MOTIFS.get() {
            return Ok(motifs);
        }
        let table: Table = serde_json::from_str(TABLE)?;
        let navigateurs = table
            .user_agent_parsers
            .into_iter()
            .try_fold(user_agent::Builder::new(), user_agent::Builder::push)?
            .build()
            .map_err(ua_parser::Error::from)?;
        let systemes = table
            .os_parsers
            .into_iter()
            .try_fold(os::Builder::new(), os::Builder::push)
            .map_err(ua_parser::Error::from)?
            .build()
            .map_err(ua_parser::Error::from)?;
        Ok(MOTIFS.get_or_init(|| Self {
            navigateurs,
            systemes,
        }))
    }
}

/// Recognises browsers, remembering the last kinds seen.
pub struct Terminaux {
    motifs: &'static Motifs,
    vus: Cache<u64, Terminal>,
    // Keyed at random in each process: no one can aim at another's entry, and the hash says
    // nothing of the header.
    hachage: RandomState,
}

impl Terminaux {
    /// Compiles the shipped table, the first time.
    ///
    /// # Errors
    /// The table cannot be read or compiled: a fault of this build.
    pub fn charger() -> Result<Self, TableInvalide> {
        Ok(Self {
            motifs: Motifs::de_la_table()?,
            vus: Cache::new(CACHE_MAX),
            hachage: RandomState::new(),
        })
    }

    /// The device, system and browser that these headers tell of.
    #[must_use]
    pub fn terminal(&self, indices: &Indices<'_>) -> Terminal {
        if indices.agent.is_empty() && indices.plateforme.is_empty() {
            return Terminal::INCONNU;
        }
        // The screen settles nothing but an iPad that passes for a Mac.
        let ecran = indices
            .ecran
            .filter(|_| indices.agent.contains("Macintosh"));
        let indices = Indices { ecran, ..*indices };
        let cle = self.hachage.hash_one(indices);
        if let Some(terminal) = self.vus.get(&cle) {
            return terminal;
        }
        let terminal = self.reconnaitre(&indices);
        self.vus.insert(cle, terminal);
        terminal
    }

    fn reconnaitre(&self, indices: &Indices<'_>) -> Terminal {
        let agent = debut(indices.agent);
        let navigateur = self.motifs.navigateurs.extract(agent);
        let systeme = self.motifs.systemes.extract(agent);
        let reconnu = deduction::Reconnu {
            agent,
            famille: navigateur.as_ref().map_or("", |n| n.family.as_ref()),
            systeme: systeme.as_ref().map_or("", |s| s.os.as_ref()),
        };
        deduction::terminal(&reconnu, indices)
    }
}

fn debut(agent: &str) -> &str {
    let mut fin = agent.len().min(AGENT_MAX);
    while !agent.is_char_boundary(fin) {
        fin -= 1;
    }
    &agent[..fin]
}

#[cfg(test)]
mod tests;
