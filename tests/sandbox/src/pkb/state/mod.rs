//! What the sandbox remembers of Patients Know Best, in memory, for as long as it runs.

mod modes;
mod sessions;
mod tally;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use modes::{
    ClientAuthentication, Denial, LastDataPoint, Modes, OldAccessToken, ProcessMessageAnswer,
};
pub use sessions::{Granted, Issued, Refusal, Sessions};
pub use tally::Tally;

use crate::pkb::addresses::PkbAddresses;
use crate::pkb::config::PkbConfig;
use crate::pkb::measurements::Measurements;
use crate::pkb::people::Person;
use crate::pkb::scope::Scope;
use crate::state::Codes;

/// Patients Know Best: what it was set up with, where it is, and what it remembers.
pub struct Pkb {
    pub config: Arc<PkbConfig>,
    pub addresses: PkbAddresses,
    memory: Mutex<Memory>,
}

/// What a person approved.
pub struct Approval {
    pub person: &'static Person,
    /// As it was asked for.
    pub scope: Option<Scope>,
    /// Where the code was sent, and whether the application had said so.
    pub redirect_uri: String,
    pub redirect_uri_was_sent: bool,
    pub code_challenge: Option<String>,
}

pub struct Memory {
    pub modes: Modes,
    pub tally: Tally,
    pub approved: Codes<Approval>,
    pub sessions: Sessions,
    /// When each token of the system client ends.
    pub system_tokens: HashMap<String, u64>,
    /// The public ids of those whose access is frozen.
    pub frozen: HashSet<&'static str>,
    /// The codes of each invitation.
    pub invitations: HashSet<(String, String)>,
    /// The numbers, by system and value, of those whom the organisation has taken in.
    pub joined: HashSet<(String, String)>,
    pub one_time_passwords: HashSet<String>,
    pub measurements: Measurements,
}

impl Pkb {
    pub fn new(config: Arc<PkbConfig>, addresses: PkbAddresses) -> Self {
        let memory = Memory {
            modes: Modes::new(&config.settings),
            tally: Tally::default(),
            approved: Codes::default(),
            sessions: Sessions::default(),
            system_tokens: HashMap::new(),
            frozen: HashSet::new(),
            invitations: HashSet::new(),
            joined: HashSet::new(),
            one_time_passwords: HashSet::new(),
            measurements: Measurements::seeded(),
        };
        Self {
            config,
            addresses,
            memory: Mutex::new(memory),
        }
    }

    /// The memory, for one short change or look. A panic elsewhere does not make it unusable: every change is one step.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
