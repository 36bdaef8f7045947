//! When the list of a session's files is asked for again: soon at first, then ever more slowly, sooner after a change.

use std::collections::VecDeque;
use std::time::Duration;

use crate::World;
use crate::error::Invalid;
use crate::world::Moment;

/// The pause before the list is asked for a second time.
const FIRST: Duration = Duration::from_millis(500);
/// The shortest after a change.
const SHORTEST: Duration = Duration::from_millis(700);
/// The longest of the rhythm's own.
pub(super) const INTERVAL: Duration = Duration::from_secs(3);
/// How often in a minute the pause may be shorter than that: so the list is never asked for more than 40 times in one.
const SOONER: usize = 18;
const MINUTE: Duration = Duration::from_mins(1);
/// An answer that takes so long was repeated, or comes from a platform that has enough to do.
const LONG: Duration = Duration::from_secs(1);

/// When to ask again.
pub(super) struct Polling {
    world: World,
    /// What the application has said.
    fixed: Option<Duration>,
    /// The pause that the rhythm is at.
    rhythm: Option<Duration>,
    /// How long was waited before the last time.
    pause: Duration,
    asked: Moment,
    /// When it was asked for sooner than after the whole interval, in the last minute.
    sooner: VecDeque<Moment>,
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
    /// By the interval of so many milliseconds that the application gives, if it gives one.
    pub(super) fn new(world: &World, interval: Option<u64>) -> Result<Self, Invalid> {
        if interval == Some(0) {
            return Err(Invalid::new(
                "options.pollingInterval",
                "must be at least 1 millisecond",
            ));
        }
        Ok(Self {
            world: world.clone(),
            fixed: interval.map(Duration::from_millis),
            rhythm: None,
            pause: INTERVAL,
            asked: world.moment(),
            sooner: VecDeque::new(),
        })
    }

    /// The list is asked for now.
    pub(super) fn asks(&mut self) {
        self.asked = self.world.moment();
        if self.fixed.is_none() && self.pause < INTERVAL {
            self.sooner.push_back(self.asked);
        }
    }

    /// How long to wait before it is asked for again.
    pub(super) fn next(&mut self, answered: &Answered) -> Duration {
        let rhythm = self.in_rhythm(answered);
        let pause = match self.fixed {
            Some(interval) if answered.asks_for_less => interval.max(rhythm),
            Some(interval) => interval,
            None => rhythm,
        };
        self.pause = pause.max(answered.not_within);
        self.pause
    }

    fn in_rhythm(&mut self, answered: &Answered) -> Duration {
        let clock = &*self.world.clock;
        let took_long = self.asked.steadily(clock) >= LONG;
        let rhythm = match (answered.changed, self.rhythm) {
            (None, _) => INTERVAL,
            _ if took_long => INTERVAL,
            (_, last) if answered.asks_for_less => (last.unwrap_or(FIRST) * 2).min(INTERVAL),
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
}
