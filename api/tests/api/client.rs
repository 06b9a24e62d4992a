//! A client that says exactly what it is told to, over TCP.

use std::fmt::Write;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request being prepared.
pub struct Demande {
    methode: &'static str,
    chemin: String,
    entetes: Vec<(String, String)>,
    corps: String,
}

/// An answer, as received.
#[derive(Debug)]
pub struct Reponse {
    pub statut: u16,
    entetes: Vec<(String, String)>,
    pub corps: Vec<u8>,
}

impl Demande {
    pub fn new(methode: &'static str, chemin: impl Into<String>) -> Self {
        Self {
            methode,
            chemin: chemin.into(),
            entetes: Vec::new(),
            corps: String::new(),
        }
    }

    pub fn get(chemin: impl Into<String>) -> Self {
        Self::new("GET", chemin)
    }

    pub fn entete(mut self, nom: &str, valeur: impl Into<String>) -> Self {
        self.entetes.push((nom.to_owned(), valeur.into()));
        self
    }

    pub fn corps(mut self, corps: impl Into<String>) -> Self {
        self.corps = corps.into();
        self
    }

    pub async fn envoyer(self, adresse: SocketAddr) -> Reponse {
        let mut texte = format!(
            "{} {} HTTP/1.1\r\nHost: {adresse}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.methode,
            self.chemin,
            self.corps.len()
        );
        for (nom, valeur) in &self.entetes {
            write!(texte, "{nom}: {valeur}\r\n").unwrap();
        }
        texte += "\r\n";
        texte += &self.corps;
        let mut prise = TcpStream::connect(adresse).await.unwrap();
        prise.write_all(texte.as_bytes()).await.unwrap();
        let mut recu = Vec::new();
        prise.read_to_end(&mut recu).await.unwrap();
        Reponse::lire(&recu)
    }
}

impl Reponse {
    fn lire(recu: &[u8]) -> Self {
        let fin = recu.windows(4).position(|f| f == b"\r\n\r\n").unwrap();
        let tete = std::str::from_utf8(&recu[..fin]).unwrap();
        let mut lignes = tete.split("\r\n");
        let statut = lignes.next().unwrap().split(' ').nth(1).unwrap();
        let entetes = lignes
            .map(|ligne| ligne.split_once(": ").unwrap())
            .map(|(nom, valeur)| (nom.to_lowercase(), valeur.to_owned()))
            .collect();
        Self {
            statut: statut.parse().unwrap(),
            entetes,
            corps: recu[fin + 4..].to_vec(),
        }
    }

    pub fn entete(&self, nom: &str) -> Option<&str> {
        let (_, valeur) = self.entetes.iter().find(|(n, _)| n == nom)?;
        Some(valeur)
    }

    pub fn texte(&self) -> &str {
        std::str::from_utf8(&self.corps).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.corps)
            .unwrap_or_else(|faute| panic!("{faute} : {}", self.texte()))
    }

    /// The problem that a refusal is; panics on anything else.
    pub fn probleme(&self) -> Value {
        assert_eq!(
            self.entete("content-type"),
            Some("application/problem+json")
        );
        let probleme = self.json();
        assert_eq!(probleme["status"], self.statut);
        probleme
    }
}
