//! What the sandbox remembers of Patients Know Best, in memory, for as long as it runs.

mod modes;
mod sessions;
mod tally;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use modes::{
    ClientAuthentication, CustomerAuthentication, Denial, LastDataPoint, Modes, OldAccessToken,
    Paging, ProcessMessageAnswer, WithoutPatient,
};
pub use sessions::{Granted, Issued, Refusal, Sessions};
pub use tally::Tally;

use crate::pkb::addresses::{CustomerAddresses, PkbAddresses};
use crate::pkb::config::PkbConfig;
use crate::pkb::joined::Joined;
use crate::pkb::last_change::LastChanges;
use crate::pkb::measurements::Measurements;
use crate::pkb::people::Person;
use crate::pkb::scope::Scope;
use crate::pkb::upstream::Upstream;
use crate::state::Codes;

/// Patients Know Best: what it was set up with, where it is, and what it remembers.
pub struct Pkb {
    pub config: Arc<PkbConfig>,
    pub addresses: PkbAddresses,
    pub customer_addresses: CustomerAddresses,
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
    /// When each token of the customer system client ends.
    pub customer_tokens: HashMap<String, u64>,
    /// The public ids of those whose access is frozen.
    pub frozen: HashSet<&'static str>,
    /// The codes of each invitation.
    pub invitations: HashSet<(String, String)>,
    pub joined: Joined,
    pub one_time_passwords: HashSet<String>,
    pub measurements: Measurements,
    pub last_changes: LastChanges,
    /// What Customer was given.
    pub upstream: Upstream,
}

impl Pkb {
    pub fn new(
        config: Arc<PkbConfig>,
        addresses: PkbAddresses,
        customer_addresses: CustomerAddresses,
    ) -> Self {
        let memory = Memory {
            modes: Modes::new(&config.settings),
            tally: Tally::default(),
            approved: Codes::default(),
            sessions: Sessions::default(),
            system_tokens: HashMap::new(),
            customer_tokens: HashMap::new(),
            frozen: HashSet::new(),
            invitations: HashSet::new(),
            joined: Joined::default(),
            one_time_passwords: HashSet::new(),
            measurements: Measurements::seeded(),
            last_changes: LastChanges::default(),
            upstream: Upstream::default(),
        };
        Self {
            config,
            addresses,
            customer_addresses,
            memory: Mutex::new(memory),
        }
    }

    /// The memory, for one short change or look. A panic elsewhere does not make it unusable: every change is one step.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
