//! Reading sessions: what each hands out, and how far it has come.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::config::Pace;
use crate::library::File;
use crate::random;
use crate::state::Account;

/// What a client asked a session for.
#[derive(Clone)]
pub struct Wanted {
    /// Service groups, and service types in them; `None` for all of them.
    pub services: Option<Vec<(u32, u32)>>,
    /// The accounts to fetch from; `None` for all of them.
    pub account_ids: Option<Vec<String>>,
    /// Whether the sources are asked at all.
    pub source_fetch: bool,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            services: None,
            account_ids: None,
            source_fetch: true,
        }
    }
}

impl Wanted {
    /// Whether the scope lets data of this account through.
    pub fn covers(&self, account: &Account) -> bool {
        let service = (account.service_group_id, account.service_type_id);
        self.services
            .as_ref()
            .is_none_or(|services| services.contains(&service))
    }

    /// Whether this account's source is asked for newer data.
    pub fn fetches(&self, account: &Account) -> bool {
        let ids = self.account_ids.as_ref();
        self.source_fetch && ids.is_none_or(|ids| ids.contains(&account.id))
    }
}

/// A session that a client was told of.
#[derive(Clone)]
pub struct Opening {
    pub key: String,
    /// In milliseconds.
    pub expires_at: u64,
    pub wanted: Wanted,
}

impl Opening {
    pub fn new(wanted: Wanted, expires_at: u64) -> Self {
        Self {
            key: random::token(),
            expires_at,
            wanted,
        }
    }

    /// How the client is told.
    pub fn told(&self) -> Value {
        json!({ "key": self.key, "expiry": self.expires_at })
    }
}

/// A session that runs. What it hands out is settled at its start; every look at its list brings it further.
pub struct Session {
    pub contract_id: String,
    pub user_id: String,
    pub expires_at: u64,
    /// Those that need no fetching first.
    pub files: Vec<File>,
    /// The accounts that are fetched from, and whether the source lets the platform in.
    pub accounts: Vec<(String, bool)>,
    pub pace: Pace,
    pub looks: u32,
}

/// What a session shows at one look.
pub struct Progress {
    /// The session's state and its accounts'.
    pub status: Value,
    /// Not told as long as the session is pending.
    pub files: Option<Vec<File>>,
}

impl Session {
    /// Looks at the list.
    pub fn look(&mut self) -> Progress {
        self.looks = self.looks.saturating_add(1);
        if self.looks <= self.pace.pending_polls {
            return Progress {
                status: json!({ "state": "pending" }),
                files: None,
            };
        }
        let listed = self.listed();
        let done = listed.len() == self.files.len() && self.is_done();
        let state = match (done, self.accounts.iter().all(|(_, admitted)| *admitted)) {
            (false, _) => "running",
            (true, true) => "completed",
            (true, false) => "partial",
        };
        let mut status = json!({ "state": state });
        if !self.accounts.is_empty() {
            status["details"] = Value::Object(self.details(done));
        }
        Progress {
            status,
            files: Some(listed.to_vec()),
        }
    }

    /// The files that the last look showed.
    pub fn listed(&self) -> &[File] {
        let steps = self.pace.running_polls.saturating_add(1);
        let step = self.looks.saturating_sub(self.pace.pending_polls);
        let share = f64::from(step.min(steps)) / f64::from(steps);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of a number of files"
        )]
        let shown = (self.files.len() as f64 * share) as usize;
        &self.files[..shown]
    }

    fn is_done(&self) -> bool {
        self.looks
            > self
                .pace
                .pending_polls
                .saturating_add(self.pace.running_polls)
    }

    fn details(&self, done: bool) -> Map<String, Value> {
        let unlisted = &self.files[self.listed().len()..];
        let state = |(id, admitted): &(String, bool)| {
            let waits = unlisted
                .iter()
                .any(|file| file.account_id.as_ref() == Some(id));
            let state = match (admitted, done || !waits) {
                (false, _) => json!({
                    "state": "partial",
                    "error": {
                        "code": "ServiceAuthorizationError",
                        "statusCode": 511,
                        "message": "The source asks the person to log in again",
                        "reauth": true,
                    },
                }),
                (true, false) => json!({ "state": "running" }),
                (true, true) => json!({ "state": "completed" }),
            };
            (id.clone(), state)
        };
        self.accounts.iter().map(state).collect()
    }
}

/// The sessions that run, by key.
#[derive(Default)]
pub struct Sessions {
    running: HashMap<String, Session>,
}

impl Sessions {
    pub fn start(&mut self, key: String, session: Session) {
        self.running.insert(key, session);
    }

    /// A session that has not expired, if it is this contract's and this user's.
    pub fn get(
        &mut self,
        key: &str,
        contract_id: &str,
        user_id: &str,
        now: u64,
    ) -> Option<&mut Session> {
        self.running.get_mut(key).filter(|session| {
            session.contract_id == contract_id
                && session.user_id == user_id
                && now < session.expires_at
        })
    }

    /// Ends the sessions of a user.
    pub fn forget(&mut self, user_id: &str) {
        self.running.retain(|_, session| session.user_id != user_id);
    }

    /// Ends every session, and tells how many could be read until now.
    pub fn expire(&mut self, now: u64) -> usize {
        self.running
            .drain()
            .filter(|(_, session)| now < session.expires_at)
            .count()
    }
}
