//! Tokens that were read from the store a moment ago: for how long they serve without being read again, and what makes them be forgotten.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::LinkKey;
use super::keeping::Tokens;
use crate::World;
use crate::crypto::digest::sha256;
use crate::world::Moment;

/// In how many parts they are kept, each with a lock of its own. Of what is read while something is written, only what is in the same part is not kept.
const PARTS: usize = 50;
/// How many each part keeps at most: 10,000 in all.
const MOST_OF_PART: usize = 200;

/// The digest of a user and a platform.
type Id = [u8; 32];

/// The tokens of users that were read last.
pub(crate) struct CachedTokens {
    lasts: Duration,
    parts: Vec<Mutex<Part>>,
}

#[derive(Default)]
struct Part {
    /// How often something of it may have changed.
    changes: u64,
    /// How many it was given.
    given: u64,
    by_user: HashMap<Id, Cached>,
    /// From the first that was given to the last.
    in_order: BTreeMap<u64, Id>,
}

struct Cached {
    number: u64,
    tokens: Arc<Tokens>,
    /// Until when they may serve, in milliseconds since 1970.
    until: i64,
    read: Moment,
}

impl CachedTokens {
    /// Tokens that serve for so long after they were read; none does, where that is no time.
    pub(super) fn new(lasts: Duration) -> Self {
        let parts = if lasts.is_zero() { 0 } else { PARTS };
        Self {
            lasts,
            parts: (0..parts).map(|_| Mutex::default()).collect(),
        }
    }

    /// Forgets all of them.
    pub(super) fn clear(&self) {
        for part in &self.parts {
            let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
            part.changes += 1;
            part.by_user.clear();
            part.in_order.clear();
        }
    }

    /// The place of a user; none where no tokens are kept.
    pub(super) fn place(&self, key: LinkKey<'_>) -> Option<Place<'_>> {
        let id = (!self.parts.is_empty()).then(|| id(key))?;
        let part = (usize::from(id[0]) * 256 + usize::from(id[1])) % self.parts.len();
        let part = self.parts.get(part)?;
        Some(Place {
            id,
            part,
            lasts: self.lasts,
        })
    }
}

fn id(key: LinkKey<'_>) -> Id {
    let (platform, user) = (key.platform.as_bytes(), key.app_user_id.as_bytes());
    sha256(&[&(platform.len() as u64).to_be_bytes(), platform, user])
}

/// Where the tokens of a user are, if they are kept.
pub(crate) struct Place<'a> {
    id: Id,
    part: &'a Mutex<Part>,
    lasts: Duration,
}

impl<'a> Place<'a> {
    fn part(&self) -> MutexGuard<'a, Part> {
        self.part.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The tokens, if they were read so lately that they serve.
    pub(crate) fn tokens(&self, world: &World) -> Option<Tokens> {
        let now = i64::try_from(world.now_ms()).unwrap_or(i64::MAX);
        let mut part = self.part();
        let cached = part.by_user.get(&self.id)?;
        if now >= cached.until || cached.is_over(self.lasts, world) {
            part.forget(&self.id);
            return None;
        }
        let tokens = Arc::clone(&cached.tokens);
        drop(part);
        Some(Tokens::clone(&tokens))
    }

    /// Forgets them, and does not keep what is being read of them.
    pub(crate) fn forget(&self) {
        let mut part = self.part();
        part.changes += 1;
        part.forget(&self.id);
    }

    /// To be called before they are read: what is kept is as old as that.
    pub(crate) fn reading(self, world: &World) -> Reading<'a> {
        let changes = self.part().changes;
        Reading {
            read: world.moment(),
            place: self,
            changes,
        }
    }
}

/// A record that may change as long as this lives.
pub(super) struct Changing<'a>(pub Place<'a>);

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.0.forget();
    }
}

/// A reading of tokens from the store.
pub(crate) struct Reading<'a> {
    place: Place<'a>,
    read: Moment,
    changes: u64,
}

impl Reading<'_> {
    /// Keeps what was read, unless it has been changed here since; `until` is how long it may serve at most, in milliseconds since 1970.
    pub(crate) fn keep(self, tokens: &Tokens, until: i64, world: &World) {
        let Self { place, read, .. } = self;
        let mut part = place.part();
        if part.changes != self.changes {
            return;
        }
        part.forget(&place.id);
        part.make_room(place.lasts, world);
        part.given += 1;
        let number = part.given;
        let cached = Cached {
            number,
            tokens: Arc::new(tokens.clone()),
            until,
            read,
        };
        part.in_order.insert(number, place.id);
        part.by_user.insert(place.id, cached);
    }
}

impl Part {
    fn forget(&mut self, id: &Id) {
        if let Some(cached) = self.by_user.remove(id) {
            self.in_order.remove(&cached.number);
        }
    }

    /// Forgets those whose time is over, and the oldest where there are too many.
    fn make_room(&mut self, lasts: Duration, world: &World) {
        while let Some((_, id)) = self.in_order.first_key_value() {
            let id = *id;
            let is_over = self
                .by_user
                .get(&id)
                .is_none_or(|cached| cached.is_over(lasts, world));
            if !is_over && self.by_user.len() < MOST_OF_PART {
                return;
            }
            self.in_order.pop_first();
            self.by_user.remove(&id);
        }
    }
}

impl Cached {
    fn is_over(&self, lasts: Duration, world: &World) -> bool {
        self.read.at_most(&*world.clock) >= lasts
    }
}
