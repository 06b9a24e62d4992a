//! Deliveries to a small server that answers as the contract says, or as it should not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::*;
use crate::essais::{departement, simuler};

/// What the server answers to its n-th request, given the number of lines received.
type Reponses = fn(u64, usize) -> (u16, &'static str, String);

/// What it saw.
#[derive(Default)]
struct Vu {
    requetes: AtomicU64,
    connexions: AtomicU64,
    plus_grand_lot: AtomicUsize,
    lignes: AtomicUsize,
}

fn servir(reponses: Reponses) -> (SocketAddr, Arc<Vu>) {
    let ecoute = TcpListener::bind("127.0.0.1:0").unwrap();
    let adresse = ecoute.local_addr().unwrap();
    let vu = Arc::new(Vu::default());
    let partage = Arc::clone(&vu);
    thread::spawn(move || {
        for flux in ecoute.incoming() {
            let vu = Arc::clone(&partage);
            vu.connexions.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || repondre(&flux.unwrap(), &vu, reponses));
        }
    });
    (adresse, vu)
}

fn repondre(flux: &TcpStream, vu: &Vu, reponses: Reponses) {
    let mut lecteur = BufReader::new(flux);
    while let Some(corps) = lire_requete(&mut lecteur) {
        let lignes = corps
            .split(|o| *o == b'\n')
            .filter(|l| !l.is_empty())
            .count();
        vu.plus_grand_lot.fetch_max(lignes, Ordering::SeqCst);
        let rang = vu.requetes.fetch_add(1, Ordering::SeqCst);
        let (statut, entetes, corps) = reponses(rang, lignes);
        if statut == 202 {
            vu.lignes.fetch_add(lignes, Ordering::SeqCst);
        }
        let longueur = corps.len();
        let texte = format!(
            "HTTP/1.1 {statut} X\r\n{entetes}Content-Type: application/json\r\n\
             Content-Length: {longueur}\r\n\r\n{corps}"
        );
        let mut sortie = flux;
        sortie.write_all(texte.as_bytes()).unwrap();
    }
}

fn lire_requete(lecteur: &mut BufReader<&TcpStream>) -> Option<Vec<u8>> {
    let (mut longueur, mut cle) = (0, false);
    loop {
        let mut ligne = String::new();
        if lecteur.read_line(&mut ligne).ok()? == 0 {
            return None;
        }
        let ligne = ligne.trim().to_lowercase();
        if let Some(valeur) = ligne.strip_prefix("content-length:") {
            longueur = valeur.trim().parse().unwrap();
        }
        cle |= ligne == "authorization: bearer c0ffee";
        if ligne.is_empty() {
            break;
        }
    }
    assert!(cle);
    let mut corps = vec![0; longueur];
    lecteur.read_exact(&mut corps).ok()?;
    Some(corps)
}

fn prises(lignes: usize) -> (u16, &'static str, String) {
    let corps = format!(
        "{{\"recus\":{lignes},\"acceptes\":{},\"rejetes\":[]}}",
        lignes - 1
    );
    (202, "", corps)
}

fn envoi(adresse: SocketAddr) -> Envoi {
    let mut envoi = Envoi::new(format!("http://{adresse}/"), "C0FFEE");
    envoi.lot = 700;
    envoi
}

#[test]
fn everything_is_sent_in_batches_over_few_connections() {
    let (adresse, vu) = servir(|_, lignes| prises(lignes));
    let simulation = simuler(departement("048", "2026-11-17", "2026-11-18"));
    let avancements = Mutex::new(Vec::new());
    let bilan = vers_http(&simulation, &envoi(adresse), &|a| {
        avancements.lock().unwrap().push(a);
    })
    .unwrap();
    let mut attendus = Vec::new();
    for jour in simulation.jours() {
        simulation.livrer(0..simulation.ecoles().len(), jour, &mut attendus);
    }
    assert_eq!(bilan.recus, attendus.len() as u64);
    assert_eq!(vu.lignes.load(Ordering::SeqCst), attendus.len());
    assert_eq!(bilan.rejetes, bilan.lots);
    assert_eq!(bilan.acceptes + bilan.rejetes, bilan.recus);
    assert_eq!(bilan.reprises, 0);
    assert_eq!(vu.plus_grand_lot.load(Ordering::SeqCst), 700);
    assert!(vu.connexions.load(Ordering::SeqCst) <= 2);
    let avancements = avancements.into_inner().unwrap();
    assert!(
        avancements
            .iter()
            .any(|a| a.faits == a.total && a.evenements <= bilan.recus)
    );
}

#[test]
fn a_full_server_is_waited_for_and_the_batch_sent_again() {
    let (adresse, vu) = servir(|rang, lignes| match rang {
        0 => (503, "Retry-After: 0\r\n", String::new()),
        1 => (429, "Retry-After: 0\r\n", String::new()),
        _ => prises(lignes),
    });
    let simulation = simuler(departement("048", "2026-11-17", "2026-11-17"));
    let bilan = vers_http(&simulation, &envoi(adresse), &|_| {}).unwrap();
    assert_eq!(bilan.reprises, 2);
    assert_eq!(vu.lignes.load(Ordering::SeqCst) as u64, bilan.recus);
}

#[test]
fn a_batch_refused_whole_stops_the_delivery_with_its_reason() {
    let (adresse, _) = servir(|_, _| (401, "", "{\"title\":\"clé inconnue\"}".into()));
    let simulation = simuler(departement("048", "2026-11-17", "2026-11-17"));
    let erreur = vers_http(&simulation, &envoi(adresse), &|_| {}).unwrap_err();
    let texte = erreur.to_string();
    assert!(
        texte.contains("401") && texte.contains("clé inconnue"),
        "{texte}"
    );
    assert!(!texte.contains("C0FFEE"));
}

#[test]
fn a_server_that_stays_full_is_given_up() {
    let (adresse, _) = servir(|_, _| (503, "Retry-After: 0\r\n", String::new()));
    let simulation = simuler(departement("048", "2026-11-17", "2026-11-17"));
    let mut envoi = envoi(adresse);
    envoi.essais = 3;
    let erreur = vers_http(&simulation, &envoi, &|_| {}).unwrap_err();
    assert!(matches!(erreur, EnvoiErreur::Injoignable { essais: 3, .. }));
}

#[test]
fn an_answer_out_of_the_contract_is_an_error() {
    let (adresse, _) = servir(|_, _| (202, "", "{}".into()));
    let simulation = simuler(departement("048", "2026-11-17", "2026-11-17"));
    let erreur = vers_http(&simulation, &envoi(adresse), &|_| {}).unwrap_err();
    assert!(matches!(erreur, EnvoiErreur::Reponse { .. }));
}

#[test]
fn a_key_never_shows_itself() {
    assert!(!format!("{:?}", Envoi::new("http://x", "C0FFEE")).contains("C0FFEE"));
}
