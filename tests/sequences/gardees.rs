//! Sequences kept: those that failed once, and those that are the worst one can think of. The first
//! number of [`rejouer`] is a seed, which chooses the instant at which the sequence begins.

use crate::journaux::Support;
use crate::monde::{Commun, derouler};
use crate::operation::Operation::{
    self, Atterrir, ChangerDeCle, Compacter, Compter, Couper, Envoyer, Interroger, Melanger,
    Redemarrer, Renvoyer, Sauter, Taguer,
};
use crate::operation::{Coupure, Travail};

fn rejouer(graine: u64, operations: &[Operation]) {
    derouler(&Commun::charger(), &Support::Fichiers, graine, operations).unwrap();
}

const fn coupure(pendant: Travail, changements: u8) -> Operation {
    Couper(Coupure {
        pendant,
        changements,
        dechirure: 40,
    })
}

#[test]
fn a_batch_resent_under_another_key_after_a_crash_counts_once() {
    rejouer(
        3,
        &[
            Envoyer {
                nombre: 5,
                minutes: 1,
            },
            coupure(Travail::Rien, 0),
            ChangerDeCle,
            Renvoyer { lot: 0 },
            Interroger,
            Renvoyer { lot: 0 },
        ],
    );
}

#[test]
fn a_batch_resent_after_its_day_was_compacted_and_counted_counts_once() {
    rejouer(
        3,
        &[
            Envoyer {
                nombre: 9,
                minutes: 90,
            },
            Atterrir,
            Compacter,
            Compter,
            Melanger {
                lots: [0, 0],
                graine: 7,
            },
            Atterrir,
            coupure(Travail::Compactage, 1),
            Interroger,
            Compacter,
        ],
    );
}

#[test]
fn crashes_at_each_change_of_a_landing_of_several_days_and_segments_lose_nothing() {
    for changements in 0..12 {
        rejouer(
            0,
            &[
                Envoyer {
                    nombre: 11,
                    minutes: 100,
                },
                Envoyer {
                    nombre: 11,
                    minutes: 1_500,
                },
                Redemarrer,
                Envoyer {
                    nombre: 11,
                    minutes: 100,
                },
                Envoyer {
                    nombre: 11,
                    minutes: 3_000,
                },
                coupure(Travail::Atterrissage, changements),
                coupure(Travail::Atterrissage, changements / 2),
                Renvoyer { lot: 1 },
            ],
        );
    }
}

#[test]
fn a_school_year_that_begins_between_an_event_and_its_second_sending_changes_nothing() {
    rejouer(
        1,
        &[
            Taguer,
            Envoyer {
                nombre: 4,
                minutes: 2,
            },
            Sauter { minutes: 45 },
            Renvoyer { lot: 0 },
            Renvoyer { lot: 1 },
            Taguer,
            coupure(Travail::Envoi { nombre: 3 }, 1),
            Sauter { minutes: -90 },
            Renvoyer { lot: 3 },
        ],
    );
}
