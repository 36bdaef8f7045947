//! What a store of links must do, whoever keeps it.

use std::fmt;
use std::future::ready;

use futures_util::future::BoxFuture;
use serde::Serialize;

use super::{AttemptRecord, LinkRecord, LinkStatus};
use crate::error::Words;

/// Which link is meant.
#[derive(Debug, Clone, Copy)]
pub struct LinkKey<'a> {
    /// `pkb:` and the host.
    pub platform: &'a str,
    /// The application's own id of the user.
    pub app_user_id: &'a str,
}

/// A link that is to be written: over the one that has the version `expected`, or as a new one where there is none.
#[derive(Debug, Clone)]
pub struct LinkWrite {
    /// What is to stand there.
    pub link: LinkRecord,
    /// What stands there now.
    pub expected: Option<i64>,
}

/// Which links are wanted: those of which all is so that is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LinkFilter {
    /// Those that stand so.
    pub status: Option<LinkStatus>,
    /// Those whose tokens were last refreshed before this time, in milliseconds since 1970.
    pub refreshed_before: Option<i64>,
}

impl LinkFilter {
    /// Whether this link is wanted.
    #[must_use]
    pub fn lets_through(&self, link: &LinkRecord) -> bool {
        self.status.is_none_or(|status| link.status == status)
            && self
                .refreshed_before
                .is_none_or(|before| link.refreshed_at < before)
    }
}

/// How many links there are, by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LinkCounts {
    /// Those whose tokens serve.
    pub active: u64,
    /// Those whose refresh token may be spent.
    pub uncertain: u64,
    /// Those that are over.
    pub expired: u64,
}

impl LinkCounts {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.active + self.uncertain + self.expired
    }

    /// Counts more that stand so.
    pub(super) fn add(&mut self, status: LinkStatus, more: u64) {
        match status {
            LinkStatus::Active => self.active += more,
            LinkStatus::Uncertain => self.uncertain += more,
            LinkStatus::Expired => self.expired += more,
        }
    }
}

/// Keeps links and attempts to link, for every process and machine that shares it.
///
/// A change names the version that it was made from, and is refused (`false`) where the record has another by now: the one thing
/// that a store has to get right is that of two such changes one wins. What is written is durable when the method returns. A record is
/// given back with all its members, `other` included.
pub trait LinkStore: Send + Sync {
    /// The link of a user.
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>>;

    /// The links with a public id; one at most, unless they share it or something else writes to the store.
    fn links_of<'a>(&'a self, platform: &'a str, public_id: &'a str)
    -> Stored<'a, Vec<LinkRecord>>;

    /// Up to `limit` links, in the order of their users' ids, from the first whose id is greater than `after`.
    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>>;

    /// Writes a link: over the one that has the version `expected`, or as a new one where there is none. Refused (`false`) where
    /// that is not how things are, or another user's link has the public id and neither shares it.
    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool>;

    /// Removes a link of that version. Refused (`false`) where it has another, or is gone.
    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool>;

    /// An attempt.
    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>>;

    /// Writes an attempt, as `put_link` does a link.
    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool>;

    /// Removes the attempts that expired before a time, in milliseconds since 1970.
    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()>;

    /// Removes all attempts of a user, whatever has become of them.
    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()>;

    /// Lets go of its connections and files. Nothing is asked of it afterwards by who says so.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(ready(()))
    }

    /// Writes several links, each as `put_link` does: which of them were written, in the order in which they were given. If it fails, some of
    /// them may have been. A store that can do so in one step does better than this.
    fn put_links<'a>(&'a self, writes: &'a [LinkWrite]) -> Stored<'a, Vec<bool>> {
        Box::pin(async move {
            let mut written = Vec::with_capacity(writes.len());
            for LinkWrite { link, expected } in writes {
                written.push(self.put_link(link, *expected).await?);
            }
            Ok(written)
        })
    }

    /// How many links there are. A store that can count them without reading them does better than this.
    fn count_links<'a>(&'a self, platform: &'a str) -> Stored<'a, LinkCounts> {
        Box::pin(async move {
            let (mut counts, mut after) = (LinkCounts::default(), String::new());
            loop {
                let page = self.links_after(platform, &after, PAGE).await?;
                if !goes_on(&mut after, &page)? {
                    return Ok(counts);
                }
                for link in page {
                    counts.add(link.status, 1);
                }
            }
        })
    }

    /// Some of the links that `filter` lets through, `limit` at most, in the order of `links_after`, from the first whose user's id is greater than
    /// `after`; none where none is left. A store that can choose them by itself does better than this.
    fn links_where<'a>(
        &'a self,
        platform: &'a str,
        filter: LinkFilter,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        let wanted = move |link: &LinkRecord| filter.lets_through(link);
        Box::pin(chosen(self, platform, after, limit, wanted))
    }

    /// As `links_after`, of the links that are sealed under another key than `key_id`. A store that has an index does better than this.
    fn links_under_other_keys<'a>(
        &'a self,
        platform: &'a str,
        key_id: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        let wanted = move |link: &LinkRecord| link.key_id != key_id;
        Box::pin(chosen(self, platform, after, limit, wanted))
    }
}

