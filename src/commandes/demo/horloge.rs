//! The demo's clock: the machine's, or one that was noon of a chosen day when the demo started.

use frequent_plan::{Horloge, Instant, Jour};

const MIDI_MS: i64 = 12 * 3_600_000;

/// The machine's clock, set back or forward.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HorlogeDecalee {
    ecart_ms: i64,
}

impl HorlogeDecalee {
    /// It is noon of this day.
    pub(super) fn au(jour: Jour) -> Self {
        let midi = Instant::debut_utc(jour).0 + MIDI_MS;
        Self {
            ecart_ms: midi - Instant::maintenant().0,
        }
    }
}

impl Horloge for HorlogeDecalee {
    fn maintenant(&self) -> Instant {
        Instant(Instant::maintenant().0 + self.ecart_ms)
    }
}
