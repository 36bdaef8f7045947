//! When the list of a session's files is asked for again: soon at first, then ever more slowly, sooner after a change; and for how long at most.

use std::collections::VecDeque;
use std::time::Duration;

use crate::digime::ReadAllFilesOptions;
use crate::error::{ErrorKind, Invalid};
use crate::http::transport::Sent;
use crate::world::Moment;
use crate::{Error, World};

/// The pause before the list is asked for a second time.
const FIRST: Duration = Duration::from_millis(500);
/// The shortest after a change.
const SHORTEST: Duration = Duration::from_millis(700);
/// The longest of the rhythm's own.
const INTERVAL: Duration = Duration::from_secs(3);
/// How often in a minute the pause may be shorter than that: so the list is never asked for more than 40 times in one.
const SOONER: usize = 18;
const MINUTE: Duration = Duration::from_mins(1);
/// An answer that takes so long was repeated, or comes from a platform that has enough to do.
const LONG: Duration = Duration::from_secs(1);
/// How often nothing may have changed, unless the application says otherwise.
const STALE: u32 = 100;

/// When to ask again.
pub(super) struct Polling {
    world: World,
    begun: Moment,
    /// What the application has said.
    fixed: Option<Duration>,
    /// The pause that the rhythm is at.
    rhythm: Option<Duration>,
    /// How long was waited before the last time, and so how long nothing may have changed.
    pause: Duration,
    asked: Moment,
    /// When it was asked for sooner than after the whole interval, in the last minute.
    sooner: VecDeque<Moment>,
    pending: Duration,
    stale: Duration,
    limits: Limits,
}

struct Limits {
    pending: Option<u32>,
    stale: u32,
    total: Option<Duration>,
}

/// What has come of asking.
pub(super) struct Answered {
    /// Whether anything has changed; none where the list could not be had.
    pub changed: Option<bool>,
    /// Whether the platform has asked for less since the last time.
    pub asks_for_less: bool,
    /// Before when it is not to be asked again.
    pub not_within: Duration,
}

impl Polling {
    pub(super) fn new(world: &World, options: &ReadAllFilesOptions) -> Result<Self, Invalid> {
        if options.polling_interval == Some(0) {
            return Err(Invalid::new(
                "options.pollingInterval",
                "must be at least 1 millisecond",
            ));
        }
        let limits = options.polling_limits.clone().unwrap_or_default();
        Ok(Self {
            world: world.clone(),
            begun: world.moment(),
            fixed: options.polling_interval.map(Duration::from_millis),
            rhythm: None,
            pause: INTERVAL,
            asked: world.moment(),
            sooner: VecDeque::new(),
            pending: Duration::ZERO,
            stale: Duration::ZERO,
            limits: Limits {
                pending: limits.pending,
                stale: limits.stale.unwrap_or(STALE),
                total: limits.total.map(Duration::from_millis),
            },
        })
    }

    /// The list is asked for now.
    pub(super) fn asks(&mut self) {
        self.asked = self.world.moment();
        if self.fixed.is_none() && self.pause < INTERVAL {
            self.sooner.push_back(self.asked);
        }
    }

    /// How long to wait before it is asked for again, unless that would be beyond a limit.
    pub(super) fn next(&mut self, answered: &Answered, state: &str) -> Result<Duration, Error> {
        self.count(answered, state);
        self.check()?;
        let pause = self.fixed.unwrap_or_else(|| self.in_rhythm(answered));
        self.pause = pause.max(answered.not_within);
        Ok(self.pause)
    }

    fn in_rhythm(&mut self, answered: &Answered) -> Duration {
        let clock = &*self.world.clock;
        let took_long = self.asked.steadily(clock) >= LONG;
        let rhythm = match (answered.changed, self.rhythm) {
            (None, _) => INTERVAL,
            _ if answered.asks_for_less || took_long => INTERVAL,
            (_, None) => FIRST,
            (Some(true), Some(last)) => (last / 2).max(SHORTEST),
            (Some(false), Some(last)) => (last * 5 / 4).min(INTERVAL),
        };
        self.rhythm = Some(rhythm);
        self.sooner
            .retain(|at| at.steadily(clock) + rhythm < MINUTE);
        if self.sooner.len() < SOONER {
            rhythm
        } else {
            INTERVAL
        }
    }

    /// A limit is a number of times by an interval, and lasts as long in any rhythm.
    fn count(&mut self, answered: &Answered, state: &str) {
        let passed = self.fixed.map_or(self.pause, |_| self.unit());
        match answered.changed {
            Some(true) => self.stale = Duration::ZERO,
            Some(false) => self.stale = self.stale.saturating_add(passed),
            None => {}
        }
        if state == "pending" {
            self.pending = self.pending.saturating_add(passed);
        }
    }

    fn check(&self) -> Result<(), Error> {
        let passed = self.begun.steadily(&*self.world.clock);
        let limit = |times: u32| self.unit().saturating_mul(times);
        let interval = self.fixed.unwrap_or(INTERVAL);
        let (phase, after) = if let Some(total) = self.limits.total.filter(|total| passed >= *total)
        {
            ("total", total)
        } else if let Some(times) = self
            .limits
            .pending
            .filter(|times| self.pending >= limit(*times))
        {
            ("pending", interval.saturating_mul(times))
        } else if self.stale >= limit(self.limits.stale) {
            ("stale", interval.saturating_mul(self.limits.stale))
        } else {
            return Ok(());
        };
        Err(ErrorKind::Timeout {
            request: "readAllFiles".to_owned(),
            phase,
            after,
            sent: Sent::Whole,
        }
        .into())
    }

    /// What one time counts for.
    fn unit(&self) -> Duration {
        self.fixed.unwrap_or(INTERVAL)
    }
}
