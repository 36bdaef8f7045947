//! For how long a session is waited for at most: in all, while it is pending, and while nothing changes in it.

use std::time::Duration;

use super::polling::INTERVAL;
use crate::digime::ReadAllFilesOptions;
use crate::error::ErrorKind;
use crate::http::in_time;
use crate::http::transport::Sent;
use crate::world::Moment;
use crate::{Error, World};

/// For how many intervals nothing may have changed, unless the application says otherwise.
const STALE: u32 = 100;
/// How late the end of a pause is noticed at most, where the process was not frozen.
const LATE: Duration = Duration::from_millis(500);

/// The limits of a reading.
pub(super) struct WaitingTime {
    world: World,
    begun: Moment,
    total: Option<Duration>,
    pending: Option<Intervals>,
    is_pending: bool,
    stale: Intervals,
    /// With what the platform has refused the list, if it has at last.
    refusal: Option<Error>,
}

/// A limit that is a number of intervals.
struct Intervals {
    phase: &'static str,
    /// How often the list may be found so, and how long that takes: where the application says how long an interval is.
    times: Option<(u32, Duration)>,
    /// How long it may be so, however seldom it is asked for.
    longest: Duration,
    found: u32,
    /// For how long it is so by now; how long it was when that was seen.
    waited: Duration,
    seen: Duration,
}

/// A limit that is near.
struct Near {
    phase: &'static str,
    after: Duration,
    left: Duration,
}

impl WaitingTime {
    pub(super) fn begin(world: &World, options: &ReadAllFilesOptions) -> Self {
        let limits = options.polling_limits.clone().unwrap_or_default();
        let interval = options.polling_interval.map(Duration::from_millis);
        let pending = limits.pending;
        let stale = limits.stale.unwrap_or(STALE);
        Self {
            world: world.clone(),
            begun: world.moment(),
            total: limits.total.map(Duration::from_millis),
            pending: pending.map(|times| Intervals::new("pending", times, interval)),
            is_pending: false,
            stale: Intervals::new("stale", stale, interval),
            refusal: None,
        }
    }

    /// How long the session may still be waited for; an error if it may not.
    pub(super) fn left(&self) -> Result<Duration, Error> {
        match self.nearest() {
            Some(near) if near.left.is_zero() => Err(self.is_over(&near)),
            near => Ok(near.map_or(Duration::MAX, |near| near.left)),
        }
    }

    /// It was waited for since then, in a pause of this length. A process that was frozen has not waited longer than it was going to.
    pub(super) fn rested(&mut self, begun: Moment, pause: Duration) {
        let passed = begun.steadily(&*self.world.clock);
        self.waited(passed.min(pause.saturating_add(LATE)));
    }

    fn waited(&mut self, time: Duration) {
        let is_pending = self.is_pending;
        let pending = self.pending.as_mut().filter(|_| is_pending);
        for limit in pending.into_iter().chain([&mut self.stale]) {
            limit.waited = limit.waited.saturating_add(time);
        }
    }

    /// Waits for an answer that tells of it.
    pub(super) async fn asking<F: Future + Unpin>(&mut self, work: F) -> Result<F::Output, Error> {
        let begun = self.world.moment();
        let outcome = self.bound(self.nearest(), work).await?;
        self.waited(begun.steadily(&*self.world.clock));
        Ok(outcome)
    }

    /// Waits for a file of it.
    pub(super) async fn reading<F: Future + Unpin>(&self, work: F) -> Result<F::Output, Error> {
        self.bound(self.all(), work).await
    }

    /// What has come of asking: whether anything has changed, none where nobody knows; and the state of the session.
    pub(super) fn found(&mut self, changed: Option<bool>, state: &str) -> Result<(), Error> {
        match changed {
            Some(true) => self.stale.restart(),
            Some(false) => self.stale.count(),
            None => self.stale.waited = self.stale.seen,
        }
        self.is_pending = state == "pending";
        if let Some(pending) = &mut self.pending {
            if self.is_pending {
                pending.count();
            } else {
                pending.restart();
            }
        }
        match self.counted().find_map(Intervals::reached) {
            Some(near) => Err(self.is_over(&near)),
            None => Ok(()),
        }
    }

    /// The platform has refused the list, or has given it.
    pub(super) fn refused(&mut self, refusal: Option<Error>) {
        self.refusal = refusal;
    }

    async fn bound<F: Future + Unpin>(
        &self,
        near: Option<Near>,
        work: F,
    ) -> Result<F::Output, Error> {
        let Some(near) = near else {
            return Ok(work.await);
        };
        let outcome = match near.left {
            Duration::ZERO => None,
            left => in_time(&*self.world.clock, left, work).await,
        };
        outcome.ok_or_else(|| self.is_over(&near))
    }

    fn nearest(&self) -> Option<Near> {
        let all = self.all().into_iter();
        all.chain(self.counted().filter_map(Intervals::near))
            .min_by_key(|near| near.left)
    }

    /// The limits that are about what it is now.
    fn counted(&self) -> impl Iterator<Item = &Intervals> {
        let pending = self.pending.iter().filter(|_| self.is_pending);
        pending.chain([&self.stale])
    }

    fn all(&self) -> Option<Near> {
        let passed = self.begun.steadily(&*self.world.clock);
        self.total.map(|total| Near {
            phase: "total",
            after: total,
            left: total.saturating_sub(passed),
        })
    }

    fn is_over(&self, near: &Near) -> Error {
        let error = Error::from(ErrorKind::Timeout {
            request: "readAllFiles".to_owned(),
            phase: near.phase,
            after: near.after,
            sent: Sent::Whole,
        });
        match &self.refusal {
            Some(refusal) => error
                .retrying_after(refusal.retry_after())
                .noting(format!("the list was refused at last: {refusal}")),
            None => error,
        }
    }
}

impl Intervals {
    fn new(phase: &'static str, times: u32, interval: Option<Duration>) -> Self {
        let longest = interval.unwrap_or(INTERVAL).max(INTERVAL);
        Self {
            phase,
            times: interval.map(|interval| (times, interval.saturating_mul(times))),
            longest: longest.saturating_mul(times),
            found: 0,
            waited: Duration::ZERO,
            seen: Duration::ZERO,
        }
    }

    /// It was found so once more.
    fn count(&mut self) {
        self.found = self.found.saturating_add(1);
        self.seen = self.waited;
    }

    fn restart(&mut self) {
        self.found = 0;
        self.waited = Duration::ZERO;
        self.seen = Duration::ZERO;
    }

    /// The limit, if it has been reached.
    fn reached(&self) -> Option<Near> {
        let counted = self.times.filter(|(times, _)| self.found >= *times);
        let lasted = (self.waited >= self.longest).then_some(self.longest);
        counted
            .map(|(_, after)| after)
            .or(lasted)
            .map(|after| Near {
                phase: self.phase,
                after,
                left: Duration::ZERO,
            })
    }

    /// How long it may still be so; one of none is about what is found.
    fn near(&self) -> Option<Near> {
        let left = self.longest.saturating_sub(self.waited);
        (!self.longest.is_zero()).then_some(Near {
            phase: self.phase,
            after: self.longest,
            left,
        })
    }
}
