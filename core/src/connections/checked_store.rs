//! That a store gives what it was asked for: a record of somebody else is nobody's to use, whatever went wrong in the store.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::store::Stored;
use super::{
    AttemptRecord, LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStore, LinkWrite, StoreFailure,
};
use crate::error::Words;

/// A store whose answers are compared with the questions.
pub(super) struct CheckedStore(pub Arc<dyn LinkStore>);

/// What was found, if that is what `method` was asked for.
fn checked<T>(method: &'static str, found: T, is_asked_for: bool) -> Result<T, StoreFailure> {
    if is_asked_for {
        return Ok(found);
    }
    Err(StoreFailure::in_words(Words::from(method).own(
        " gave a record that it was not asked for, of another platform, user or attempt: see how the store compares keys",
    )))
}

impl LinkStore for CheckedStore {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        Box::pin(async move {
            let found = self.0.link(key).await?;
            let fits = found.as_ref().is_none_or(|link| {
                link.platform == key.platform && link.app_user_id == key.app_user_id
            });
            checked("getLink", found, fits)
        })
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(async move {
            let found = self.0.links_of(platform, public_id).await?;
            let fits = found
                .iter()
                .all(|link| link.platform == platform && link.public_id == public_id);
            checked("findLinks", found, fits)
        })
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(async move {
            let found = self.0.links_after(platform, after, limit).await?;
            let fits = follow(&found, platform, after);
            checked("listLinks", found, fits)
        })
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        self.0.put_link(link, expected)
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        self.0.remove_link(key, version)
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        Box::pin(async move {
            let found = self.0.attempt(platform, id).await?;
            let fits = found
                .as_ref()
                .is_none_or(|attempt| attempt.platform == platform && attempt.id == id);
            checked("getAttempt", found, fits)
        })
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        self.0.put_attempt(attempt, expected)
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        self.0.remove_attempts(platform, expired_before)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.0.close()
    }

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        self.0.remove_attempts_of(key)
    }

    fn put_links<'a>(&'a self, writes: &'a [LinkWrite]) -> Stored<'a, Vec<bool>> {
        Box::pin(async move {
            let written = self.0.put_links(writes).await?;
            if written.len() == writes.len() {
                return Ok(written);
            }
            Err(StoreFailure::new(
                "put_links did not say of each link whether it was written",
            ))
        })
    }

    fn count_links<'a>(&'a self, platform: &'a str) -> Stored<'a, LinkCounts> {
        self.0.count_links(platform)
    }

    fn links_where<'a>(
        &'a self,
        platform: &'a str,
        filter: LinkFilter,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(async move {
            let found = self.0.links_where(platform, filter, after, limit).await?;
            let fits = follow(&found, platform, after)
                && found.iter().all(|link| filter.lets_through(link));
            checked("filterLinks, or listLinks for it,", found, fits)
        })
    }

    fn links_under_other_keys<'a>(
        &'a self,
        platform: &'a str,
        key_id: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(async move {
            let found = self
                .0
                .links_under_other_keys(platform, key_id, after, limit);
            let found = found.await?;
            let fits =
                follow(&found, platform, after) && found.iter().all(|link| link.key_id != key_id);
            checked("listLinks", found, fits)
        })
    }
}

/// Whether records are a platform's, and none is the one that they come after: a store that begins anew with each page would never end. In
/// which order they stand is the store's to say, since databases compare text by their own rules.
fn follow(links: &[LinkRecord], platform: &str, after: &str) -> bool {
    links
        .iter()
        .all(|link| link.platform == platform && link.app_user_id != after)
}
