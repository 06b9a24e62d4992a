//! What may happen to a server, and in what order: sequences drawn at random.

use proptest::prelude::*;

/// One step of a sequence. Numbers point at what exists when the step comes, modulo how many there
/// are, so a sequence still means something once steps are taken out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Sends a batch of new events that happened this many minutes ago, give or take.
    Envoyer { nombre: u8, minutes: i32 },
    /// Sends a new hit of a tag.
    Taguer,
    /// Sends an earlier batch again, as after an answer that got lost.
    Renvoyer { lot: u8 },
    /// Sends the lines of two earlier batches in another order, some of them twice.
    Melanger { lots: [u8; 2], graine: u16 },
    /// Moves the clock, forwards or backwards.
    Sauter { minutes: i32 },
    /// Gives the provider another key and revokes the one it had.
    ChangerDeCle,
    /// Lands what the log holds.
    Atterrir,
    /// Makes each day of the lake one sorted file.
    Compacter,
    /// Counts what changed.
    Compter,
    /// Lands and counts everything, then compares all that can be read with what was sent.
    Interroger,
    /// Stops the server in order and starts it again.
    Redemarrer,
    /// Stops everything at once and starts again from what is on the disk.
    Couper(Coupure),
}

/// A crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coupure {
    /// What is in progress.
    pub pendant: Travail,
    /// How many changes of the disk come first.
    pub changements: u8,
    /// Bytes of an unfinished write at the end of the log.
    pub dechirure: u8,
}

/// What a crash interrupts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travail {
    Rien,
    Envoi { nombre: u8 },
    Atterrissage,
    Compactage,
    Comptage,
}

const HEURE: i32 = 60;
const JOUR: i32 = 24 * HEURE;

/// Sequences of up to this many steps.
pub fn sequences(longueur: usize) -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec(operation(), 1..=longueur)
}

fn operation() -> impl Strategy<Value = Operation> {
    let nombre = 1..12_u8;
    prop_oneof![
        6 => (nombre.clone(), age()).prop_map(|(nombre, minutes)| Operation::Envoyer { nombre, minutes }),
        2 => Just(Operation::Taguer),
        4 => any::<u8>().prop_map(|lot| Operation::Renvoyer { lot }),
        3 => (any::<[u8; 2]>(), any::<u16>()).prop_map(|(lots, graine)| Operation::Melanger { lots, graine }),
        2 => saut().prop_map(|minutes| Operation::Sauter { minutes }),
        1 => Just(Operation::ChangerDeCle),
        3 => Just(Operation::Atterrir),
        2 => Just(Operation::Compacter),
        1 => Just(Operation::Compter),
        1 => Just(Operation::Interroger),
        1 => Just(Operation::Redemarrer),
        5 => (travail(nombre), 0..12_u8, prop_oneof![Just(0), 1..=255_u8])
            .prop_map(|(pendant, changements, dechirure)| {
                Operation::Couper(Coupure { pendant, changements, dechirure })
            }),
    ]
}

fn travail(nombre: impl Strategy<Value = u8>) -> impl Strategy<Value = Travail> {
    prop_oneof![
        2 => Just(Travail::Rien),
        2 => nombre.prop_map(|nombre| Travail::Envoi { nombre }),
        3 => Just(Travail::Atterrissage),
        3 => Just(Travail::Compactage),
        1 => Just(Travail::Comptage),
    ]
}

/// Mostly today, sometimes too old or in the future.
fn age() -> impl Strategy<Value = i32> {
    prop_oneof![6 => 0..3 * HEURE, 3 => 0..4 * JOUR, 1 => 6 * JOUR..9 * JOUR, 1 => -30..0_i32]
}

fn saut() -> impl Strategy<Value = i32> {
    prop_oneof![
        4 => -2 * HEURE..2 * HEURE,
        3 => 0..3 * JOUR,
        1 => -3 * JOUR..0_i32,
        1 => 0..40 * JOUR,
    ]
}
