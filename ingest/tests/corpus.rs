//! The kept corpus of the fuzz targets, given to the same functions: what a fuzzer once found, or
//! started from, is read at each run of the tests, without a fuzzer.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use frequent_ingest as ingest;

#[path = "../../fuzz/cibles.rs"]
mod cibles;

use std::fs;
use std::path::Path;

/// Gives every kept input of a target to its function, and every beginning of it.
fn rejouer(cible: &str, lire: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut nombre = 0;
    for entree in fs::read_dir(corpus.join(cible)).unwrap() {
        let octets = fs::read(entree.unwrap().path()).unwrap();
        lire(&octets);
        // A cut anywhere is the most common damage.
        for fin in (0..octets.len()).step_by(1 + octets.len() / 64) {
            lire(&octets[..fin]);
        }
        nombre += 1;
    }
    assert!(nombre > 0, "le corpus de {cible} est vide");
}

#[test]
fn hits_of_the_corpus_are_read_without_a_fault() {
    rejouer("hit", cibles::hit);
}

#[test]
fn hits_in_parts_of_the_corpus_are_joined_without_a_fault() {
    rejouer("parties", cibles::parties);
}

#[test]
fn bodies_of_the_corpus_are_read_without_a_fault() {
    rejouer("ndjson", cibles::ndjson);
}

#[test]
fn csv_of_the_corpus_is_read_as_any_reader_of_csv_does() {
    rejouer("csv", cibles::csv);
}

#[test]
fn user_agents_of_the_corpus_are_recognised_without_a_fault() {
    rejouer("agent", cibles::agent);
}
