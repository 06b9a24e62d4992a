//! The sign of life of a work that goes on for as long as the process: whether it still succeeds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When a work last succeeded. Clones share it.
#[derive(Debug, Clone)]
pub struct Pouls(Arc<Mutex<Instant>>);

impl Default for Pouls {
    /// Beating now: a work that begins is given time.
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Pouls {
    /// The work has succeeded once more.
    pub fn battre(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long ago it last did.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
    }
}
