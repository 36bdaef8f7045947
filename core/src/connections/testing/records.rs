//! The records that a store is given, of which no two are alike.

use serde_json::{Map, Value, json};

use super::super::{AttemptRecord, AttemptStatus, LinkFilter, LinkRecord, LinkStatus};
use super::operations::{Key, Put};

/// An id of as many bytes as there may be, which ends so.
const fn longest(end: u8) -> [u8; 1000] {
    let mut bytes = [b'x'; 1000];
    bytes[999] = end;
    bytes
}

const fn text(bytes: &'static [u8]) -> &'static str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// Ids that a store confuses which compares by rules of a language, joins parts of a key, takes text for a pattern, or looks at the first so many
/// letters.
pub(super) const IDS: [&str; 14] = [
    "a",
    "A",
    "a ",
    "8443:a",
    "\u{e9}",
    "e\u{301}",
    "10",
    "9",
    "%",
    "*",
    "__proto__",
    "\u{1f600}",
    text(&longest(b'y')),
    text(&longest(b'z')),
];

/// Whose attempts are: some are one user's, and some another's.
pub(super) const OWNERS: [&str; 2] = ["a", "A"];

/// A time that is no whole second, and has more than 32 bits.
const TIME: i64 = 1_912_345_678_901;

/// What links are chosen by.
pub(super) const FILTERS: [LinkFilter; 3] = [
    LinkFilter {
        status: Some(LinkStatus::Uncertain),
        refreshed_before: None,
    },
    LinkFilter {
        status: None,
        // The fourth link is refreshed at that time.
        refreshed_before: Some(TIME + 4),
    },
    LinkFilter {
        status: Some(LinkStatus::Active),
        refreshed_before: Some(TIME + 7),
    },
];

/// The ids of the keys that links are sealed under.
pub(super) const KEYS: [&str; 2] = ["0123abcd", "4567cdef"];

/// Platforms, of which one begins with the other: no other run of a check has the same.
pub(super) fn platforms(run: u64) -> [String; 2] {
    [
        format!("pkb:check-{run:x}.example"),
        format!("pkb:check-{run:x}.example:8443"),
    ]
}

/// What a later version of the SDK may have added.
fn later(is_later: bool) -> Map<String, Value> {
    let members = json!({
        "addedLater": { "nested": [1, "two", null, { "three": true }], "text": "\u{1f511} \u{7} \\ \" '" },
        "added_too": -0.5,
    });
    match members {
        Value::Object(members) if is_later => members,
        _ => Map::new(),
    }
}

/// What is sealed may have 64 KiB: tokens, what is kept beside them, and a key as a service has wrapped it.
const LONGEST_SEALED: usize = 64 * 1024;

/// Some of it is as long as tokens are, and some as long as it may be.
fn sealed(mark: i64) -> String {
    let length = match mark % 10 {
        0 => LONGEST_SEALED,
        5 => 6_000,
        _ => 12,
    };
    let (begin, end) = (format!("{mark}."), "==");
    let between = "+/aZ09".chars().cycle();
    let between = between.take(length.saturating_sub(begin.len() + end.len()));
    format!("{begin}{}{end}", between.collect::<String>())
}

/// A link as an operation says, which `mark` sets apart from every other.
pub(super) fn link(platform: &str, put: &Put, version: i64, mark: i64) -> LinkRecord {
    let is_leased = mark % 2 == 0;
    LinkRecord {
        platform: platform.to_owned(),
        app_user_id: IDS[put.key.id].to_owned(),
        public_id: format!("public-{}", put.public_id),
        shares_public_id: put.shares,
        status: match mark % 3 {
            0 => LinkStatus::Active,
            1 => LinkStatus::Uncertain,
            _ => LinkStatus::Expired,
        },
        linked_at: TIME,
        refreshed_at: TIME + mark,
        lease: is_leased.then(|| format!("lease-{mark}")),
        lease_until: is_leased.then_some(TIME + 2 * mark),
        key_id: KEYS[usize::from(mark % 3 == 0)].to_owned(),
        sealed: sealed(mark),
        version,
        other: later(put.later),
    }
}

pub(super) fn attempt(platform: &str, put: &Put, version: i64, mark: i64) -> AttemptRecord {
    AttemptRecord {
        platform: platform.to_owned(),
        id: IDS[put.key.id].to_owned(),
        app_user_id: OWNERS[put.key.id % 2].to_owned(),
        status: match mark % 6 {
            0 => AttemptStatus::Pending,
            1 => AttemptStatus::Exchanging,
            2 => AttemptStatus::Exchanged,
            3 => AttemptStatus::Linking,
            4 => AttemptStatus::Completed,
            _ => AttemptStatus::Failed,
        },
        expires_at: before(put.expires_at),
        key_id: KEYS[0].to_owned(),
        sealed: sealed(mark),
        version,
        other: later(put.later),
    }
}

/// The time before which attempts have expired that were to expire earlier.
pub(super) fn before(expires_at: i64) -> i64 {
    TIME + expires_at
}

/// The platform and the id of a key.
pub(super) fn keyed(platforms: &[String; 2], key: Key) -> (&str, &'static str) {
    (&platforms[key.platform], IDS[key.id])
}

/// An id for the list of calls, in which the longest are told by their ends.
pub(super) fn brief_id(id: &str) -> String {
    match id.char_indices().nth_back(7) {
        Some((last, _)) if id.len() > 40 => {
            format!("\"{}…{}\" ({} bytes)", &id[..1], &id[last..], id.len())
        }
        _ => format!("{id:?}"),
    }
}

/// A link in few words, for the list of calls.
pub(super) fn brief(link: &LinkRecord) -> String {
    let LinkRecord {
        platform,
        app_user_id,
        public_id,
        shares_public_id,
        version,
        other,
        ..
    } = link;
    format!(
        "{{ {platform:?}, {}, {public_id:?}, shares: {shares_public_id}, version: {version}, others: {} }}",
        brief_id(app_user_id),
        other.len()
    )
}

pub(super) fn brief_attempt(attempt: &AttemptRecord) -> String {
    let AttemptRecord {
        platform,
        id,
        expires_at,
        version,
        other,
        ..
    } = attempt;
    format!(
        "{{ {platform:?}, {}, expires_at: {expires_at}, version: {version}, others: {} }}",
        brief_id(id),
        other.len()
    )
}
