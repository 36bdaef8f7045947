//! Whose turn it is to refresh a link: a lease in its record, and when one counts as left behind.

use std::time::{Duration, SystemTime};

use super::LinkRecord;

/// How far the clocks of two machines may be apart.
const CLOCK_SKEW_MS: i64 = 60_000;
/// How long a lease is watched at least, however long ago it ended: only now may its holder reach the store again.
const GRACE: Duration = Duration::from_secs(5);
/// How much of the time between two looks counts. In a longer one the store could not be read, or the machine slept, and the holder
/// was kept from its work too.
const LONGEST_LOOK: Duration = Duration::from_millis(500);

/// Watches the lease of another.
///
/// It was left behind when it has been seen unchanged for as long as it lasts, by the watcher's own clock: clocks of machines differ,
/// and a lease that ends too soon would spend a refresh token twice. One that ended long ago by any clock is watched for less.
#[derive(Default)]
pub(crate) struct Watch {
    seen: Option<Seen>,
}

struct Seen {
    what: String,
    last: SystemTime,
    stood: Duration,
}

impl Watch {
    /// Whether this stands as it has stood for as long as it may.
    pub(crate) fn has_stood(&mut self, what: &str, longest: Duration, now: SystemTime) -> bool {
        match &mut self.seen {
            Some(seen) if seen.what == what => {
                let passed = now.duration_since(seen.last).unwrap_or_default();
                seen.stood += passed.min(LONGEST_LOOK);
                seen.last = now;
                seen.stood >= longest
            }
            _ => {
                self.seen = Some(Seen {
                    what: what.to_owned(),
                    last: now,
                    stood: Duration::ZERO,
                });
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
        let longest = if record.lease_until.is_some_and(long_ago) {
            lasts.min(GRACE)
        } else {
            lasts
        };
        self.has_stood(lease, longest, now)
    }
}
