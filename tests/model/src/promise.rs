//! What is promised of every state and every step.

use std::fmt;

/// A promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Promise {
    /// No refresh token is presented twice, unless who held the answer died or was kept from its work, or the answer was lost.
    PresentedOnce,
    /// One whose answer may have been lost is not presented again while the access token serves.
    NotRepeatedEarly,
    /// A pair that is stored is not overwritten by an older one.
    NewestPairStays,
    /// Nobody uses a pair that is not stored.
    StoredBeforeUsed,
    /// A pair that came is stored, unless another took its place, or who had it died.
    AnswerKept,
    /// A lease is not taken over sooner than it lasts.
    WatchedToItsEnd,
    /// A link is over where the platform says so, and nowhere else.
    OverByItsWord,
    /// From wherever the faults have led, without another one a state is reached in which calls succeed, or the platform has said that
    /// the session is over.
    Recovers,
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PresentedOnce => {
                "a refresh token was presented twice, though who held its answer lived and was not kept from its work"
            }
            Self::NotRepeatedEarly => {
                "a refresh token whose answer may be lost was presented again while the access token serves"
            }
            Self::NewestPairStays => "an older pair was stored over a newer one",
            Self::StoredBeforeUsed => "a pair was used that is not stored",
            Self::AnswerKept => "a pair that came was dropped",
            Self::WatchedToItsEnd => "a lease was taken over sooner than it lasts",
            Self::OverByItsWord => "a link was marked as over whose session goes on",
            Self::Recovers => "calls never succeed again",
        })
    }
}
