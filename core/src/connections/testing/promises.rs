//! What a store promises, in words, and the error that says which promise it broke, and after which calls.

use std::fmt;

/// What a store promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorePromise {
    /// A method answers where nothing is wrong with its database.
    Works,
    /// A change is made where the record has the version that is expected, or there is none and none is, and no public id stands in the
    /// way; and nowhere else.
    Version,
    /// Two users of a platform have one public id only if either record shares it.
    PublicId,
    /// A change that is refused has changed nothing.
    Refused,
    /// Of changes that are made at once and exclude each other, one is made and all others are refused.
    Once,
    /// What is not refused is written, in place of the whole record that was there before.
    Written,
    /// A record is given back with all its members, `other` included.
    Members,
    /// What one instance has answered for, every other reads from then on.
    Fresh,
    /// The links with a public id are found, and no others.
    Found,
    /// Records are told apart by their platform and by the whole id of the user or attempt, letter by letter.
    Apart,
    /// Pages of links go on after `after`, whether that link is still there or not, each link being in one of them.
    Listed,
    /// The attempts of a platform that expired before a time are removed, and nothing else.
    Expired,
    /// What is answered outlasts a crash of the database right after the answer.
    Durable,
    /// While the database is away methods fail.
    Away,
}

impl StorePromise {
    fn words(self) -> &'static str {
        match self {
            Self::Works => "A method answers where nothing is wrong with its database.",
            Self::Version => {
                "A change is made where the record has the version that is expected, or there is none and none is, and no public id stands in the way; and nowhere else. Versions are compared as numbers, of up to 63 bits."
            }
            Self::PublicId => {
                "Two users of a platform have one public id only if either record shares it; the second is refused."
            }
            Self::Refused => "A change that is refused has changed nothing.",
            Self::Once => {
                "Of changes that are made at once and exclude each other, one is made and all others are refused, through whichever instances they come."
            }
            Self::Written => {
                "What is not refused is written, in place of the whole record that was there before."
            }
            Self::Members => {
                "A record is given back with all its members, `other` included, or refused by an error."
            }
            Self::Fresh => {
                "What one instance has answered for, every other reads from then on: no copy lags behind, and none is kept."
            }
            Self::Found => {
                "`links_of` gives all links with a public id, as they are, and no others."
            }
            Self::Apart => {
                "Records are told apart by their platform and by the whole id of the user or attempt, letter by letter."
            }
            Self::Listed => {
                "`links_after` gives each link of a platform once, in an order that stays: up to `limit` of those after `after`, whether that link is still there or not. `links_where` gives those that its filter lets through."
            }
            Self::Expired => {
                "`remove_attempts` removes the attempts of its platform that expired before the time that it is given, `remove_attempts_of` those of the user, and nothing else."
            }
            Self::Durable => {
                "What is answered is durable: it outlasts a crash of the database right after the answer."
            }
            Self::Away => {
                "While the database is away methods fail: none answers as if nothing were stored, or from a copy."
            }
        }
    }
}

/// A promise that a store broke. Its `Display` says which, what was found, the calls that led there, and the seed.
#[derive(Debug, Clone)]
pub struct BrokenPromise {
    promise: StorePromise,
    found: String,
    calls: Vec<String>,
    seed: u64,
}

impl BrokenPromise {
    pub(super) fn new(promise: StorePromise, found: String, calls: &[String]) -> Self {
        Self {
            promise,
            found,
            calls: calls.to_vec(),
            seed: 0,
        }
    }

    pub(super) fn under(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Which it is.
    #[must_use]
    pub fn promise(&self) -> StorePromise {
        self.promise
    }

    /// The seed that makes the same calls again.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}

impl fmt::Display for BrokenPromise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The store breaks a promise. {}", self.promise.words())?;
        writeln!(f, "Found: {}", self.found)?;
        writeln!(
            f,
            "After these calls, a, b and c being instances of the store:"
        )?;
        for (index, call) in self.calls.iter().enumerate() {
            writeln!(f, "  {}. {call}", index + 1)?;
        }
        write!(
            f,
            "The same calls are made again with the seed {}.",
            self.seed
        )
    }
}

impl std::error::Error for BrokenPromise {}
