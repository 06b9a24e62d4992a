//! A client that writes any bytes on a connection, for what no library would send.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// A connection.
pub struct Prise(pub TcpStream);

impl Prise {
    /// Connects; nothing is awaited longer than half a minute.
    pub fn ouvrir(adresse: &str) -> Self {
        let flux = TcpStream::connect(adresse).unwrap();
        flux.set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        flux.set_write_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        Self(flux)
    }

    /// Writes as much as the server takes: it may have answered and gone already.
    pub fn ecrire(&mut self, octets: &[u8]) -> bool {
        self.0.write_all(octets).is_ok()
    }

    /// Ends what is sent and gives all that is answered until the server closes, which a server
    /// that is not hung does.
    pub fn tout_lire(mut self) -> Vec<u8> {
        // A connection that the server has closed has nothing left to end.
        let _deja_fermee = self.0.shutdown(Shutdown::Write);
        self.lire_jusqu_au_bout()
    }

    /// Gives all that is answered until the server closes.
    pub fn lire_jusqu_au_bout(&mut self) -> Vec<u8> {
        let mut lus = Vec::new();
        let mut tampon = [0; 16 << 10];
        loop {
            match self.0.read(&mut tampon) {
                Ok(0) => return lus,
                Ok(nombre) => lus.extend_from_slice(&tampon[..nombre]),
                // What was sent and not read by the server resets the connection: it is closed.
                Err(faute) if faute.kind() == ErrorKind::ConnectionReset => return lus,
                Err(faute) => panic!("le serveur ne ferme pas : {faute}"),
            }
        }
    }
}

/// Sends these bytes on a connection of their own and gives the statuses of the answers.
pub fn statuts(adresse: &str, octets: &[u8]) -> Vec<u16> {
    let mut prise = Prise::ouvrir(adresse);
    prise.ecrire(octets);
    lire_statuts(&prise.tout_lire())
}

/// The statuses of the answers in these bytes.
pub fn lire_statuts(reponses: &[u8]) -> Vec<u16> {
    const DEBUT: &[u8] = b"HTTP/1.";
    let places = (0..reponses.len()).filter(|&n| reponses[n..].starts_with(DEBUT));
    places
        .map(|n| {
            let statut = &reponses[n + DEBUT.len() + 2..][..3];
            std::str::from_utf8(statut).unwrap().parse().unwrap()
        })
        .collect()
}
