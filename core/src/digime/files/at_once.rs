//! How many files of a session are read at once: more while that brings more of them, fewer where it does not, where the platform asks for less,
//! and where they are large.

use std::time::Duration;

use crate::World;
use crate::error::Invalid;
use crate::http::Congestion;
use crate::world::Moment;

/// How many at first.
const FIRST: u16 = 5;
/// How many at most, unless the application says otherwise.
const MOST: u16 = 32;
/// How many bytes of content may be under way, were all files as large as the largest so far.
const MEMORY: u64 = 64 * 1024 * 1024;
/// How much faster files must come for it to be no accident.
const FASTER: f64 = 1.1;
/// How much longer each must take.
const SLOWER: f64 = 1.5;
/// For how many rounds what was found to be right is left as it is, at first and at most.
const REST: u8 = 4;
const LONGEST_REST: u8 = 64;

/// How many are read at once.
pub(super) struct AtOnce {
    now: u16,
    most: u16,
    /// The bytes of the largest file so far.
    largest: u64,
    round: Round,
    /// The pace of the last round.
    before: Option<Pace>,
    /// How many it were in the last round, where these are more.
    fewer: Option<u16>,
    /// For how many rounds it is left as it is.
    rest: u8,
    /// For how many it will be when it is found to be right: longer each time.
    next_rest: u8,
    /// How often the platform has asked for less, as far as it was heeded.
    heeded: u32,
}

/// The time in which so many files come in as may be under way.
struct Round {
    begun: Moment,
    files: u16,
    took: Duration,
}

impl Round {
    fn begin(world: &World) -> Self {
        Self {
            begun: world.moment(),
            files: 0,
            took: Duration::ZERO,
        }
    }
}

#[derive(Clone, Copy)]
struct Pace {
    /// How many files come in a second.
    rate: f64,
    /// How long each takes, in seconds.
    delay: f64,
}

impl AtOnce {
    pub(super) fn new(world: &World, concurrency: Option<u16>) -> Result<Self, Invalid> {
        let most = concurrency.unwrap_or(MOST);
        if most == 0 {
            return Err(Invalid::new("options.concurrency", "must be at least 1"));
        }
        Ok(Self {
            now: FIRST.min(most),
            most,
            largest: 0,
            round: Round::begin(world),
            before: None,
            fewer: None,
            rest: 0,
            next_rest: REST,
            heeded: 0,
        })
    }

    /// How many may be under way.
    pub(super) fn allowed(
        &mut self,
        world: &World,
        congestion: &Congestion,
        under_way: usize,
    ) -> usize {
        let asked_for_less = congestion.times();
        if asked_for_less > self.heeded {
            self.heeded = asked_for_less;
            self.reduce_to(self.now / 2);
            self.round = Round::begin(world);
        } else if under_way == 0 {
            self.round = Round::begin(world);
        }
        self.now.into()
    }

    /// A file has come in that took so long; `others_wait` where as many as may be are under way.
    pub(super) fn note(&mut self, world: &World, bytes: u64, took: Duration, others_wait: bool) {
        self.largest = self.largest.max(bytes);
        let fitting = self.fitting();
        if self.now > fitting {
            self.reduce_to(fitting);
            self.round = Round::begin(world);
        }
        if !others_wait {
            self.round = Round::begin(world);
            return;
        }
        self.round.files += 1;
        self.round.took += took;
        if self.round.files < self.now.max(FIRST) {
            return;
        }
        let round = std::mem::replace(&mut self.round, Round::begin(world));
        let time = round.begun.steadily(&*world.clock).as_secs_f64();
        let files = f64::from(round.files);
        if time > 0.0 {
            self.judge(Pace {
                rate: files / time,
                delay: round.took.as_secs_f64() / files,
            });
        }
    }

    fn judge(&mut self, pace: Pace) {
        let fewer = self.fewer.take();
        match (self.before.replace(pace), fewer) {
            // More at once have brought no more.
            (Some(before), Some(fewer)) if pace.rate <= before.rate * FASTER => {
                self.reduce_to(fewer);
                self.before = Some(before);
                self.next_rest = (self.next_rest * 2).min(LONGEST_REST);
            }
            (Some(before), None)
                if pace.rate <= before.rate && pace.delay > before.delay * SLOWER =>
            {
                // That a few are too many, a platform has to say.
                self.reduce_to((self.now / 2).max(FIRST.min(self.now)));
            }
            _ if self.rest > 0 => self.rest -= 1,
            _ => self.grow(),
        }
    }

    fn grow(&mut self) {
        // Who was asked for less once feels its way.
        let step = if self.heeded == 0 {
            self.now
        } else {
            (self.now / 4).max(1)
        };
        let more = self.now.saturating_add(step).min(self.fitting());
        if more > self.now {
            self.fewer = Some(self.now);
            self.now = more;
        }
    }

    fn reduce_to(&mut self, fewer: u16) {
        self.now = fewer.max(1);
        self.before = None;
        self.fewer = None;
        self.rest = self.next_rest;
    }

    /// How many there is room for.
    fn fitting(&self) -> u16 {
        let fitting = MEMORY / self.largest.max(1);
        self.most
            .min(u16::try_from(fitting).unwrap_or(u16::MAX))
            .max(1)
    }
}
