//! Where a page comes from, as browsers say it in `Origin`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest origin, in bytes: a host name has 253 at most.
const LONGUEUR_MAX: usize = 270;

/// A web origin in the form browsers send it: scheme, host, port unless it is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origine(String);

/// A text that is no web origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas une origine : donnez le schéma et le nom, comme https://ent.exemple.fr")]
pub struct OrigineInvalide(String);

impl Origine {
    /// The origin as browsers write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origine {
    type Err = OrigineInvalide;

    /// Reads `https://nom[:port]` or `http://nom[:port]`; a path, even `/`, is refused, since it
    /// would promise a restriction that no browser makes.
    fn from_str(texte: &str) -> Result<Self, OrigineInvalide> {
        let invalide = || OrigineInvalide(texte.to_owned());
        let minuscule = texte.trim().to_ascii_lowercase();
        let (schema, reste) = minuscule.split_once("://").ok_or_else(invalide)?;
        let port_implicite = match schema {
            "https" => "443",
            "http" => "80",
            _ => return Err(invalide()),
        };
        let (nom, port) = separer_port(reste);
        let bon_port = port.is_none_or(|p| p.parse::<u16>().is_ok_and(|n| n > 0));
        if texte.len() > LONGUEUR_MAX || !est_un_nom(nom) || !bon_port {
            return Err(invalide());
        }
        Ok(Self(match port.filter(|p| *p != port_implicite) {
            None => format!("{schema}://{nom}"),
            Some(port) => format!("{schema}://{nom}:{port}"),
        }))
    }
}

/// The host and the port; the colons of an IPv6 address are between brackets.
fn separer_port(reste: &str) -> (&str, Option<&str>) {
    match reste.rsplit_once(':') {
        Some((nom, port)) if !port.ends_with(']') => (nom, Some(port)),
        _ => (reste, None),
    }
}

fn est_un_nom(nom: &str) -> bool {
    if let Some(adresse) = nom.strip_prefix('[').and_then(|n| n.strip_suffix(']')) {
        return adresse.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let bon = |o: u8| o.is_ascii_lowercase() || o.is_ascii_digit() || o == b'-' || o == b'.';
    !nom.is_empty() && nom.bytes().all(bon)
}

impl TryFrom<String> for Origine {
    type Error = OrigineInvalide;

    fn try_from(texte: String) -> Result<Self, OrigineInvalide> {
        texte.parse()
    }
}

impl From<Origine> for String {
    fn from(origine: Origine) -> Self {
        origine.0
    }
}

impl fmt::Display for Origine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (ecrite, lue) in [
            ("https://ent.exemple.fr", "https://ent.exemple.fr"),
            ("HTTPS://ENT.Exemple.fr:443", "https://ent.exemple.fr"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(ecrite.parse::<Origine>().unwrap().as_str(), lue);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused_by_name() {
        for texte in [
            "",
            "null",
            "*",
            "ent.exemple.fr",
            "ftp://ent.exemple.fr",
            "https://",
            "https://ent.exemple.fr/",
            "https://ent.exemple.fr/page",
            "https://*.exemple.fr",
            "https://ent exemple.fr",
            "https://moi@ent.exemple.fr",
            "https://ent.exemple.fr:0",
            "https://ent.exemple.fr:99999",
            "https://école.fr",
            "http://[::zz]",
        ] {
            assert!(texte.parse::<Origine>().is_err(), "{texte}");
        }
    }
}