/// The wanted ones of the first page that has any; none after the last.
pub(super) async fn chosen<S: LinkStore + ?Sized>(
    store: &S,
    platform: &str,
    after: &str,
    limit: u32,
    wanted: impl Fn(&LinkRecord) -> bool + Send,
) -> Result<Vec<LinkRecord>, StoreFailure> {
    let mut after = after.to_owned();
    loop {
        let mut page = store.links_after(platform, &after, limit).await?;
        let goes_on = goes_on(&mut after, &page)?;
        page.retain(&wanted);
        if !goes_on || !page.is_empty() {
            return Ok(page);
        }
    }
}

/// Moves `after` on to the end of a page; false where that was the last. Pages that begin anew would never end.
fn goes_on(after: &mut String, page: &[LinkRecord]) -> Result<bool, StoreFailure> {
    let Some(last) = page.last() else {
        return Ok(false);
    };
    if last.app_user_id == *after {
        return Err(StoreFailure::in_words(
            "listLinks does not go on after the user whom `after` names, so that it would never end; it must give those whose id is greater, in order",
        ));
    }
    after.clone_from(&last.app_user_id);
    Ok(true)
}

/// How many links are read at once where all are.
pub(crate) const PAGE: u32 = 100;
/// How many links are written in one step where many are.
pub(super) const STEP: u32 = 500;

/// What a store's method gives.
pub type Stored<'a, T> = BoxFuture<'a, Result<T, StoreFailure>>;

/// Why a store did not do what it should: for the person who reads it at night, without what was to be stored.
#[derive(Debug, Clone)]
pub struct StoreFailure(FailureKind);

#[derive(Debug, Clone)]
enum FailureKind {
    Own(Words),
    /// A function of the application failed, which it knows about.
    Host(String),
}

impl StoreFailure {
    /// A failure, in words that hold no secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self(FailureKind::Own(Words::from(message.into())))
    }

    /// A failure in words in which methods and settings are spelled as each language does.
    pub(crate) fn in_words(words: impl Into<Words>) -> Self {
        Self(FailureKind::Own(words.into()))
    }

    /// What is wrong.
    pub(crate) fn words(&self) -> Words {
        match &self.0 {
            FailureKind::Own(words) => words.clone(),
            FailureKind::Host(path) => Words::default().given(path).own(" failed"),
        }
    }

    pub(crate) fn host(path: String) -> Self {
        Self(FailureKind::Host(path))
    }

    /// Where the function of the application stands that failed.
    pub(crate) fn host_path(&self) -> Option<&str> {
        match &self.0 {
            FailureKind::Host(path) => Some(path),
            FailureKind::Own(_) => None,
        }
    }
}

impl fmt::Display for StoreFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

impl std::error::Error for StoreFailure {}
