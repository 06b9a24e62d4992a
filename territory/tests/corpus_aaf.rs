//! The kept corpus of the fuzz target of the directory feed, given to the same function: what a
//! fuzzer once found, or started from, is read at each run of the tests, without a fuzzer.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use frequent_territory as territory;

#[path = "../../fuzz/cibles_aaf.rs"]
mod cibles_aaf;

use std::fs;
use std::path::Path;

#[test]
fn files_of_the_corpus_are_read_the_same_in_one_go_and_by_pieces_cut_anywhere() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/aaf");
    let mut nombre = 0;
    for entree in fs::read_dir(corpus).unwrap() {
        let octets = fs::read(entree.unwrap().path()).unwrap();
        cibles_aaf::aaf(&octets);
        for fin in (0..octets.len()).step_by(1 + octets.len() / 64) {
            cibles_aaf::aaf(&octets[..fin]);
        }
        nombre += 1;
    }
    assert!(nombre > 0, "le corpus est vide");
}
