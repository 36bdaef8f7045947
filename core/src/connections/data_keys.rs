//! Keys that a key management service wraps: made here, unwrapped once for all who need them, and kept in memory for as long as the application says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cipher_key::CipherKey;
use super::encryption_key::{KeyWrapping, WrappedKey};
use crate::crypto::digest::sha256;
use crate::error::{ErrorKind, Words};
use crate::single_flight::SingleFlight;
use crate::world::Moment;
use crate::{BoxError, Error, World};

/// How long a service has for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a key is kept beyond its time: what was unwrapped for a record is there when that is opened.
const IN_USE: Duration = Duration::from_secs(30);
/// How long a service is left alone that has failed to wrap a key, as long as there is an older one.
const LEFT_ALONE: Duration = Duration::from_secs(30);

/// A key that is wrapped.
pub(super) struct DataKey {
    pub cipher: CipherKey,
    /// As it stands beside what it encrypts.
    pub wrapped: String,
    since: Moment,
}

/// A service, and for how long what it unwraps is kept.
#[derive(Clone)]
pub(super) struct Service {
    pub by: Arc<dyn KeyWrapping>,
    pub cached_for: Duration,
}

/// The keys that are in memory, and how others are had.
pub(super) struct DataKeys {
    memory: Arc<Memory>,
    flights: SingleFlight<Arc<DataKey>>,
}

/// The keys that are in memory, and who wraps and unwraps them.
struct Memory {
    world: World,
    /// That which wraps, then those which only unwrap.
    services: Vec<Service>,
    known: Mutex<HashMap<String, Known>>,
    sealing: Mutex<Sealing>,
}

/// A key that is in memory, or why it is not, and since when that is known.
type Known = Result<Arc<DataKey>, (Moment, Error)>;

/// What has come of asking for a key.
pub(super) enum Had {
    Key,
    /// This one is not to be had; another may be.
    Refusal,
    /// The service took all its time, as it would for another.
    NoAnswer,
}

/// The key that seals.
#[derive(Default)]
struct Sealing {
    key: Option<Arc<DataKey>>,
    failed: Option<Moment>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl DataKeys {
    pub(super) fn new(services: Vec<Service>, world: &World) -> Self {
        Self {
            memory: Arc::new(Memory {
                world: world.clone(),
                services,
                known: Mutex::default(),
                sealing: Mutex::default(),
            }),
            flights: SingleFlight::forgetting(),
        }
    }

    /// The key of this id, if it is in memory; why it is not there, where a service did not unwrap it.
    pub(super) fn known(&self, id: &str) -> Option<Result<Arc<DataKey>, Error>> {
        self.memory.known(id)
    }

    /// Whether there is anybody who unwraps keys.
    pub(super) fn has_services(&self) -> bool {
        !self.memory.services.is_empty()
    }

    /// Has the key of this id in memory, if a service unwraps it.
    pub(super) async fn unwrap(&self, id: &str, wrapped: &str) -> Had {
        if self.memory.serving(id).is_some() {
            return Had::Key;
        }
        let world = &self.memory.world;
        let began = world.moment();
        let flight = sha256(&[b"unwrap", id.as_bytes(), &[0], wrapped.as_bytes()]);
        let unwrapped = self.flights.join(world, flight, |_| {
            let (id, wrapped) = (id.to_owned(), wrapped.to_owned());
            let memory = Arc::clone(&self.memory);
            async move {
                // A flight that has ended since the look above has left it there.
                if let Some(key) = memory.serving(&id) {
                    return Some(Ok(key));
                }
                let unwrapped = unwrapped(&memory.world, &memory.services, &id, wrapped).await;
                memory.note(id, unwrapped.clone());
                Some(unwrapped)
            }
        });
        match unwrapped.await {
            Ok(_) => Had::Key,
            Err(_) if began.steadily(&*world.clock) < PATIENCE => Had::Refusal,
            Err(_) => Had::NoAnswer,
        }
    }

    /// The key that seals: one that is young enough, else a new one; where that cannot be wrapped, the one before, so that nothing is lost for want of
    /// a key.
    pub(super) async fn sealing(&self) -> Result<Arc<DataKey>, Error> {
        if let Some(key) = self.memory.sealing() {
            return Ok(key);
        }
        let flight = sha256(&[b"wrap"]);
        let made = self.flights.join(&self.memory.world, flight, |_| {
            let memory = Arc::clone(&self.memory);
            async move {
                // As above.
                if let Some(key) = memory.sealing() {
                    return Some(Ok(key));
                }
                let made = made(&memory.world, &memory.services).await;
                Some(memory.seal_with(made))
            }
        });
        made.await
    }
}

impl Memory {
    fn known(&self, id: &str) -> Option<Result<Arc<DataKey>, Error>> {
        let mut known = locked(&self.known);
        let clock = &*self.world.clock;
        known.retain(|_, key| match key {
            Ok(key) => self.is_younger(key, IN_USE),
            Err((since, _)) => since.steadily(clock) < PATIENCE,
        });
        let key = known.get(id)?.clone();
        Some(key.map_err(|(_, error)| error))
    }

    /// The key of this id, if its time is not over.
    fn serving(&self, id: &str) -> Option<Arc<DataKey>> {
        let key = self.known(id)?.ok()?;
        self.is_younger(&key, Duration::ZERO).then_some(key)
    }

