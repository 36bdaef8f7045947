//! Whose turn it is to refresh a link: a lease in its record, and when one counts as left behind.

use std::time::{Duration, SystemTime};

use super::LinkRecord;

/// How far the clocks of two machines may be apart.
const CLOCK_SKEW_MS: i64 = 60_000;

/// Watches the lease of another.
///
/// It was left behind when it has been seen unchanged for as long as it lasts, by the watcher's own clock: clocks of machines differ,
/// and a lease that ends too soon would spend a refresh token twice. One that ended long ago by any clock need not be watched.
#[derive(Default)]
pub(crate) struct Watch {
    seen: Option<(String, SystemTime)>,
}

impl Watch {
    /// Whether this stands as it has stood for as long as it may.
    pub(crate) fn has_stood(&mut self, what: &str, longest: Duration, now: SystemTime) -> bool {
        match &self.seen {
            Some((seen, since)) if seen == what => {
                now.duration_since(*since).unwrap_or_default() >= longest
            }
            _ => {
                self.seen = Some((what.to_owned(), now));
                false
            }
        }
    }

    /// Whether the record is free to be taken: it has no lease, or one that was left behind.
    pub(crate) fn is_free(
        &mut self,
        record: &LinkRecord,
        lasts: Duration,
        now: SystemTime,
        now_ms: i64,
    ) -> bool {
        let Some(lease) = &record.lease else {
            return true;
        };
        let long_ago = |until: i64| until.saturating_add(CLOCK_SKEW_MS) < now_ms;
        record.lease_until.is_some_and(long_ago) || self.has_stood(lease, lasts, now)
    }
}
