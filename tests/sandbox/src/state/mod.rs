//! What the platform remembers, in memory, for as long as it runs.

mod accounts;
mod codes;
mod faults;
mod notice;
mod pushed;
mod questions;
mod references;
mod requests;
mod sessions;
mod storages;
mod tokens;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use accounts::{Account, User};
pub use codes::Codes;
pub use faults::{Answer, Fault, Faults, Named, Planned};
pub use notice::Notice;
pub use pushed::{Kind, Pushed};
pub use questions::{Approval, AuthorizationRequest, Revocation, Visit};
pub use references::{Reference, ReferenceKind, References};
pub use requests::{Outcome, Requests};
pub use sessions::{Opening, Session, Sessions, Wanted};
pub use storages::{Storages, StoredFile};
pub use tokens::{Grant, Issued, Tally, Tokens};

use serde_json::Value;

use crate::addresses::Addresses;
use crate::clock;
use crate::config::{Config, Pace};
use crate::library;
use crate::pkb::{CustomerAddresses, Pkb, PkbAddresses};
use crate::sources::{Source, SourceType};

/// The platform: what it was set up with, where it is, and what it remembers; and the other platform beside it.
pub struct Platform {
    pub config: Config,
    pub addresses: Addresses,
    pub pkb: Arc<Pkb>,
    memory: Mutex<Memory>,
}

impl Platform {
    pub fn new(config: Config, addresses: Addresses, customer: CustomerAddresses) -> Self {
        let pkb_addresses = PkbAddresses::at(&addresses.origin);
        let pkb = Pkb::new(Arc::clone(&config.pkb), pkb_addresses, customer);
        Self {
            config,
            addresses,
            pkb: Arc::new(pkb),
            memory: Mutex::default(),
        }
    }

    /// Gives a user an account at a source, and tells its reference.
    pub fn connect(
        &self,
        user_id: &str,
        source: &Source,
        source_type: SourceType,
        sample: bool,
    ) -> String {
        let mut memory = self.memory();
        let user = memory.users.entry(user_id.to_owned()).or_default();
        let account = user.connect(source, source_type, &self.addresses, clock::now_ms());
        account.sample = sample;
        account.reference.clone()
    }

    /// Notes what a person agreed to, and makes the code that the application exchanges.
    pub fn approve(&self, approval: Approval) -> String {
        let expires_at = clock::now_ms() + self.config.lifetimes.code_ms();
        self.memory().approved.issue(approval, expires_at)
    }

    /// A session to tell a client of; it runs once there is a user.
    pub fn open_session(&self, wanted: Wanted) -> Opening {
        Opening::new(wanted, clock::now_ms() + self.config.lifetimes.session_ms())
    }

    /// Lets a session run for this user.
    pub fn start_session(&self, contract_id: &str, user_id: &str, opening: Opening) {
        let mut memory = self.memory();
        let mut files: Vec<_> = library::added(&memory.pushed, user_id).collect();
        let mut accounts = Vec::new();
        let user = memory.users.entry(user_id.to_owned()).or_default();
        for account in &user.accounts {
            let Some(source) = self.config.sources.find(account.source_id) else {
                continue;
            };
            if !opening.wanted.covers(account) || source.data.is_none() {
                continue;
            }
            let admitted = account.access_token_status.authorized;
            if admitted {
                files.extend(library::fetched(account, source));
            }
            if opening.wanted.fetches(account) {
                accounts.push((account.id.clone(), admitted));
            }
        }
        let pace = if opening.wanted.source_fetch {
            self.config.pace
        } else {
            Pace::AT_ONCE
        };
        let session = Session {
            contract_id: contract_id.to_owned(),
            user_id: user_id.to_owned(),
            expires_at: opening.expires_at,
            files,
            accounts,
            pace,
            looks: 0,
        };
        memory.sessions.start(opening.key, session);
    }

    /// The memory, for one short change or look. A panic elsewhere does not make it unusable: every change is one step.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Default)]
pub struct Memory {
    /// Every nonce that was ever used.
    pub nonces: HashSet<String>,
    /// By preauthorization code: what a person is to be asked.
    pub requested: Codes<AuthorizationRequest>,
    /// By authorization code: what a person has agreed to.
    pub approved: Codes<Approval>,
    /// By reference code: what a user of a client is to be asked.
    pub visits: Codes<Visit>,
    /// By code: what a user may take back.
    pub revocations: Codes<Revocation>,
    pub tokens: Tokens,
    /// By id; somebody becomes a user by agreeing on the consent page.
    pub users: HashMap<String, User>,
    pub references: References,
    pub pushed: Vec<Pushed>,
    pub sessions: Sessions,
    pub storages: Storages,
    pub requests: Requests,
    /// By route: what the last call said it comes from.
    pub agents: BTreeMap<String, Value>,
    /// What all answers say of the SDK's version.
    pub notice: Notice,
    pub faults: Faults,
}

impl Memory {
    /// A user's account.
    pub fn account(&mut self, user_id: &str, account_id: &str) -> Option<&mut Account> {
        let accounts = &mut self.users.get_mut(user_id)?.accounts;
        accounts.iter_mut().find(|account| account.id == account_id)
    }
}
