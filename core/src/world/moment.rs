//! How much time has passed, by clocks that may be set, and may stand still while the machine sleeps.

use std::time::{Duration, SystemTime};

use super::Clock;

/// A moment in the past.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    wall: SystemTime,
    steady: Duration,
}

impl Moment {
    pub(super) fn now(clock: &dyn Clock) -> Self {
        Self {
            wall: clock.now(),
            steady: clock.steady(),
        }
    }

    /// How much time has passed since, at most: a steady clock may have stood still while the machine slept, and the other may have been
    /// set back. For what must not last too long.
    pub(crate) fn at_most(self, clock: &dyn Clock) -> Duration {
        let (wall, steady) = self.passed(clock);
        wall.max(steady)
    }

    /// How much time has passed since, at least. For what must not be taken for over too soon.
    pub(crate) fn at_least(self, clock: &dyn Clock) -> Duration {
        let (wall, steady) = self.passed(clock);
        wall.min(steady)
    }

    /// How much time has passed since by the clock that nobody sets. For how long is waited.
    pub(crate) fn steadily(self, clock: &dyn Clock) -> Duration {
        clock.steady().saturating_sub(self.steady)
    }

    fn passed(self, clock: &dyn Clock) -> (Duration, Duration) {
        (
            clock.now().duration_since(self.wall).unwrap_or_default(),
            clock.steady().saturating_sub(self.steady),
        )
    }
}
