//! What a store that keeps its promises would hold.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{AttemptRecord, LinkRecord};

type Key = (String, String);

#[derive(Default)]
pub(super) struct Model {
    links: BTreeMap<Key, LinkRecord>,
    attempts: BTreeMap<Key, AttemptRecord>,
    /// Keys of users and attempts that were ever written, or were to be.
    pub asked_for: BTreeSet<Key>,
}

fn key(platform: &str, id: &str) -> Key {
    (platform.to_owned(), id.to_owned())
}

impl Model {
    pub(super) fn link(&self, platform: &str, id: &str) -> Option<&LinkRecord> {
        self.links.get(&key(platform, id))
    }

    pub(super) fn attempt(&self, platform: &str, id: &str) -> Option<&AttemptRecord> {
        self.attempts.get(&key(platform, id))
    }

    pub(super) fn links_of(&self, platform: &str) -> Vec<LinkRecord> {
        let links = self.links.values().filter(|link| link.platform == platform);
        links.cloned().collect()
    }

    pub(super) fn links(&self) -> Vec<LinkRecord> {
        self.links.values().cloned().collect()
    }

    pub(super) fn attempts(&self) -> Vec<Key> {
        self.attempts.keys().cloned().collect()
    }

    /// Whether another user's link stands in the way of one, by its public id.
    pub(super) fn is_in_the_way(&self, link: &LinkRecord) -> bool {
        self.links.values().any(|other| {
            other.platform == link.platform
                && other.app_user_id != link.app_user_id
                && other.public_id == link.public_id
                && !other.shares_public_id
                && !link.shares_public_id
        })
    }

    pub(super) fn ask_for(&mut self, platform: &str, id: &str) {
        self.asked_for.insert(key(platform, id));
    }

    pub(super) fn write(&mut self, link: LinkRecord) {
        let key = key(&link.platform, &link.app_user_id);
        self.links.insert(key, link);
    }

    pub(super) fn write_attempt(&mut self, attempt: AttemptRecord) {
        let key = key(&attempt.platform, &attempt.id);
        self.attempts.insert(key, attempt);
    }

    pub(super) fn remove(&mut self, platform: &str, id: &str) {
        self.links.remove(&key(platform, id));
    }

    pub(super) fn remove_attempts_of(&mut self, platform: &str, app_user_id: &str) {
        self.attempts.retain(|_, attempt| {
            attempt.platform != platform || attempt.app_user_id != app_user_id
        });
    }

    pub(super) fn remove_attempts(&mut self, platform: &str, expired_before: i64) {
        self.attempts.retain(|_, attempt| {
            attempt.platform != platform || attempt.expires_at >= expired_before
        });
    }
}
