//! A clock that a test sets: pauses are over at once, their time gone by, and alarms go off when their time has come.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use digime_sdk::world::Clock;
use futures_util::future::BoxFuture;
use tokio::sync::watch;

pub struct TestClock {
    now: watch::Sender<SystemTime>,
    slept: Mutex<Vec<Duration>>,
}

impl TestClock {
    pub fn new() -> Arc<Self> {
        Self::at(SystemTime::now())
    }

    pub fn at(now: SystemTime) -> Arc<Self> {
        Arc::new(Self {
            now: watch::Sender::new(now),
            slept: Mutex::default(),
        })
    }

    pub fn advance(&self, duration: Duration) {
        self.now.send_modify(|now| *now += duration);
    }

    /// The pauses, one by one.
    pub fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }

    /// How long all pauses together were.
    pub fn paused(&self) -> Duration {
        self.slept().iter().sum()
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        *self.now.borrow()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.advance(duration);
        self.slept.lock().unwrap().push(duration);
        Box::pin(tokio::task::yield_now())
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let due = self.now() + duration;
        let mut now = self.now.subscribe();
        Box::pin(async move {
            if now.wait_for(|now| *now >= due).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}
