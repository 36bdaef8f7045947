//! Which faults strike, decided by the seed: each by itself, so that one can be left out and the others stay.

use std::collections::BTreeSet;
use std::fmt;

use crate::chance::Chance;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A process dies between two steps, and is started again later.
    Crash,
    /// A process stands still (SIGSTOP): all clocks go on.
    Freeze,
    /// A machine sleeps: its steady clock stands still too.
    Sleep,
    /// A machine's time is set.
    ClockSet,
    /// A call is cancelled: its future is dropped.
    Cancel,
    /// No connection to the platform.
    Unreached,
    /// A request is lost on its way.
    RequestLost,
    /// A request is late.
    RequestLate,
    /// An answer is lost on its way.
    AnswerLost,
    /// An answer breaks off.
    AnswerCut,
    /// An answer is late.
    AnswerLate,
    /// The platform fails before it has acted, or afterwards.
    PlatformFails,
    /// The platform refuses for a while, and spends nothing.
    PlatformRefuses,
    /// The platform refuses an access token that serves.
    Unauthorized,
    /// The platform ends a session.
    SessionEnds,
    /// The store does its work, and says so late.
    StoreSlow,
    /// The store fails, and has done nothing.
    StoreFails,
    /// The store has done its work, and says that it failed.
    Unacknowledged,
    /// The store says that it failed, and does its work afterwards.
    CommitsLate,
    /// A process does not reach the store for a time.
    Partition,
    /// Nobody does: it is started again.
    StoreRestarts,
    /// The store refuses what is written for a time.
    DiskFull,
    /// A hook of the application fails.
    HookFails,
    /// A hook of the application takes its time.
    HookSlow,
    /// The application unlinks a user.
    Unlink,
    /// The platform changes the key that it signs with.
    KeyRotation,
    /// The platform has too much to do, and says when to come back.
    Throttled,
    /// The body of a request breaks off.
    RequestCut,
    /// The bytes of a request leave slowly.
    RequestSlow,
    /// The bytes of an answer come slowly.
    AnswerSlow,
    /// The platform answers before it has the whole body.
    AnswerEarly,
    /// What the application reads its content from fails.
    SourceFails,
    /// The platform forbids what an access token that serves may do.
    Forbidden,
}

/// A kind, how many opportunities it has in a schedule (so that its rates fit), and its name.
const KINDS: [(Kind, u64); 33] = [
    (Kind::Crash, 10),
    (Kind::Freeze, 12),
    (Kind::Sleep, 10),
    (Kind::ClockSet, 10),
    (Kind::Cancel, 1500),
    (Kind::Unreached, 700),
    (Kind::RequestLost, 400),
    (Kind::RequestLate, 400),
    (Kind::AnswerLost, 700),
    (Kind::AnswerCut, 200),
    (Kind::AnswerLate, 900),
    (Kind::PlatformFails, 500),
    (Kind::PlatformRefuses, 500),
    (Kind::Unauthorized, 1000),
    (Kind::SessionEnds, 50),
    (Kind::StoreSlow, 150),
    (Kind::StoreFails, 300),
    (Kind::Unacknowledged, 300),
    (Kind::CommitsLate, 150),
    (Kind::Partition, 40),
    (Kind::StoreRestarts, 15),
    (Kind::DiskFull, 25),
    (Kind::HookFails, 2000),
    (Kind::HookSlow, 1500),
    (Kind::Unlink, 300),
    (Kind::KeyRotation, 400),
    (Kind::Throttled, 500),
    (Kind::RequestCut, 400),
    (Kind::RequestSlow, 500),
    (Kind::AnswerSlow, 500),
    (Kind::AnswerEarly, 400),
    (Kind::SourceFails, 400),
    (Kind::Forbidden, 700),
];
/// Of how many opportunities a rate is counted.
const OPPORTUNITIES: u64 = 10_000;
/// What a source of numbers is for, so that no two are the same.
const RATES: u64 = 1;
const STRIKES: u64 = 2;

/// A fault that has struck: the kind, whom, and at which of their opportunities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strike {
    /// What it is.
    pub kind: Kind,
    /// The machine that it strikes.
    pub whom: usize,
    /// How many opportunities the kind had had with that machine before.
    pub opportunity: u64,
}

impl fmt::Display for Strike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            whom,
            opportunity,
        } = self;
        write!(f, "{kind:?} of {whom} at its opportunity {opportunity}")
    }
}

/// The faults of one schedule.
pub struct Faults {
    seed: u64,
    rates: [u64; KINDS.len()],
    /// How many opportunities each kind has had with each machine.
    opportunities: Vec<[u64; KINDS.len()]>,
    only: Option<BTreeSet<Strike>>,
    storm: bool,
    struck: Vec<Strike>,
}

impl Faults {
    /// Of a schedule with so many machines; with `only`, those that are in it and no others.
    #[must_use]
    pub fn new(seed: u64, machines: usize, only: Option<BTreeSet<Strike>>) -> Self {
        let mut chance = Chance::of(&[seed, RATES]);
        // About half of all kinds: with all of them at once nothing would ever succeed, and what only one of them shows would be hidden.
        let rates = KINDS.map(|(_, usual)| match chance.below(8) {
            0..4 => 0,
            4 => usual / 4 + 1,
            5 | 6 => usual,
            _ => usual * 3,
        });
        Self {
            seed,
            rates,
            opportunities: vec![[0; KINDS.len()]; machines],
            only,
            storm: false,
            struck: Vec::new(),
        }
    }

    /// From now on faults strike, or none does.
    pub fn let_strike(&mut self, storm: bool) {
        self.storm = storm;
    }

    /// Whether the fault strikes this machine now; gives what its details are to be drawn from.
    pub fn strikes(&mut self, kind: Kind, whom: usize) -> Option<Chance> {
        let place = kind as usize;
        if !self.storm || self.rates[place] == 0 {
            return None;
        }
        let count = &mut self.opportunities[whom][place];
        let opportunity = *count;
        *count += 1;
        let mut chance = Chance::of(&[self.seed, STRIKES, place as u64, whom as u64, opportunity]);
        if chance.below(OPPORTUNITIES) >= self.rates[place] {
            return None;
        }
        let strike = Strike {
            kind,
            whom,
            opportunity,
        };
        if self
            .only
            .as_ref()
            .is_some_and(|only| !only.contains(&strike))
        {
            return None;
        }
        self.struck.push(strike);
        Some(chance)
    }

    /// What has struck, in its order.
    #[must_use]
    pub fn struck(&self) -> &[Strike] {
        &self.struck
    }
}
