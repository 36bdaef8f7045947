//! A store whose next writes are refused, or are done and not acknowledged, as often as a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use digime_sdk::connections::StoreFailure;

use super::wrapped_store::{Change, Happening, Stored, WrappedStore};

/// A store some of whose next writes fail.
#[derive(Default)]
pub struct Flaky {
    pub succeed: AtomicU32,
    pub fail: AtomicU32,
    pub unacknowledged: AtomicU32,
}

impl Flaky {
    pub fn store() -> Arc<WrappedStore<Self>> {
        WrappedStore::new(&Arc::default(), Self::default())
    }

    fn take(count: &AtomicU32) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        count
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
            .is_ok()
    }
}

impl Happening for Flaky {
    fn change<'a>(&'a self, change: Change<'a>) -> Stored<'a, bool> {
        if Self::take(&self.succeed) {
            return change();
        }
        if Self::take(&self.unacknowledged) {
            let changed = change();
            return Box::pin(async {
                changed.await?;
                Err(StoreFailure::new("the connection broke"))
            });
        }
        if Self::take(&self.fail) {
            return Box::pin(async { Err(StoreFailure::new("the disk is full")) });
        }
        change()
    }
}
