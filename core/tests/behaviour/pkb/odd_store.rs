//! A store of an application's own that does what a store must not: it refuses what it should take, and gives what nobody asked for.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use digime_sdk::connections::{
    AttemptRecord, LinkKey, LinkRecord, LinkStore, MemoryStore, StoreFailure,
};
use futures_util::future::BoxFuture;

type Stored<'a, T> = BoxFuture<'a, Result<T, StoreFailure>>;

#[derive(Default)]
pub struct OddStore {
    pub records: MemoryStore,
    /// Whether each change is refused, as if somebody else had been faster.
    pub refuses: AtomicBool,
    /// What happens to a link on its way.
    pub alters_link: Mutex<Option<fn(&mut LinkRecord)>>,
    /// What happens to an attempt on its way.
    pub alters_attempt: Mutex<Option<fn(&mut AttemptRecord)>>,
}

impl OddStore {
    fn given(&self, mut links: Vec<LinkRecord>) -> Vec<LinkRecord> {
        if let Some(alter) = *self.alters_link.lock().unwrap() {
            links.iter_mut().for_each(alter);
        }
        links
    }

    fn unless_refused<'a>(&self, change: impl FnOnce() -> Stored<'a, bool>) -> Stored<'a, bool> {
        if self.refuses.load(Ordering::SeqCst) {
            return Box::pin(async { Ok(false) });
        }
        change()
    }
}

impl LinkStore for OddStore {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        Box::pin(async move {
            let found = self.records.link(key).await?;
            Ok(self.given(found.into_iter().collect()).pop())
        })
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(async move { Ok(self.given(self.records.links_of(platform, public_id).await?)) })
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(async move {
            let found = self.records.links_after(platform, after, limit);
            Ok(self.given(found.await?))
        })
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        self.unless_refused(|| self.records.put_link(link, expected))
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        self.unless_refused(|| self.records.remove_link(key, version))
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        Box::pin(async move {
            let mut found = self.records.attempt(platform, id).await?;
            if let (Some(attempt), Some(alter)) = (&mut found, *self.alters_attempt.lock().unwrap())
            {
                alter(attempt);
            }
            Ok(found)
        })
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        self.unless_refused(|| self.records.put_attempt(attempt, expected))
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        self.records.remove_attempts(platform, expired_before)
    }
}
