//! A process: a client of the SDK in a world of its own, from its start to its death, and the hook by which it learns of tokens.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use digime_sdk::digime::{Client, Config, TimeoutOptions, TokenHook, UserAccessToken};
use digime_sdk::{Callback, NonEmptyString};

use crate::digime::network::Network;
use crate::digime::platform::ORIGIN;
use crate::digime::schedule::Schedule;
use crate::executor::{Micros, SECOND, lock};
use crate::faults::Kind;
use crate::machine::Machine;
use crate::world::of_process;

/// A process.
pub struct Process {
    /// Its place among all that there were.
    pub number: usize,
    pub machine: Arc<Machine>,
    lives: AtomicBool,
    client: Mutex<Option<Client>>,
}

/// What the hook of a call has done.
#[derive(Default)]
pub struct Heard {
    /// For how long it took in all, beside the work of others.
    took: AtomicU64,
    /// Whether it has taken a token.
    has_taken: AtomicBool,
}

impl Heard {
    pub fn took(&self) -> Micros {
        self.took.load(Ordering::Relaxed)
    }

    pub fn has_taken(&self) -> bool {
        self.has_taken.load(Ordering::Relaxed)
    }
}

/// A text that is not empty.
pub fn text(text: &str) -> NonEmptyString {
    text.parse()
        .unwrap_or_else(|_| unreachable!("a text is empty"))
}

impl Process {
    /// One that has no client yet.
    #[must_use]
    pub fn new(number: usize, machine: &Arc<Machine>) -> Arc<Self> {
        Arc::new(Self {
            number,
            machine: Arc::clone(machine),
            lives: AtomicBool::new(true),
            client: Mutex::default(),
        })
    }

    /// Makes its client.
    pub fn open(self: &Arc<Self>, schedule: &Arc<Schedule>) {
        let mut config = Config::new(text("application"));
        config.base_url = Some(format!("{ORIGIN}/v1.7/"));
        config.cloud_base_url = Some("https://cloud.digime.example/v1/".to_owned());
        config.onboard_url = Some("https://pages.digime.example/apps/".to_owned());
        config.timeouts = Some(TimeoutOptions {
            call: Some(schedule.call / 1000),
            ..TimeoutOptions::default()
        });
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

    /// The hook of a call for a user, and what it does.
    pub fn hook(
        self: &Arc<Self>,
        schedule: &Arc<Schedule>,
        user: usize,
    ) -> (TokenHook, Arc<Heard>) {
        let heard = Arc::new(Heard::default());
        let taking = Arc::clone(&heard);
        let (schedule, process) = (Arc::downgrade(schedule), Arc::downgrade(self));
        let hook = Callback::new(move |token: UserAccessToken| {
            let (schedule, process) = (schedule.upgrade(), process.upgrade());
            let taking = Arc::clone(&taking);
            async move {
                let (Some(schedule), Some(process)) = (schedule, process) else {
                    return Ok(());
                };
                schedule.tells(&process, token.access_token.value.expose());
                let machine = process.machine.number;
                if let Some(mut chance) = schedule.strikes(Kind::HookSlow, machine) {
                    let time = chance.between(0, 20 * SECOND);
                    taking.took.fetch_add(time, Ordering::Relaxed);
                    schedule.executor.after(time).await;
                }
                if schedule.strikes(Kind::HookFails, machine).is_some() {
                    return Err("the hook of the simulation failed".into());
                }
                schedule.keeps(user, &token);
                taking.has_taken.store(true, Ordering::Relaxed);
                Ok(())
            }
        });
        (hook, heard)
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
}
