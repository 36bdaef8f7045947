//! Links in the memory of one process, for tests and for trying things out: they end with it.

use std::collections::BTreeMap;
use std::future::ready;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::store::Stored;
use super::{AttemptRecord, LinkFilter, LinkKey, LinkRecord, LinkStore};

type Key = (String, String);

/// A store that ends with its process.
#[derive(Default)]
pub struct MemoryStore(Mutex<Tables>);

#[derive(Default)]
struct Tables {
    links: BTreeMap<Key, LinkRecord>,
    attempts: BTreeMap<Key, AttemptRecord>,
}

impl MemoryStore {
    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wanted links of a platform, from the first whose user's id is greater than `after`.
    fn chosen(
        &self,
        platform: &str,
        after: &str,
        limit: u32,
        wanted: impl Fn(&LinkRecord) -> bool,
    ) -> Vec<LinkRecord> {
        let tables = self.tables();
        let after = Bound::Excluded(key(platform, after));
        let links = tables.links.range((after, Bound::Unbounded));
        let links = links.map(|(_, link)| link);
        let links = links.take_while(|link| link.platform == platform);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        links
            .filter(|link| wanted(link))
            .take(limit)
            .cloned()
            .collect()
    }
}

fn key(platform: &str, id: &str) -> Key {
    (platform.to_owned(), id.to_owned())
}

fn done<'a, T: Send + 'a>(value: T) -> Stored<'a, T> {
    Box::pin(ready(Ok(value)))
}

impl LinkStore for MemoryStore {
    fn link<'a>(&'a self, link: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        let found = self
            .tables()
            .links
            .get(&key(link.platform, link.app_user_id))
            .cloned();
        done(found)
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        // No user's id is empty.
        done(self.chosen(platform, "", u32::MAX, |link| link.public_id == public_id))
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        done(self.chosen(platform, after, limit, |_| true))
    }

    fn links_where<'a>(
        &'a self,
        platform: &'a str,
        filter: LinkFilter,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        done(self.chosen(platform, after, limit, |link| filter.lets_through(link)))
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        let links = &mut self.tables().links;
        let key = key(&link.platform, &link.app_user_id);
        let taken = links.iter().any(|(of, other)| {
            *of != key
                && other.platform == link.platform
                && other.public_id == link.public_id
                && !other.shares_public_id
                && !link.shares_public_id
        });
        let fits = !taken && links.get(&key).map(|current| current.version) == expected;
        if fits {
            links.insert(key, link.clone());
        }
        done(fits)
    }

    fn remove_link<'a>(&'a self, link: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        let links = &mut self.tables().links;
        let key = key(link.platform, link.app_user_id);
        let fits = links
            .get(&key)
            .is_some_and(|current| current.version == version);
        if fits {
            links.remove(&key);
        }
        done(fits)
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        done(self.tables().attempts.get(&key(platform, id)).cloned())
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        let attempts = &mut self.tables().attempts;
        let key = key(&attempt.platform, &attempt.id);
        let fits = attempts.get(&key).map(|current| current.version) == expected;
        if fits {
            attempts.insert(key, attempt.clone());
        }
        done(fits)
    }

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        self.tables().attempts.retain(|_, attempt| {
            attempt.platform != key.platform || attempt.app_user_id != key.app_user_id
        });
        done(())
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        self.tables().attempts.retain(|_, attempt| {
            attempt.platform != platform || attempt.expires_at >= expired_before
        });
        done(())
    }
}
