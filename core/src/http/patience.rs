//! The one owner of time: how long each part of an attempt may take, by the world's clock, and the last look before it is given up.

use std::sync::Arc;
use std::time::Duration;

use super::progress::Progress;
use super::transport::{Phase, Sent, TransportFailure};
use super::{Sending, Timeouts};
use crate::Error;
use crate::error::ErrorKind;
use crate::world::{Clock, Moment};

/// How long after its time an alarm goes off where the process was frozen, and not just busy.
const LATE: Duration = Duration::from_millis(500);
/// How long an answer that may be in the socket already is given to be read.
const LAST_LOOK: Duration = Duration::from_millis(500);
/// The same when the process was frozen: others on the machine most likely were too, and all wake at once.
const AFTER_A_FREEZE: Duration = Duration::from_secs(2);

/// Something that must be over when so much time has passed since a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    phase: Phase,
    after: Duration,
    begun: Moment,
    /// How much later it strikes, all the same.
    later: Duration,
}

impl Limit {
    pub(crate) fn new(phase: Phase, after: Duration, begun: Moment) -> Self {
        Self {
            phase,
            after,
            begun,
            later: Duration::ZERO,
        }
    }

    /// The same around work that heeds it by itself, and knows better what was not done in time.
    pub(crate) fn after_those_within(self) -> Self {
        const LATER: Duration = Duration::from_millis(100);
        Self {
            later: LATER,
            ..self
        }
    }

    /// That of a whole call which begins now.
    pub(crate) fn of_call(timeouts: &Timeouts, begun: Moment) -> Option<Self> {
        let after = timeouts.call(false)?;
        Some(Self::new(Phase::Call, after, begun))
    }

    /// How long a call may wait that begins to wait now for what goes on without it: as long as one request, and no longer than the call has. None
    /// for as long as it takes.
    pub(crate) fn of_waiting(via: &Sending<'_>) -> Option<Self> {
        let total = via.timeouts.total;
        let total = total.map(|total| Self::new(Phase::Total, total, via.world.moment()));
        let limits = total.into_iter().chain(via.call);
        limits.min_by_key(|limit| limit.left(&*via.world.clock))
    }

    /// How much time is left.
    pub(crate) fn left(&self, clock: &dyn Clock) -> Duration {
        let whole = self.after.saturating_add(self.later);
        whole.saturating_sub(self.begun.steadily(clock))
    }

    /// Waits for something that is no matter of the network, as long as there is time; `what` is what the error calls it.
    pub(crate) fn bound<F: Future>(
        limit: Option<Self>,
        clock: &dyn Clock,
        what: &str,
        work: F,
    ) -> impl Future<Output = Result<F::Output, Error>> {
        Self::waited(limit, clock, what, Sent::Maybe, work)
    }

    /// The same before anything is sent.
    pub(crate) fn bound_before_sending<F: Future>(
        limit: Option<Self>,
        clock: &dyn Clock,
        what: &str,
        work: F,
    ) -> impl Future<Output = Result<F::Output, Error>> {
        Self::waited(limit, clock, what, Sent::Nothing, work)
    }

    async fn waited<F: Future>(
        limit: Option<Self>,
        clock: &dyn Clock,
        what: &str,
        sent: Sent,
        work: F,
    ) -> Result<F::Output, Error> {
        let Some(limit) = limit else {
            return Ok(work.await);
        };
        let work = std::pin::pin!(work);
        let outcome = in_time(clock, limit.left(clock), work).await;
        outcome.ok_or_else(|| {
            ErrorKind::Timeout {
                request: what.to_owned(),
                phase: limit.phase.as_str(),
                after: limit.after,
                sent,
            }
            .into()
        })
    }
}

/// Waits for something as long as so much time is left; none where that is too little.
pub(crate) async fn in_time<F: Future + Unpin>(
    clock: &dyn Clock,
    left: Duration,
    mut work: F,
) -> Option<F::Output> {
    let due = clock.steady().saturating_add(left);
    tokio::select! {
        biased;
        outcome = &mut work => return Some(outcome),
        () = clock.alarm(left) => {}
    }
    if was_frozen(clock, due) {
        tokio::select! {
            biased;
            outcome = &mut work => return Some(outcome),
            () = clock.sleep(AFTER_A_FREEZE) => {}
        }
    }
    None
}

/// Whether an alarm that was due then has gone off so late that the process was frozen: what was waited for may be there by now, and has
/// only not been looked at.
fn was_frozen(clock: &dyn Clock, due: Duration) -> bool {
    clock.steady().saturating_sub(due) >= LATE
}

/// How long one attempt may take.
#[derive(Clone)]
pub(super) struct Patience {
    clock: Arc<dyn Clock>,
    idle: Duration,
    limits: [Option<Limit>; 2],
    progress: Progress,
    looks_again: bool,
}

impl Patience {
    /// From now on; `looks_again` where an answer that comes late is worth a wait, since what it brings comes once.
    pub(super) fn begin(via: Sending<'_>, progress: &Progress, looks_again: bool) -> Self {
        let begun = via.world.moment();
        let total = via
            .timeouts
            .total
            .map(|after| Limit::new(Phase::Total, after, begun));
        Self {
            clock: Arc::clone(&via.world.clock),
            idle: via.timeouts.idle,
            limits: [total, via.call],
            progress: progress.clone(),
            looks_again,
        }
    }

    /// Waits for the work as long as there is time.
    pub(super) async fn with<F: Future>(&self, work: F) -> Result<F::Output, TransportFailure> {
        let mut work = std::pin::pin!(work);
        loop {
            let (left, phase, after) = self.nearest();
            if left.is_zero() {
                return Err(TransportFailure::Timeout {
                    phase,
                    after,
                    sent: self.progress.sent(),
                });
            }
            let due = self.clock.steady() + left;
            tokio::select! {
                biased;
                outcome = &mut work => return Ok(outcome),
                () = self.clock.alarm(left) => {}
            }
            // A process that was frozen may have the answer in its socket, and finds its alarm gone off first.
            let was_frozen = was_frozen(&*self.clock, due);
            if (was_frozen || self.looks_again) && self.nearest().0.is_zero() {
                let look = if was_frozen {
                    AFTER_A_FREEZE
                } else {
                    LAST_LOOK
                };
                tokio::select! {
                    biased;
                    outcome = &mut work => return Ok(outcome),
                    () = self.clock.sleep(look) => {}
                }
            }
        }
    }

    /// What is over next, and how soon.
    fn nearest(&self) -> (Duration, Phase, Duration) {
        let still = self.idle.saturating_sub(self.progress.still_for());
        let idle = (still, Phase::Idle, self.idle);
        let limits = self.limits.iter().flatten();
        limits
            .map(|limit| (limit.left(&*self.clock), limit.phase, limit.after))
            .chain([idle])
            .min_by_key(|(left, ..)| *left)
            .unwrap_or(idle)
    }
}
