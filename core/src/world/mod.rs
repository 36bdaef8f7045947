//! Everything outside that the SDK needs, as one value: the network, the time, randomness, tasks, and who looks on.

mod beside;
mod event;
mod event_hook;
mod event_level;
mod moment;
mod real;
mod tasks;
mod trace_events;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SecureRandom;
use futures_util::future::BoxFuture;

use crate::Error;
use crate::binding::Dialect;
use crate::http::transport::{HostTransport, HttpTransport, Network, Transport};

pub use event::{CallContext, Event, EventContext, LeaseEvent, Observer};
pub use event_hook::{EventHook, EventType, SdkEvent};
pub use event_level::EventLevel;
pub use tasks::Tasks;

pub(crate) use event::{in_this_call, next_id, this_call};
pub(crate) use moment::Moment;
pub(crate) use real::{keep_going, own_thread, rest, within};
pub(crate) use tasks::{Owned, broke_off};

/// The world as the SDK sees it. Tests give it another clock, another randomness or another network; nothing in the SDK reads any of
/// them directly.
#[derive(Clone)]
pub struct World {
    /// The network.
    pub transport: Arc<dyn Transport>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The source of nonces, code verifiers and noise.
    pub random: Arc<dyn Random>,
    /// Where work goes on beside a call.
    pub tasks: Arc<dyn Tasks>,
    /// Who is told what the SDK does.
    pub observer: Option<Arc<dyn Observer>>,
}

impl World {
    /// The real one.
    pub fn real() -> Result<Self, Error> {
        Self::hosted(Network::default(), None, None)
    }

    /// The same in another language, over such a network, or by a transport of the application's own.
    pub(crate) fn hosted(
        network: Network,
        host: Option<Dialect>,
        own: Option<HostTransport>,
    ) -> Result<Self, Error> {
        let transport: Arc<dyn Transport> = match own {
            Some(own) => {
                network.must_be_as_it_is()?;
                Arc::new(own)
            }
            None => Arc::new(HttpTransport::hosted(network, host)?),
        };
        Ok(Self {
            transport,
            clock: Arc::new(real::SystemClock),
            random: Arc::new(real::SystemRandom),
            tasks: Arc::new(real::TokioTasks),
            observer: None,
        })
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        let since = self
            .clock
            .now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// This moment, to measure from.
    pub(crate) fn moment(&self) -> Moment {
        Moment::now(&*self.clock)
    }

    /// Random letters and digits, each as likely as any other.
    pub(crate) fn alphanumeric(&self, length: usize) -> Result<String, Error> {
        const ALPHABET: &[u8; 62] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        /// The largest multiple of 62 that fits in a byte: bytes from there on would favour the first letters.
        const FAIR: u8 = 248;
        let mut text = String::with_capacity(length);
        let mut bytes = [0; 64];
        while text.len() < length {
            self.random.fill(&mut bytes)?;
            let fair = bytes.iter().filter(|byte| **byte < FAIR);
            text.extend(
                fair.map(|byte| char::from(ALPHABET[usize::from(byte % 62)]))
                    .take(length - text.len()),
            );
        }
        Ok(text)
    }

    /// A pause with noise, so that those who failed together do not come back together: between half of it and all of it.
    pub(crate) async fn pause(&self, longest: Duration) {
        let mut byte = [0];
        // Without noise it is a pause all the same.
        let share = match self.random.fill(&mut byte) {
            Ok(()) => 256 + u32::from(byte[0]),
            Err(_) => 512,
        };
        self.clock.sleep(longest * share / 512).await;
    }
}

/// The randomness of salts and paddings, which the library of primitives takes from nowhere else.
pub(crate) fn secure_random() -> &'static dyn SecureRandom {
    real::secure_random()
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

/// The time.
pub trait Clock: Send + Sync {
    /// What time it is.
    fn now(&self) -> SystemTime;

    /// How much time has passed since some moment that stays the same, by a clock that nobody sets. A clock of a test, which has one time
    /// only, need not tell.
    fn steady(&self) -> Duration {
        self.now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    /// Pauses.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// Goes off after so much time, while something else is waited for. A clock of a test, in which a pause is over at once, must not let
    /// this go off before its time has come.
    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }
}

/// A source of randomness fit for secrets.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error>;
}
