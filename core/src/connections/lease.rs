//! Whose turn it is: a lease that stands in a record, and when one was left behind.
//!
//! Clocks of machines differ, so a lease says how long it lasts and not until when. Who waits for one looks on, and for each second in which
//! it has seen the record unchanged by its own clock it adds one to the lease, by a change like any other: so none counts twice, and what one
//! process has seen is there when it is killed. When all its seconds have been counted, the lease is taken over. `tests/model`
//! has it as a model, whose every state is looked at.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::ErrorKind;
use crate::world::Moment;
use crate::{Error, World};

/// What is counted.
const SECOND: Duration = Duration::from_secs(1);
/// How much of the time between two looks counts. In a longer one the store could not be read, or the machine slept, and the holder
/// was kept from its work too.
const LONGEST_LOOK: Duration = Duration::from_millis(500);

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    id: String,
    counted: u32,
    /// None of one that version 1 of the store's schema has left.
    lasts: Option<Duration>,
}

impl Lease {
    /// A new one.
    pub(crate) fn new(world: &World, lasts: Duration) -> Result<Self, Error> {
        let mut id = [0; 16];
        world.random.fill(&mut id)?;
        Ok(Self {
            id: URL_SAFE_NO_PAD.encode(id),
            counted: 0,
            lasts: Some(lasts),
        })
    }

    /// As it stands in a record: its id, how many seconds were counted, and how long it lasts in milliseconds.
    pub(crate) fn parse(text: &str) -> Self {
        let mut parts = text.splitn(3, '.');
        let id = parts.next().unwrap_or_default();
        let number = |part: Option<&str>| part.and_then(|digits| digits.parse::<u64>().ok());
        match (number(parts.next()), number(parts.next())) {
            (Some(counted), Some(lasts)) => Self {
                id: id.to_owned(),
                counted: u32::try_from(counted).unwrap_or(u32::MAX),
                lasts: Some(Duration::from_millis(lasts)),
            },
            _ => Self {
                id: text.to_owned(),
                counted: 0,
                lasts: None,
            },
        }
    }

    pub(crate) fn to_text(&self) -> String {
        match self.lasts {
            Some(lasts) => format!("{}.{}.{}", self.id, self.counted, lasts.as_millis()),
            None => self.id.clone(),
        }
    }

    /// Whether it is the same, however many seconds were counted.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.id == other.id
    }

    fn with_one_more(&self, lasts: Duration) -> Self {
        Self {
            id: self.id.clone(),
            counted: self.counted.saturating_add(1),
            lasts: Some(lasts),
        }
    }
}

/// What a look at another's lease says.
pub(crate) enum Look {
    /// It is to be waited for.
    Wait,
    /// A second has passed: the lease is to be written so.
    Count(Lease),
    /// It was left behind.
    LeftBehind,
}

/// Watches the lease of another.
#[derive(Default)]
pub(crate) struct Watch {
    seen: Option<Seen>,
}

struct Seen {
    id: String,
    version: i64,
    last: Moment,
    stood: Duration,
}

impl Watch {
    /// Looks at a lease in a record of that version; `lasts` is how long one lasts that does not say so itself.
    pub(crate) fn look(
        &mut self,
        world: &World,
        lease: &Lease,
        version: i64,
        lasts: Duration,
    ) -> Look {
        let lasts = lease.lasts.unwrap_or(lasts);
        if SECOND * lease.counted >= lasts {
            return Look::LeftBehind;
        }
        let stood = self.stood(world, lease, version);
        if *stood < SECOND {
            return Look::Wait;
        }
        *stood = Duration::ZERO;
        Look::Count(lease.with_one_more(lasts))
    }

    /// Looks at a lease to which nothing may be added, since its holder would not know its record again. Says whether it was left behind.
    pub(crate) fn look_on(
        &mut self,
        world: &World,
        lease: &Lease,
        version: i64,
        lasts: Duration,
    ) -> bool {
        *self.stood(world, lease, version) >= lasts
    }

    /// For how long it has been seen to stand as it stands.
    fn stood(&mut self, world: &World, lease: &Lease, version: i64) -> &mut Duration {
        let now = world.moment();
        let again = self
            .seen
            .take()
            .filter(|seen| seen.id == lease.id && seen.version == version);
        let stood = again.map(|seen| {
            let passed = seen.last.at_least(&*world.clock);
            seen.stood + passed.min(LONGEST_LOOK)
        });
        let seen = Seen {
            id: lease.id.clone(),
            version,
            last: now,
            stood: stood.unwrap_or_default(),
        };
        &mut self.seen.insert(seen).stood
    }

    /// The record has this version now: if it is this watcher's own, the next second has begun.
    pub(crate) fn wrote(&mut self, world: &World, version: i64) {
        if let Some(seen) = self.seen.as_mut().filter(|seen| seen.version != version) {
            seen.version = version;
            seen.last = world.moment();
            seen.stood = Duration::ZERO;
        }
    }
}

/// The error where each lease was too old to be used when the store said that it was taken.
pub(crate) fn too_slow() -> Error {
    ErrorKind::Store {
        operation: "write",
        message: "putLink takes so long to acknowledge a lease that none can be used, and nothing was sent: see what holds the store up, or raise refreshLease"
            .into(),
    }
    .into()
}
