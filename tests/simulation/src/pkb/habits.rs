//! What clients are set to and applications do in the schedules from a seed on: for how long tokens that were read serve, and who watches.

use crate::chance::Chance;
use crate::executor::{MILLISECOND, Micros, SECOND};

/// The schedules of smaller seeds ran before there was any of this, and stay as they are, letter for letter: the seeds that broke a promise once, and
/// those that faults are found by, stand for what these draw.
const FIRST: u64 = 1_000_000;
/// The same of what came after these.
const LATER: u64 = 2_000_000;
/// What these sources of numbers are for, beside those of the faults.
const HABITS: u64 = 3;
const LATER_HABITS: u64 = 4;
/// How often the shortest lease of a schedule goes into that of a machine.
const LEASES: [u64; 4] = [1, 1, 2, 3];
/// How long tokens serve that were read from the store, in milliseconds: not at all in a third of all clients.
const KEPT_FOR: [Option<u64>; 6] = [
    None,
    None,
    Some(1000),
    Some(10_000),
    Some(60_000),
    Some(u64::MAX),
];

/// How an application watches.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    pub every: Micros,
    pub per_second: u16,
}

impl Pace {
    /// How often a record is looked at, in milliseconds.
    pub fn every_ms(self) -> u64 {
        self.every / MILLISECOND
    }
}

/// All of it.
pub struct Habits {
    /// None of a schedule that has none of this.
    seed: Option<u64>,
    /// Of each machine: whether its application watches.
    watching: Vec<bool>,
    pace: Pace,
    /// Whether the platform says no more of a token that was replaced than that it is forbidden.
    pub forbids: bool,
    /// Of each machine: how often the shortest lease goes into its own.
    leases: Vec<u64>,
    /// Whether what is in a socket is read by a task of the process, which has its turn like any other, so that who waits for an answer may find that their
    /// time is over before they find the answer.
    pub has_sockets: bool,
}

impl Habits {
    /// Those of a schedule with so many machines.
    #[must_use]
    pub fn new(seed: u64, machines: usize) -> Self {
        let seed = Some(seed).filter(|seed| *seed >= FIRST);
        let mut chance = Chance::of(&[seed.unwrap_or_default(), HABITS]);
        let is_begun = seed.is_some();
        let is_later = seed.is_some_and(|seed| seed >= LATER);
        let mut later = Chance::of(&[seed.unwrap_or_default(), LATER_HABITS]);
        Self {
            seed,
            watching: (0..machines)
                .map(|_| chance.below(3) > 0 && is_begun)
                .collect(),
            pace: Pace {
                every: chance.one_of(&[5, 10, 20, 40]) * SECOND,
                per_second: chance.one_of(&[1, 4, 20]),
            },
            forbids: chance.once_in(2) && is_begun,
            leases: (0..machines)
                .map(|_| later.one_of(&LEASES))
                .map(|times| if is_later { times } else { 1 })
                .collect(),
            has_sockets: is_later,
        }
    }

    /// Whether this is a schedule that has any of this.
    pub fn are_any(&self) -> bool {
        self.seed.is_some()
    }

    /// How long a lease lasts that a machine takes, where the shortest lasts so long. Of those that one has taken with another setting than one's own,
    /// each says for how long it lasts.
    pub fn lease_of(&self, machine: usize, shortest: Micros) -> Micros {
        self.leases[machine] * shortest
    }

    /// How long the longest lasts.
    pub fn longest_lease(&self, shortest: Micros) -> Micros {
        self.leases
            .iter()
            .max()
            .map_or(shortest, |times| times * shortest)
    }

    /// For how long a process uses tokens without reading them again, in milliseconds.
    pub fn tokens_kept_for(&self, process: usize) -> Option<u64> {
        let mut chance = Chance::of(&[self.seed?, HABITS, process as u64]);
        chance.one_of(&KEPT_FOR)
    }

    /// How the application of a machine watches, if it does.
    pub fn pace_of(&self, machine: usize) -> Option<Pace> {
        self.watching[machine].then_some(self.pace)
    }

    /// How those watch who do, if any does.
    pub fn pace(&self) -> Option<Pace> {
        self.watching.contains(&true).then_some(self.pace)
    }
}
