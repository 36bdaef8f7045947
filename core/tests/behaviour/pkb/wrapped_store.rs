//! A store in memory to which something happens, as a test decides.

use std::sync::Arc;

use digime_sdk::connections::{
    AttemptRecord, LinkKey, LinkRecord, LinkStore, MemoryStore, StoreFailure,
};
use futures_util::future::BoxFuture;

pub type Stored<'a, T> = BoxFuture<'a, Result<T, StoreFailure>>;

/// A change, when it is to be made.
pub type Change<'a> = Box<dyn FnOnce() -> Stored<'a, bool> + Send + 'a>;

/// What happens: nothing, but for what is said here.
pub trait Happening: Send + Sync {
    /// To a record that is written or removed.
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        change()
    }

    /// After the link of a user was read, before who asked has it.
    fn read(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// To the store, when it is let go.
    fn close(&self) {}

    /// To a link that is read.
    fn link(&self, _: &mut LinkRecord) {}

    /// To an attempt that is read.
    fn attempt(&self, _: &mut AttemptRecord) {}

    /// Before links are listed.
    fn list(&self) -> Stored<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}

pub struct WrappedStore<H> {
    pub records: Arc<MemoryStore>,
    pub happening: H,
}

impl<H: Happening> WrappedStore<H> {
    pub fn new(records: &Arc<MemoryStore>, happening: H) -> Arc<Self> {
        let records = Arc::clone(records);
        Arc::new(Self { records, happening })
    }

    fn given(&self, mut links: Vec<LinkRecord>) -> Vec<LinkRecord> {
        for link in &mut links {
            self.happening.link(link);
        }
        links
    }
}

impl<H: Happening> LinkStore for WrappedStore<H> {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        Box::pin(async move {
            let found = self.records.link(key).await?;
            self.happening.read().await;
            Ok(self.given(found.into_iter().collect()).pop())
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.happening.close();
        Box::pin(std::future::ready(()))
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
            self.happening.list().await?;
            let found = self.records.links_after(platform, after, limit);
            Ok(self.given(found.await?))
        })
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        let records = &self.records;
        self.happening
            .change(Box::new(move || records.put_link(link, expected)))
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        let records = &self.records;
        self.happening
            .change(Box::new(move || records.remove_link(key, version)))
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        Box::pin(async move {
            let mut found = self.records.attempt(platform, id).await?;
            if let Some(attempt) = &mut found {
                self.happening.attempt(attempt);
            }
            Ok(found)
        })
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        let records = &self.records;
        self.happening
            .change(Box::new(move || records.put_attempt(attempt, expected)))
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        self.records.remove_attempts(platform, expired_before)
    }

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        self.records.remove_attempts_of(key)
    }
}
