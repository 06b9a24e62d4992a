//! A group: the lots that one commit makes durable together, and those who wait for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::JournalErreur;

type Issue = Result<(), JournalErreur>;

/// What became of a group, and whom to tell.
#[derive(Debug, Default)]
pub(super) struct Groupe(Mutex<Suite>);

#[derive(Debug, Default)]
struct Suite {
    issue: Option<Issue>,
    reveils: Vec<Waker>,
}

impl Groupe {
    /// Tells everyone who waits, now or later.
    pub(super) fn conclure(&self, issue: Issue) {
        let mut suite = self.suite();
        suite.issue = Some(issue);
        let reveils = std::mem::take(&mut suite.reveils);
        drop(suite);
        for reveil in reveils {
            reveil.wake();
        }
    }

    fn suite(&self) -> MutexGuard<'_, Suite> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The wait of one caller for its group. Dropped, it changes nothing: the lot is still written.
pub(super) struct Attente {
    groupe: Arc<Groupe>,
    place: Option<usize>,
}

impl Attente {
    pub(super) fn de(groupe: Arc<Groupe>) -> Self {
        Self {
            groupe,
            place: None,
        }
    }
}

impl Future for Attente {
    type Output = Issue;

    fn poll(mut self: Pin<&mut Self>, contexte: &mut Context<'_>) -> Poll<Issue> {
        let groupe = Arc::clone(&self.groupe);
        let mut suite = groupe.suite();
        if let Some(issue) = &suite.issue {
            return Poll::Ready(issue.clone());
        }
        if let Some(place) = self.place {
            suite.reveils[place].clone_from(contexte.waker());
        } else {
            self.place = Some(suite.reveils.len());
            suite.reveils.push(contexte.waker().clone());
        }
        Poll::Pending
    }
}
