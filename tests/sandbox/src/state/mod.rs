//! What the platform remembers, in memory, for as long as it runs.

mod accounts;
mod codes;
mod pushed;
mod requests;
mod tokens;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use accounts::{Account, User};
pub use codes::Codes;
pub use pushed::{Kind, Pushed};
pub use requests::{Outcome, Requests};
pub use tokens::{Grant, Issued, Tokens};
use url::Url;

use crate::addresses::Addresses;
use crate::config::Config;
use crate::contract::Contract;

/// The platform: what it was set up with, where it is, and what it remembers.
pub struct Platform {
    pub config: Config,
    pub addresses: Addresses,
    memory: Mutex<Memory>,
}

impl Platform {
    pub fn new(config: Config, addresses: Addresses) -> Self {
        Self {
            config,
            addresses,
            memory: Mutex::default(),
        }
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
    pub tokens: Tokens,
    /// By id; somebody becomes a user by agreeing on the consent page.
    pub users: HashMap<String, User>,
    /// By reference: what it may be used for.
    pub references: HashMap<String, Reference>,
    pub pushed: Vec<Pushed>,
    pub requests: Requests,
}

/// What a client asked for in `oauth/authorize`.
#[derive(Clone)]
pub struct AuthorizationRequest {
    pub contract: Arc<Contract>,
    pub redirect_uri: Url,
    pub state: String,
    pub code_challenge: String,
    /// The user whose access token was shown; without one, a new user is made.
    pub user_id: Option<String>,
}

/// What a person agreed to on the consent page.
pub struct Approval {
    pub contract_id: String,
    pub code_challenge: String,
    pub user_id: String,
}

/// Something that a browser address names without telling it.
pub struct Reference {
    pub kind: ReferenceKind,
    pub contract_id: String,
}

/// What can be referred to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    CloudId,
    AccountId,
}
