//! Public keys of an issuer (RFC 7517): how long they are kept, and when they are fetched again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::Method;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use url::Url;

use crate::Error;
use crate::crypto::digest::sha256;
use crate::http::{Limit, Request, RetryOptions, Sender, Sending, exchange};
use crate::single_flight::{Here, Key, Outcome, SingleFlight, Waiting};
use crate::world::{Event, Moment};

/// How long a key set serves before it is fetched again.
const LIFETIME: Duration = Duration::from_mins(15);
/// How soon a key set may be fetched again because it lacks a key: a forged key id must not make a request each.
const COOL_DOWN: Duration = Duration::from_secs(30);
/// How long a newer set is waited for by who finds the key in the one that is there.
const HASTE: Duration = Duration::from_secs(1);

/// The key sets fetched so far, by address.
pub(crate) struct KeySets {
    kept: Kept,
    fetches: SingleFlight<KeySet>,
    /// What is fetched for those who come later, until the client is closed.
    for_later: Mutex<Option<HashMap<Url, Here>>>,
}

type Kept = Arc<Mutex<HashMap<Url, KeySet>>>;

#[derive(Clone)]
struct KeySet {
    keys: Arc<HashMap<String, DecodingKey>>,
    fetched: Moment,
}

impl Default for KeySets {
    fn default() -> Self {
        Self {
            kept: Kept::default(),
            fetches: SingleFlight::forgetting(),
            for_later: Mutex::new(Some(HashMap::new())),
        }
    }
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

/// The platform adds `pem` to what RFC 7517 has; either form is enough.
#[derive(Deserialize)]
struct Jwk {
    kid: Option<String>,
    pem: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

impl Jwk {
    fn decoding_key(&self) -> Option<DecodingKey> {
        match self {
            Self { pem: Some(pem), .. } => DecodingKey::from_rsa_pem(pem.as_bytes()).ok(),
            Self {
                n: Some(n),
                e: Some(e),
                ..
            } => DecodingKey::from_rsa_components(n, e).ok(),
            _ => None,
        }
    }
}

/// What a set that was fetched before is good for.
#[derive(Clone, Copy)]
pub(super) struct Belief {
    /// How long it is believed that it has the right key.
    pub has: Duration,
    /// How long it is believed that it lacks the key.
    pub lacks: Duration,
}

impl Belief {
    /// How a token is looked at first. `last` where no other can be had: then a set that lacks its key is not believed at all.
    pub(super) fn at_first(last: bool) -> Self {
        Self {
            has: LIFETIME,
            lacks: Self::mistrusted(last),
        }
    }

    /// How it is looked at where the key did not fit: the issuer may have another under the same `kid` by now.
    pub(super) fn after_misfit(last: bool) -> Self {
        Self {
            has: Self::mistrusted(last),
            lacks: Self::mistrusted(last),
        }
    }

    fn mistrusted(last: bool) -> Duration {
        if last { Duration::ZERO } else { COOL_DOWN }
    }
}

impl KeySets {
    /// The key `kid` of the set at an address that is trusted, and whether it was fetched before; none if it is not in the set.
    pub(super) async fn key<S: Sender + Clone + Send + Sync + 'static>(
        &self,
        via: &S,
        address: &Url,
        kid: &str,
        belief: Belief,
    ) -> Result<Option<(DecodingKey, bool)>, Error> {
        let clock = &via.sending().world.clock;
        let kept = self.kept(address);
        let usable = kept.as_ref().is_some_and(|set| {
            let limit = if set.keys.contains_key(kid) {
                belief.has
            } else {
                belief.lacks
            };
            set.fetched.at_most(&**clock) < limit
        });
        let key = |set: &KeySet, before| Some((set.keys.get(kid)?.clone(), before));
        let old = kept.as_ref().and_then(|set| key(set, true));
        if usable {
            return Ok(old);
        }
        let fetch = self.fetch(via, address);
        let fetched = match &old {
            // A platform that lets the fetch wait must not hold up all who need a key that is there.
            Some(_) if belief.has >= LIFETIME => {
                self.fetch_for_later(via, address);
                tokio::select! {
                    biased;
                    fetched = fetch => fetched,
                    () = clock.alarm(HASTE) => return Ok(old),
                }
            }
            _ => fetch.await,
        };
        match fetched {
            Ok(set) => Ok(key(&set, false)),
            // What a code or a refresh token was spent for is in hand: an old key set serves rather than lose it, but one whose key did
            // not fit.
            Err(error) if belief.has < LIFETIME => Err(error),
            Err(error) => old.map(Some).ok_or(error),
        }
    }

