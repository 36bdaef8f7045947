//! Everything outside that the SDK needs, as one value: the network, the time, and randomness.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;

use crate::Error;
use crate::transport::{HttpTransport, Transport};

/// The world as the SDK sees it. Tests give it another clock or another randomness; nothing in the SDK reads either directly.
#[derive(Clone)]
pub struct World {
    /// The network.
    pub transport: Arc<dyn Transport>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The source of nonces and code verifiers.
    pub random: Arc<dyn Random>,
}

impl World {
    /// The real one.
    pub fn real() -> Result<Self, Error> {
        Ok(Self {
            transport: Arc::new(HttpTransport::new()?),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
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
    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// A source of randomness fit for secrets.
pub trait Random: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error>;
}

struct SystemClock;

#[expect(clippy::disallowed_methods, reason = "this is the world's clock")]
impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

struct SystemRandom;

#[expect(clippy::disallowed_methods, reason = "this is the world's randomness")]
impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        aws_lc_rs::rand::fill(bytes)
            .map_err(|_| Error::sdk("the operating system gives no randomness"))
    }
}
