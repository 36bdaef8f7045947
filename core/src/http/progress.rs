//! How far a request has come on its way out, and when something last moved: what time-outs and the word on what was sent are derived
//! from.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

use super::transport::Sent;
use crate::world::Clock;

/// What one attempt is doing.
#[derive(Clone)]
pub(super) struct Progress(Arc<Doing>);

struct Doing {
    clock: Arc<dyn Clock>,
    /// Whether what was taken of the body has left.
    taken_is_sent: bool,
    /// By the steady clock, in microseconds.
    moved: AtomicU64,
    /// It is not the network that is waited for, but the application's next chunk, or work on what has come.
    waits_elsewhere: AtomicBool,
    /// There is nothing left to send.
    ended: AtomicBool,
    /// Of a request that may leave for some time only: one of the three below.
    leaving: AtomicU8,
}

/// Nobody has asked for its first byte yet.
const STAYS: u8 = 0;
/// It may be on its way.
const LEFT: u8 = 1;
/// It will not leave any more.
const WITHHELD: u8 = 2;

impl Progress {
    pub(super) fn begin(clock: &Arc<dyn Clock>, taken_is_sent: bool) -> Self {
        let doing = Doing {
            clock: Arc::clone(clock),
            taken_is_sent,
            moved: AtomicU64::new(0),
            waits_elsewhere: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            leaving: AtomicU8::new(STAYS),
        };
        let progress = Self(Arc::new(doing));
        progress.moves();
        progress
    }

    /// Something was sent, or has come.
    pub(super) fn moves(&self) {
        let now = u64::try_from(self.0.clock.steady().as_micros()).unwrap_or(u64::MAX);
        self.0.moved.store(now, Ordering::Relaxed);
    }

    /// For how long nothing has moved; no time at all while it is not the network that is waited for.
    pub(super) fn still_for(&self) -> Duration {
        if self.0.waits_elsewhere.load(Ordering::Relaxed) {
            return Duration::ZERO;
        }
        let moved = Duration::from_micros(self.0.moved.load(Ordering::Relaxed));
        self.0.clock.steady().saturating_sub(moved)
    }

    pub(super) fn wait_for_application(&self) {
        self.0.waits_elsewhere.store(true, Ordering::Relaxed);
    }

    /// Does work on what has come, during which nothing moves.
    pub(super) async fn working<F: Future>(&self, work: F) -> F::Output {
        self.0.waits_elsewhere.store(true, Ordering::Relaxed);
        let outcome = work.await;
        self.moves();
        self.0.waits_elsewhere.store(false, Ordering::Relaxed);
        outcome
    }

    /// The application has given its next chunk, or the last.
    pub(super) fn go_on(&self, ended: bool) {
        self.moves();
        self.0.ended.store(ended, Ordering::Relaxed);
        self.0.waits_elsewhere.store(false, Ordering::Relaxed);
    }

    /// Lets the first byte leave, unless it was withheld: of this and `withhold` the one that comes first decides.
    pub(super) fn leaves(&self) -> bool {
        self.decide(LEFT) == LEFT
    }

    /// Lets nothing leave, unless something has; whether nothing has.
    pub(super) fn withhold(&self) -> bool {
        self.decide(WITHHELD) == WITHHELD
    }

    fn decide(&self, wanted: u8) -> u8 {
        let leaving = &self.0.leaving;
        match leaving.compare_exchange(STAYS, wanted, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => wanted,
            Err(decided) => decided,
        }
    }

    pub(super) fn was_withheld(&self) -> bool {
        self.0.leaving.load(Ordering::Acquire) == WITHHELD
    }

    /// Whether the transport has taken the whole body.
    pub(super) fn was_taken(&self) -> bool {
        self.0.ended.load(Ordering::Relaxed)
    }

    /// How much was sent, as far as can be seen from here: that there was no connection, only the transport knows.
    pub(super) fn sent(&self) -> Sent {
        if self.was_withheld() {
            Sent::Nothing
        } else if self.0.taken_is_sent && self.was_taken() {
            Sent::Whole
        } else {
            Sent::Maybe
        }
    }
}
