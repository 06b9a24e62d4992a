//! One connection, kept open.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

pub struct Client {
    prise: BufReader<TcpStream>,
    adresse: SocketAddr,
    temoin: String,
}

impl Client {
    pub fn connecter(adresse: SocketAddr, mot_de_passe: &str) -> Self {
        let prise = TcpStream::connect(adresse).unwrap();
        prise.set_nodelay(true).unwrap();
        let mut client = Self {
            prise: BufReader::with_capacity(1 << 20, prise),
            adresse,
            temoin: String::new(),
        };
        let corps = format!(r#"{{"identifiant":"banc","mot_de_passe":"{mot_de_passe}"}}"#);
        let (entetes, _) = client.demander("POST", "/api/v1/session", &corps);
        let pose = entetes
            .iter()
            .find_map(|e| e.strip_prefix("set-cookie: "))
            .unwrap();
        pose.split(';')
            .next()
            .unwrap()
            .clone_into(&mut client.temoin);
        client
    }

    /// The size of an answer, once it is all there.
    pub fn lire(&mut self, chemin: &str) -> usize {
        self.demander("GET", chemin, "").1
    }

    fn demander(&mut self, methode: &str, chemin: &str, corps: &str) -> (Vec<String>, usize) {
        let mut texte = format!("{methode} {chemin} HTTP/1.1\r\nHost: {}\r\n", self.adresse);
        write!(
            texte,
            "Cookie: {}\r\nSec-Fetch-Site: same-origin\r\n",
            self.temoin
        )
        .unwrap();
        write!(
            texte,
            "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{corps}",
            corps.len()
        )
        .unwrap();
        self.prise.get_mut().write_all(texte.as_bytes()).unwrap();
        let mut lignes = Vec::new();
        loop {
            let mut ligne = String::new();
            self.prise.read_line(&mut ligne).unwrap();
            if ligne.trim_end().is_empty() {
                break;
            }
            lignes.push(ligne.trim_end().to_owned());
        }
        assert!(lignes[0].contains(" 200 "), "{chemin}: {}", lignes[0]);
        let taille: usize = lignes
            .iter()
            .find_map(|l| l.strip_prefix("content-length: "))
            .unwrap()
            .parse()
            .unwrap();
        let mut corps = vec![0; taille];
        self.prise.read_exact(&mut corps).unwrap();
        (lignes, taille)
    }
}
