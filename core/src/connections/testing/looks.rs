//! Looks at a store through all its instances: whether it holds what it promises to.

use std::fmt::Debug;
use std::sync::Arc;

use super::super::{LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStore, StoreFailure};
use super::model::Model;
use super::operations::INSTANCES;
use super::promises::{BrokenPromise, StorePromise};
use super::records::{FILTERS, KEYS, brief, brief_attempt, brief_id};

/// More links than there are.
const ALL: u32 = 100;

pub(super) struct Looks {
    pub stores: Vec<Arc<dyn LinkStore>>,
    pub model: Model,
    pub platforms: [String; 2],
    /// The changes so far, with their answers.
    pub calls: Vec<String>,
}

type Looked = Result<(), BrokenPromise>;

impl Looks {
    pub(super) fn broken(&self, promise: StorePromise, found: impl Into<String>) -> BrokenPromise {
        BrokenPromise::new(promise, found.into(), &self.calls)
    }

    pub(super) fn require(
        &self,
        is_so: bool,
        promise: StorePromise,
        found: impl FnOnce() -> String,
    ) -> Looked {
        if is_so {
            Ok(())
        } else {
            Err(self.broken(promise, found()))
        }
    }

    pub(super) fn store(&self, by: usize) -> &dyn LinkStore {
        &*self.stores[by % INSTANCES]
    }

    /// What a method answers; there is no reason for it to fail.
    pub(super) fn answer<T>(
        &self,
        call: &str,
        answer: Result<T, StoreFailure>,
    ) -> Result<T, BrokenPromise> {
        answer.map_err(|failure| {
            self.broken(StorePromise::Works, format!("{call} failed: {failure}"))
        })
    }

    /// What a method answers that may be made of pages, which go on.
    fn listed<T>(&self, call: &str, answer: Result<T, StoreFailure>) -> Result<T, BrokenPromise> {
        let failed = |failure| format!("{call} failed: {failure}");
        answer.map_err(|failure| self.broken(StorePromise::Listed, failed(failure)))
    }

    /// Looks for a link, or its absence, through all instances, that first which has changed it; `otherwise` is the promise that is
    /// broken where it is not so through that one.
    pub(super) async fn link(
        &self,
        platform: &str,
        id: &str,
        by: usize,
        otherwise: StorePromise,
    ) -> Looked {
        let expected = self.model.link(platform, id);
        for index in 0..INSTANCES {
            let key = LinkKey {
                platform,
                app_user_id: id,
            };
            let given = self.store(by + index).link(key).await;
            let given = self.answer("link", given)?;
            if given.as_ref() == expected {
                continue;
            }
            let is_dropped = expected
                .zip(given.as_ref())
                .is_some_and(|(expected, given)| {
                    let other = given.other.clone();
                    let mended = LinkRecord {
                        other: expected.other.clone(),
                        ..given.clone()
                    };
                    other.is_empty() && mended == *expected
                });
            let promise = match index {
                0 if is_dropped => StorePromise::Members,
                0 => otherwise,
                _ => StorePromise::Fresh,
            };
            return Err(self.misread(
                "link",
                promise,
                (platform, id),
                given.map(|link| brief(&link)),
                expected.map(brief),
            ));
        }
        Ok(())
    }

    /// Looks for an attempt, as for a link.
    pub(super) async fn attempt(
        &self,
        platform: &str,
        id: &str,
        by: usize,
        otherwise: StorePromise,
    ) -> Looked {
        let expected = self.model.attempt(platform, id);
        for index in 0..INSTANCES {
            let given = self.store(by + index).attempt(platform, id).await;
            let given = self.answer("attempt", given)?;
            if given.as_ref() != expected {
                let promise = if index == 0 {
                    otherwise
                } else {
                    StorePromise::Fresh
                };
                let given = given.map(|attempt| brief_attempt(&attempt));
                return Err(self.misread(
                    "attempt",
                    promise,
                    (platform, id),
                    given,
                    expected.map(brief_attempt),
                ));
            }
        }
        Ok(())
    }

