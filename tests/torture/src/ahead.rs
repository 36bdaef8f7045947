//! The world of a machine whose clock is ahead.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use digime_sdk::world::Clock;
use digime_sdk::{Error, World};
use futures_util::future::BoxFuture;

struct Ahead {
    clock: Arc<dyn Clock>,
    by: Duration,
}

/// The real world, but for what time it is there.
pub fn world(by: Duration) -> Result<World, Error> {
    let real = World::real()?;
    let clock = Arc::clone(&real.clock);
    Ok(World {
        clock: Arc::new(Ahead { clock, by }),
        ..real
    })
}

impl Clock for Ahead {
    fn now(&self) -> SystemTime {
        self.clock.now() + self.by
    }

    fn steady(&self) -> Duration {
        self.clock.steady()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.sleep(duration)
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.alarm(duration)
    }
}
