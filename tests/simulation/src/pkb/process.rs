//! A process: a client of the SDK in a world of its own, from its start to its death.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use digime_sdk::connections::{LinkKey, LinkRecord, LinkStatus, LinkStore, MemoryStore};
use digime_sdk::pkb::{
    Client, Config, EncryptionKey, Endpoints, Environment, GetAccessTokenOptions, Link, PerPatient,
    Store as Choice, TokensChanged,
};
use digime_sdk::transport::{Body, NetworkCause, ResponseBody, Sent, Transport, TransportFailure};
use digime_sdk::world::{Clock, Tasks};
use digime_sdk::{Callback, NonEmptyString, World};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::chance::Chance;
use crate::executor::{Micros, SECOND, lock};
use crate::faults::Kind;
use crate::machine::Machine;
use crate::pkb::network::Network;
use crate::pkb::schedule::Schedule;
use crate::pkb::store::Store;
use crate::world::{Seeded, of_process};

const HOST: &str = "pkb.example";
/// What the store knows it by.
pub const PLATFORM: &str = "pkb:pkb.example";
const KEYS: [&str; 2] = [
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
];

/// A process.
pub struct Process {
    /// Its place among all that there were.
    pub number: usize,
    pub machine: Arc<Machine>,
    began: Micros,
    lives: AtomicBool,
    client: Mutex<Option<Client>>,
    /// When it could not use the store as it should.
    trouble: Mutex<Vec<(Micros, Micros)>>,
    /// How long a lease lasts that it takes.
    pub lease: Micros,
    /// For how long its client keeps tokens that it has read.
    pub keeps: Micros,
    /// For whom the calls are that are under way, and since when.
    pub calls: Mutex<Vec<(usize, Micros)>>,
    /// When the store told it that others had been faster.
    pub conflicts: Mutex<Vec<Micros>>,
    /// When it last heard when a record has changed.
    pub looked: Mutex<Micros>,
}

impl Process {
    /// One that has no client yet.
    #[must_use]
    pub fn new(
        number: usize,
        machine: &Arc<Machine>,
        began: Micros,
        [lease, keeps]: [Micros; 2],
    ) -> Arc<Self> {
        Arc::new(Self {
            number,
            machine: Arc::clone(machine),
            began,
            lives: AtomicBool::new(true),
            client: Mutex::default(),
            trouble: Mutex::default(),
            lease,
            keeps,
            calls: Mutex::default(),
            conflicts: Mutex::default(),
            looked: Mutex::default(),
        })
    }

    /// Makes its client.
    pub fn open(self: &Arc<Self>, schedule: &Arc<Schedule>) {
        let store = Store {
            schedule: Arc::clone(schedule),
            process: Arc::clone(self),
        };
        let mut config = config(
            Choice::Own(Arc::new(store)),
            schedule.app.keys(self.machine.number),
        );
        config.cache_tokens_for = schedule.habits.tokens_kept_for(self.number);
        config.refresh_lease = Some(self.lease / 1000);
        config.timeouts = Some(within(schedule.call));
        config.on_tokens_changed = Some(self.told(
            schedule,
            |schedule, process, changed: TokensChanged| {
                schedule.tells(
                    process,
                    &changed.app_user_id,
                    changed.access_token_expires_at,
                );
            },
        ));
        config.on_link_expired = Some(self.told(schedule, |schedule, process, link: Link| {
            schedule.tells_end(process, &link.app_user_id);
        }));
        let network = Network {
            schedule: Arc::clone(schedule),
            process: Arc::clone(self),
        };
        let world = of_process(schedule, &self.machine, self.number, Arc::new(network));
        match Client::in_world(config, world) {
            Ok(client) => *lock(&self.client) = Some(client),
            Err(error) => schedule.broken(format!("no client could be made: {error}")),
        }
    }

    /// A hook, of which the schedule is told first.
    fn told<T: Send + 'static>(
        self: &Arc<Self>,
        schedule: &Arc<Schedule>,
        tells: impl Fn(&Schedule, &Process, T) + Copy + Send + Sync + 'static,
    ) -> Callback<T> {
        let (schedule, process) = (Arc::downgrade(schedule), Arc::downgrade(self));
        Callback::new(move |told: T| {
            let (schedule, process) = (schedule.upgrade(), process.upgrade());
            async move {
                let (Some(schedule), Some(process)) = (schedule, process) else {
                    return Ok(());
                };
                tells(&schedule, &process, told);
                let machine = process.machine.number;
                if let Some(mut chance) = schedule.strikes(Kind::HookSlow, machine) {
                    let time = chance.between(0, 20 * SECOND);
                    schedule.executor.after(time).await;
                }
                match schedule.strikes(Kind::HookFails, machine) {
                    Some(_) => Err("the hook of the simulation failed".into()),
                    None => Ok(()),
                }
            }
        })
    }

    /// Its client.
    pub fn client(&self) -> Option<Client> {
        lock(&self.client).clone()
    }

    pub fn lives(&self) -> bool {
        self.lives.load(Ordering::Relaxed)
    }

    pub fn dies(&self) {
        self.lives.store(false, Ordering::Relaxed);
    }

    /// Lets go of its client.
    pub fn close(&self) {
        let client = lock(&self.client).take();
        drop(client);
    }

    /// For how long it has to be able to store what it has in hand, before it must have done so.
    pub fn time_to_store(&self) -> Micros {
        self.lease / 4 + SECOND / 2
    }

    /// It cannot use the store as it should.
    pub fn has_trouble(&self, from: Micros, until: Micros) {
        lock(&self.trouble).push((from, until));
    }

    /// The trouble is over; what is on its way may still be late.
    pub fn recovers(&self, now: Micros) {
        const LATE: Micros = 20 * SECOND;
        for (_, until) in lock(&self.trouble).iter_mut() {
            *until = (*until).min(now + LATE);
        }
    }
}