    fn misread(
        &self,
        method: &str,
        promise: StorePromise,
        key: (&str, &str),
        given: impl Debug,
        expected: impl Debug,
    ) -> BrokenPromise {
        let (platform, id) = (key.0, brief_id(key.1));
        let found = format!("{method}({platform:?}, {id}) gave {given:?} for {expected:?}.");
        self.broken(promise, found)
    }

    /// Looks for all links with a public id.
    pub(super) async fn found(&self, by: usize, platform: &str, public_id: &str) -> Looked {
        let mut expected = self.model.links_of(platform);
        expected.retain(|link| link.public_id == public_id);
        let given = self.store(by).links_of(platform, public_id).await;
        let given = self.answer("links_of", given)?;
        self.same("links_of", expected, given, StorePromise::Found)
    }

    /// Looks whether the links of each platform are those that there should be, and as many, and under which keys.
    pub(super) async fn lists(&self, by: usize, otherwise: StorePromise) -> Looked {
        for platform in &self.platforms {
            let expected = self.model.links_of(platform);
            let given = self.store(by).links_after(platform, "", ALL).await;
            let given = self.answer("links_after", given)?;
            self.same("links_after", expected.clone(), given, otherwise)?;
            let count = self.store(by).count_links(platform).await;
            let count = self.listed("count_links", count)?;
            let mut right = LinkCounts::default();
            for link in &expected {
                right.add(link.status, 1);
            }
            self.require(count == right, otherwise, || {
                format!("count_links gave {count:?}, and there are {right:?}.")
            })?;
            let given = self
                .store(by)
                .links_under_other_keys(platform, KEYS[0], "", ALL);
            let given = self.listed("links_under_other_keys", given.await)?;
            let others = expected.iter().filter(|link| link.key_id != KEYS[0]);
            self.same(
                "links_under_other_keys",
                others.cloned().collect(),
                given,
                StorePromise::Listed,
            )?;
            for filter in FILTERS {
                self.filtered(by, platform, filter, &expected).await?;
            }
        }
        Ok(())
    }

    /// Looks for the links that a filter lets through, page by page.
    async fn filtered(
        &self,
        by: usize,
        platform: &str,
        filter: LinkFilter,
        all: &[LinkRecord],
    ) -> Looked {
        let (mut given, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.store(by).links_where(platform, filter, &after, 2);
            let page = self.listed("links_where", page.await)?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.app_user_id);
            let fits = page.len() <= 2 && given.len() <= all.len();
            given.extend(page);
            self.require(fits, StorePromise::Listed, || {
                format!("links_where({filter:?}) gave more than it was asked for.")
            })?;
        }
        let mut expected = all.to_vec();
        expected.retain(|link| filter.lets_through(link));
        self.same("links_where", expected, given, StorePromise::Listed)
    }

    /// Looks at everything that was ever written, or was to be.
    pub(super) async fn everything(&self, by: usize, otherwise: StorePromise) -> Looked {
        for (platform, id) in &self.model.asked_for {
            self.link(platform, id, by, otherwise).await?;
            self.attempt(platform, id, by, otherwise).await?;
        }
        self.lists(by, otherwise).await
    }

    fn same(
        &self,
        method: &str,
        mut expected: Vec<LinkRecord>,
        mut given: Vec<LinkRecord>,
        promise: StorePromise,
    ) -> Looked {
        let order = |a: &LinkRecord, b: &LinkRecord| a.app_user_id.cmp(&b.app_user_id);
        expected.sort_by(order);
        given.sort_by(order);
        let brief = |links: &[LinkRecord]| links.iter().map(brief).collect::<Vec<_>>().join(", ");
        self.require(expected == given, promise, || {
            format!(
                "{method} gave [{}] for [{}].",
                brief(&given),
                brief(&expected)
            )
        })
    }
}
