#![no_main]

use lecteurs as ingest;

#[path = "../cibles.rs"]
mod cibles;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| cibles::agent(octets));
