//! What requests that are made side by side know together of a platform that asks for less: how often it has, and until when it wants none.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;

use super::{Response, RetryOptions};
use crate::World;
use crate::world::Moment;

/// With which statuses a platform asks for less.
const ASKS_FOR_LESS: [StatusCode; 2] = [
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];
/// What so many requests are told at once is said once.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Whether an answer of this status asks for less.
pub(super) fn asks_for_less(status: StatusCode) -> bool {
    ASKS_FOR_LESS.contains(&status)
}

/// What is known of it. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Congestion(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    times: u32,
    counted: Option<Moment>,
    /// From when on, and for how long, nothing is wanted.
    none_wanted: Option<(Moment, Duration)>,
}

impl Congestion {
    /// Takes from an answer what it says of the others. A `Retry-After` beyond what is waited for holds nobody up: each of them is told
    /// its own.
    pub(super) fn note(&self, world: &World, options: &RetryOptions, response: &Response) {
        if !asks_for_less(response.status) {
            return;
        }
        let left = self.left(world);
        let mut known = self.known();
        let is_new = |counted: Moment| counted.steadily(&*world.clock) >= AT_ONCE;
        if known.counted.is_none_or(is_new) {
            known.times = known.times.saturating_add(1);
            known.counted = Some(world.moment());
        }
        let after = response.retry_after;
        let after = after.filter(|after| *after <= options.longest_retry_after());
        // Who is told to come back at once, again and again, is asked for less all the same.
        let after = after.map(|after| after.max(AT_ONCE));
        if let Some(after) = after.filter(|after| *after > left) {
            known.none_wanted = Some((world.moment(), after));
        }
    }

    /// How often the platform has asked for less.
    pub(crate) fn times(&self) -> u32 {
        self.known().times
    }

    /// How long it still wants nothing.
    pub(crate) fn left(&self, world: &World) -> Duration {
        let none_wanted = self.known().none_wanted;
        none_wanted.map_or(Duration::ZERO, |(begun, after)| {
            after.saturating_sub(begun.steadily(&*world.clock))
        })
    }

    /// Waits until it may be asked.
    pub(crate) async fn passes(&self, world: &World) {
        loop {
            let left = self.left(world);
            if left.is_zero() {
                return;
            }
            world.clock.sleep(left).await;
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
