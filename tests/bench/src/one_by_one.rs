//! A store that writes links one by one, as all did before several were written in one step: what that step is worth.

use std::sync::Arc;

use digime_sdk::connections::{
    AttemptRecord, LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStore, Stored,
};

/// Another store without its `put_links`, so that the one of the trait serves.
pub struct OneByOne(pub Arc<dyn LinkStore>);

impl LinkStore for OneByOne {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        self.0.link(key)
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        self.0.links_of(platform, public_id)
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        self.0.links_after(platform, after, limit)
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        self.0.put_link(link, expected)
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        self.0.remove_link(key, version)
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        self.0.attempt(platform, id)
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

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        self.0.remove_attempts_of(key)
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
        self.0.links_where(platform, filter, after, limit)
    }

    fn links_under_other_keys<'a>(
        &'a self,
        platform: &'a str,
        key_id: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        self.0
            .links_under_other_keys(platform, key_id, after, limit)
    }
}
