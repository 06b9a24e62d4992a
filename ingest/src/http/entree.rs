//! How requests come in: over TLS, through a proxy that ends it, or in clear.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::chiffrement::Chiffrement;

/// What the application behind reads to know how the browser talks: nothing else than this module
/// decides what it says.
const PROTOCOLE: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The addresses that a proxy of ours speaks for; from anyone else, they are only claimed.
const CLIENTS: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Other words of proxies, that nothing here reads: whoever sends them gains nothing by it.
const AUTRES: [HeaderName; 3] = [
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-real-ip"),
    HeaderName::from_static("forwarded"),
];

/// How requests come in.
#[derive(Debug, Clone, Default)]
pub struct Entree {
    /// TLS, when this server speaks it itself.
    pub chiffrement: Option<Arc<Chiffrement>>,
    /// The proxies that are believed when they say that the browser speaks https.
    pub proxys: Arc<[IpAddr]>,
}

impl Entree {
    /// What a connection from this address is.
    pub(super) fn passage(&self, pair: IpAddr) -> Passage {
        if self.chiffrement.is_some() {
            Passage::Chiffre
        } else if self.proxys.contains(&pair.to_canonical()) {
            Passage::Proxy
        } else {
            Passage::Clair
        }
    }
}

/// What a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// TLS ends here.
    Chiffre,
    /// A proxy of ours, that says whether TLS ends there.
    Proxy,
    /// Plain HTTP from anyone.
    Clair,
}

impl Passage {
    /// Makes the request's headers say what is known, and nothing that was only claimed.
    pub(super) fn etablir(self, entetes: &mut HeaderMap) {
        for nom in &AUTRES {
            entetes.remove(nom);
        }
        match self {
            Self::Chiffre => {
                entetes.insert(PROTOCOLE, HeaderValue::from_static("https"));
                entetes.remove(&CLIENTS);
            }
            Self::Proxy => {}
            Self::Clair => {
                entetes.remove(&PROTOCOLE);
                entetes.remove(&CLIENTS);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lu(passage: Passage) -> Option<String> {
        let mut entetes = HeaderMap::new();
        entetes.insert(PROTOCOLE, HeaderValue::from_static("https"));
        entetes.insert(AUTRES[0].clone(), HeaderValue::from_static("ailleurs"));
        passage.etablir(&mut entetes);
        assert!(!entetes.contains_key(&AUTRES[0]));
        entetes
            .get(PROTOCOLE)
            .map(|valeur| valeur.to_str().unwrap().to_owned())
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed() {
        let entree = Entree {
            chiffrement: None,
            proxys: ["10.0.0.1".parse().unwrap()].into(),
        };
        let passage = |pair: &str| entree.passage(pair.parse().unwrap());
        assert_eq!(passage("10.0.0.1"), Passage::Proxy);
        assert_eq!(passage("::ffff:10.0.0.1"), Passage::Proxy);
        assert_eq!(passage("10.0.0.2"), Passage::Clair);
        assert_eq!(lu(Passage::Proxy).as_deref(), Some("https"));
        assert_eq!(lu(Passage::Clair), None);
        assert_eq!(lu(Passage::Chiffre).as_deref(), Some("https"));
    }
}