    /// Begins to fetch the set at an address, unless one is there that still serves: a token is about to come that it verifies. What this gives is to be
    /// held until the token is there: where nobody waits for the set by then, it is not fetched any more.
    #[must_use]
    pub(crate) fn expect<S: Sender + Clone + Send + Sync + 'static>(
        &self,
        via: &S,
        address: &Url,
    ) -> Option<Here> {
        let world = via.sending().world;
        let kept = self.kept(address);
        let is_needed = kept.is_none_or(|set| set.fetched.at_most(&*world.clock) >= LIFETIME);
        is_needed.then(|| {
            self.fetches
                .begin_ahead(world, id(address), self.fetching(via, address))
        })
    }

    /// Fetches the set at an address although nobody may wait for it in the end.
    fn fetch_for_later<S: Sender + Clone + Send + Sync + 'static>(&self, via: &S, address: &Url) {
        let world = via.sending().world;
        let mut for_later = self.for_later();
        if let Some(for_later) = &mut *for_later {
            let here = self
                .fetches
                .begin_ahead(world, id(address), self.fetching(via, address));
            for_later.insert(address.clone(), here);
        }
    }

    /// Fetches nothing more that nobody waits for: the client ends.
    pub(crate) fn let_go(&self) {
        self.for_later().take();
    }

    fn for_later(&self) -> MutexGuard<'_, Option<HashMap<Url, Here>>> {
        self.for_later
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self, address: &Url) -> Option<KeySet> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(address).cloned()
    }

    /// Once, however many calls need the same set. Each waits for as long as it may take itself, whichever has begun it.
    async fn fetch<S: Sender + Clone + Send + Sync + 'static>(
        &self,
        via: &S,
        address: &Url,
    ) -> Result<KeySet, Error> {
        let Sending { world, call, .. } = via.sending();
        let set = self
            .fetches
            .join(world, id(address), self.fetching(via, address));
        Limit::bound(call, &*world.clock, "the platform's key set", set).await?
    }

    /// Fetches the set at an address for those who wait for it, and keeps it.
    fn fetching<S: Sender + Clone + Send + Sync + 'static>(
        &self,
        via: &S,
        address: &Url,
    ) -> impl Fn(Waiting) -> BoxFuture<'static, Outcome<KeySet>> + use<S> {
        let (via, address, kept) = (via.clone(), address.clone(), Arc::clone(&self.kept));
        move |mut waiting| {
            let (via, address, kept) = (via.clone(), address.clone(), Arc::clone(&kept));
            Box::pin(async move {
                let fetched = tokio::select! {
                    biased;
                    fetched = fetch(&via, address.clone()) => fetched,
                    // Neither a client that is closed nor a process that ends is held up by it.
                    () = waiting.nobody() => return None,
                };
                if let Ok(set) = &fetched {
                    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.insert(address, set.clone());
                }
                Some(fetched)
            })
        }
    }
}

fn id(address: &Url) -> Key {
    sha256(&[address.as_str().as_bytes()])
}

/// By the rules that stand where an application sets none: how it wants its own requests repeated has no say in whether tokens that are in
/// hand can be verified.
async fn fetch(via: &impl Sender, address: Url) -> Result<KeySet, Error> {
    let sending = Sending {
        retry_options: &RetryOptions::default(),
        call: None,
        congestion: None,
        ..via.sending()
    };
    let fetched = sending.world.moment();
    let request =
        Request::to_address(Method::GET, address, "of the platform's key set").accept_json();
    let response = exchange(&sending, &request).await?;
    if !response.status.is_success() {
        return Err(via.refusal(&response));
    }
    let jwks: Jwks = response
        .json()
        .map_err(|_| Error::sdk("Server returned non-JWKS response"))?;
    let keys = jwks.keys.iter();
    let keys = keys.filter_map(|key| Some((key.kid.clone()?, key.decoding_key()?)));
    let keys: HashMap<_, _> = keys.collect();
    sending.world.observe(|| Event::KeySet { keys: keys.len() });
    Ok(KeySet {
        keys: Arc::new(keys),
        fetched,
    })
}