/// Whether a process had so much time, in one piece, in which nothing kept it from the store.
pub fn had_a_chance(process: &Process, from: Micros, to: Micros, time: Micros) -> bool {
    let mut hindered = lock(&process.trouble).clone();
    hindered.extend(process.machine.still());
    has_gap(hindered, from, to, time)
}

/// Whether it had so much time in which it did not stand still.
pub fn was_awake(process: &Process, from: Micros, to: Micros, time: Micros) -> bool {
    has_gap(process.machine.still(), from.max(process.began), to, time)
}

fn has_gap(mut hindered: Vec<(Micros, Micros)>, from: Micros, to: Micros, time: Micros) -> bool {
    hindered.sort_unstable();
    let mut free = from;
    for (since, until) in hindered {
        if since.min(to) >= free + time {
            return true;
        }
        free = free.max(until);
    }
    to >= free + time
}

fn within(call: Micros) -> digime_sdk::digime::TimeoutOptions {
    digime_sdk::digime::TimeoutOptions {
        call: Some(call / 1000),
        ..Default::default()
    }
}

fn text(text: &str) -> NonEmptyString {
    text.parse()
        .unwrap_or_else(|_| unreachable!("{text:?} is empty"))
}

/// A configuration with keys: the one that seals, and another that opens.
fn config(store: Choice, keys: [Option<usize>; 2]) -> Config {
    let [seals, opens] = keys.map(|key| key.map(|key| EncryptionKey::from(KEYS[key])));
    Config::builder()
        .client_id(text("client"))
        .redirect_uri(text("https://app.example/return"))
        .environment(Environment::Sandbox)
        .endpoints(
            Endpoints::builder()
                .base_url(format!("https://{HOST}"))
                .build(),
        )
        // Calls side by side are what schedules are made of.
        .per_patient(PerPatient::builder().fhir(64).rest(64).build())
        .store(store)
        .maybe_encryption_key(seals)
        .previous_encryption_keys(opens.into_iter().collect())
        .build()
}

/// A client that only looks at what is stored, before all time.
pub fn peeking(records: &Arc<MemoryStore>) -> Client {
    let records: Arc<dyn LinkStore> = Arc::clone(records) as _;
    let world = World {
        transport: Arc::new(Nowhere),
        clock: Arc::new(BeforeAllTime),
        random: Arc::new(Seeded::new(Chance::of(&[]))),
        tasks: Arc::new(Nobody),
        observer: None,
    };
    let client = Client::in_world(config(Choice::Own(records), [Some(0), Some(1)]), world);
    client.unwrap_or_else(|error| unreachable!("{error}"))
}

/// The access token of a user as it is stored.
pub fn access_token(peeking: &Client, user: &str) -> Option<String> {
    let options = GetAccessTokenOptions::builder()
        .app_user_id(text(user))
        .build();
    let token = peeking.get_access_token(options).now_or_never()?.ok()?;
    Some(token.access_token.expose().clone())
}

/// Whether a user's link is marked as over.
pub fn is_expired(records: &MemoryStore, user: &str) -> bool {
    let key = LinkKey {
        platform: PLATFORM,
        app_user_id: user,
    };
    let found = records
        .link(key)
        .now_or_never()
        .and_then(Result::ok)
        .flatten();
    found.is_some_and(|record: LinkRecord| record.status == LinkStatus::Expired)
}

struct Nobody;

impl Tasks for Nobody {
    fn spawn(&self, _: BoxFuture<'static, ()>) {}

    fn block(&self, _: Box<dyn FnOnce() + Send>) {}
}

struct BeforeAllTime;

impl Clock for BeforeAllTime {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

struct Nowhere;

impl Transport for Nowhere {
    fn send(
        &self,
        _: http::Request<Body>,
        _: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let failure = TransportFailure::Network {
            cause: NetworkCause::ConnectionRefused,
            message: String::new(),
            sent: Sent::Nothing,
        };
        Box::pin(std::future::ready(Err(failure)))
    }
}