    fn note(&self, id: String, unwrapped: Result<Arc<DataKey>, Error>) {
        let unwrapped = unwrapped.map_err(|error| (self.world.moment(), error));
        locked(&self.known).insert(id, unwrapped);
    }

    /// Whether it is kept for so long beyond what the application says.
    fn is_younger(&self, key: &DataKey, beyond: Duration) -> bool {
        let longest = self.services.iter().map(|service| service.cached_for).max();
        let longest = longest.unwrap_or_default() + beyond;
        key.since.at_most(&*self.world.clock) < longest
    }

    /// The key that seals, if no other is to be made.
    fn sealing(&self) -> Option<Arc<DataKey>> {
        let sealing = locked(&self.sealing);
        let clock = &*self.world.clock;
        let is_left_alone = sealing
            .failed
            .is_some_and(|failed| failed.steadily(clock) < LEFT_ALONE);
        let key = sealing.key.as_ref();
        key.filter(|key| is_left_alone || self.is_younger(key, Duration::ZERO))
            .cloned()
    }

    /// Seals with a key that was made; with the one before, where none was.
    fn seal_with(&self, made: Result<Arc<DataKey>, Error>) -> Result<Arc<DataKey>, Error> {
        let mut sealing = locked(&self.sealing);
        match (made, sealing.key.clone()) {
            (Ok(key), _) => {
                sealing.failed = None;
                sealing.key = Some(Arc::clone(&key));
                self.note(key.cipher.id.clone(), Ok(Arc::clone(&key)));
                Ok(key)
            }
            (Err(_), Some(key)) => {
                sealing.failed = Some(self.world.moment());
                Ok(key)
            }
            (Err(error), None) => Err(error),
        }
    }
}

async fn made(world: &World, services: &[Service]) -> Result<Arc<DataKey>, Error> {
    let since = world.moment();
    let key = CipherKey::bytes(world)?;
    let service = services.first();
    let service = service.ok_or_else(|| Error::sdk("no service wraps keys"))?;
    let wrapped = in_time(world, "wrap", service.by.wrap(&key)).await?;
    // What is encrypted under a key that does not come back is lost: that is found out before anything is.
    let again = in_time(world, "unwrap", service.by.unwrap(&wrapped)).await?;
    if again.expose().as_slice() != key.as_slice() {
        return Err(failed(
            "wrap",
            "what it gave does not unwrap to the key that was to be wrapped",
        ));
    }
    Ok(Arc::new(DataKey {
        cipher: CipherKey::new(&key)?,
        wrapped: match wrapped {
            WrappedKey::Bytes(bytes) => format!("b{}", URL_SAFE_NO_PAD.encode(bytes)),
            WrappedKey::Text(text) => format!("t{}", URL_SAFE_NO_PAD.encode(text)),
        },
        since,
    }))
}

async fn unwrapped(
    world: &World,
    services: &[Service],
    id: &str,
    wrapped: String,
) -> Result<Arc<DataKey>, Error> {
    let since = world.moment();
    let key = parsed(&wrapped).ok_or_else(|| {
        failed(
            "unwrap",
            "what stands beside a record as its wrapped key is not one: the record was changed",
        )
    })?;
    let mut failure = failed(
        "unwrap",
        "there is nobody to ask: the record is of a time when encryptionKey was a pair of functions, so give that pair in previousEncryptionKeys",
    );
    for service in services {
        let bytes = match in_time(world, "unwrap", service.by.unwrap(&key)).await {
            Ok(bytes) => bytes,
            Err(error) => {
                failure = error;
                continue;
            }
        };
        if let Some(cipher) = CipherKey::of(bytes.expose()).filter(|cipher| cipher.id == id) {
            return Ok(Arc::new(DataKey {
                cipher,
                wrapped,
                since,
            }));
        }
        failure = failed(
            "unwrap",
            "it gave another key than the one that was wrapped",
        );
    }
    Err(failure)
}

/// A wrapped key, as it stands beside what it encrypts.
fn parsed(wrapped: &str) -> Option<WrappedKey> {
    let (form, encoded) = wrapped.split_at_checked(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    match form {
        "b" => Some(WrappedKey::Bytes(bytes)),
        "t" => String::from_utf8(bytes).ok().map(WrappedKey::Text),
        _ => None,
    }
}

async fn in_time<T>(
    world: &World,
    operation: &'static str,
    asked: impl Future<Output = Result<T, BoxError>>,
) -> Result<T, Error> {
    tokio::select! {
        biased;
        answer = asked => answer.map_err(|error| match error.downcast::<Error>() {
            // One of the application's own, which is thrown as it was.
            Ok(error) => *error,
            Err(error) => failed(operation, error.to_string()),
        }),
        () = world.clock.alarm(PATIENCE) => Err(failed(operation, "it did not answer within 10 seconds")),
    }
}

/// The error of a service that did not do what it should.
fn failed(operation: &'static str, reason: impl Into<Words>) -> Error {
    let what = match operation {
        "wrap" => "encryptionKey.wrap did not wrap a key: ",
        _ => "encryptionKey.unwrap did not unwrap the key of a record: ",
    };
    ErrorKind::Store {
        operation,
        message: Words::from(what).and(reason.into()),
    }
    .into()
}
