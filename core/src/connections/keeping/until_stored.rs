//! How long a store that fails is tried where it is to keep tokens that exist nowhere else.

use std::time::Duration;

use crate::error::ErrorKind;
use crate::{Error, World};

/// How long it takes until a store that failed is tried again, at first.
const FIRST_PAUSE: Duration = Duration::from_millis(25);
/// How long at most, as a part of the lease: of that a sixth is kept for storing. When a store comes back, others go on counting the lease
/// to its end, and would spend again what was spent for the tokens.
const LAST_PAUSE_OF_LEASE: u32 = 12;
/// The same where others were always faster, or the store says so: each time it is asked as often as [`crate::connections`] tries a change.
const LAST_PAUSE_OF_CHANGES: Duration = Duration::from_mins(5);
/// How often a store of the application's own may fail before the tokens are given up: its call may be gone.
const HOST_FAILURES: u32 = 12;
/// For how long any other store may.
const LONGEST: Duration = Duration::from_hours(24);

/// Stores, again until it succeeds or fails for another reason than the store, under a lease that lasts so long.
pub(crate) async fn until_stored<T, F>(
    world: &World,
    lasts: Duration,
    store: impl Fn() -> F,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let begun = world.moment();
    let mut pause = FIRST_PAUSE;
    let mut host_failures = 0;
    loop {
        let mut longest = lasts / LAST_PAUSE_OF_LEASE;
        match store().await {
            Ok(stored) => return Ok(stored),
            Err(error) => match error.kind() {
                ErrorKind::Store { operation, .. } if begun.steadily(&*world.clock) < LONGEST => {
                    if *operation == "change" {
                        longest = LAST_PAUSE_OF_CHANGES;
                    }
                }
                ErrorKind::Host { .. } if host_failures < HOST_FAILURES => host_failures += 1,
                _ => return Err(error),
            },
        }
        pause = pause.min(longest);
        world.clock.sleep(pause).await;
        pause *= 2;
    }
}

/// Whether a store failed, the SDK's or the application's own.
pub(crate) fn is_of_store(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Store { .. } | ErrorKind::Host { .. }
    )
}
