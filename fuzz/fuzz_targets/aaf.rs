#![no_main]

use lecteurs as territory;

#[path = "../cibles_aaf.rs"]
mod cibles_aaf;

libfuzzer_sys::fuzz_target!(|octets: &[u8]| cibles_aaf::aaf(octets));
