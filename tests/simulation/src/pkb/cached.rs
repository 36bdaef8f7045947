//! For how long tokens serve that were read from the store: what must hold of each that is used.

use std::collections::BTreeMap;
use std::sync::Arc;

use digime_sdk::pkb::IssuedToken;

use crate::executor::{MILLISECOND, Micros, lock};
use crate::judging::TOLERANCE;
use crate::pkb::data::OPERATION;
use crate::pkb::ledger::Ledger;
use crate::pkb::process::Process;
use crate::pkb::schedule::Schedule;

/// What has become of access tokens.
#[derive(Default)]
pub struct Served {
    /// The one of each user that stands in a link that serves.
    standing: BTreeMap<String, String>,
    /// Since when each stands there no more: removed, replaced, or over.
    ended: BTreeMap<String, Micros>,
    /// When a process was told by the store that it has ended a token so.
    ended_here: BTreeMap<(usize, String), Micros>,
    /// When a process last found a token in the store.
    read: BTreeMap<(usize, String), Micros>,
    /// When a process read that a token was refused to it.
    refused: BTreeMap<(usize, String), Micros>,
}

impl Served {
    /// A token stands in a user's link from now on, or none; gives the one that does no more.
    pub fn stands(&mut self, user: &str, token: Option<String>, now: Micros) -> Option<String> {
        let before = match token.clone() {
            Some(token) => self.standing.insert(user.to_owned(), token),
            None => self.standing.remove(user),
        };
        let ended = before.filter(|before| token.as_ref() != Some(before));
        if let Some(ended) = &ended {
            self.ended.insert(ended.clone(), now);
        }
        if let Some(token) = token {
            self.ended.remove(&token);
            self.ended_here.retain(|(_, ended), _| *ended != token);
        }
        ended
    }

    /// A process has been told that it has ended a token.
    pub fn end_acknowledged(&mut self, process: usize, token: String, now: Micros) {
        self.ended_here.insert((process, token), now);
    }

    /// The tokens that stood in links and do no more, since then or later.
    pub fn stood_since(&self, since: Micros) -> impl Iterator<Item = &str> {
        let ended = self.ended.iter().filter(move |(_, at)| **at >= since);
        ended.map(|(token, _)| token.as_str())
    }

    /// A process finds a token in the store, for which it has asked then.
    pub fn reads(&mut self, process: usize, token: String, asked: Micros) {
        // Of two questions the later may be answered first.
        let last = self.read.entry((process, token)).or_default();
        *last = asked.max(*last);
    }

    /// A process has read that a token was refused.
    pub fn refuses(&mut self, process: usize, token: &str, now: Micros) {
        self.refused.insert((process, token.to_owned()), now);
    }
}

/// That a call for a user is under way, as long as this lives.
pub struct UnderWay {
    process: Arc<Process>,
    call: (usize, Micros),
}

impl UnderWay {
    /// From now on.
    pub fn begin(process: &Arc<Process>, user: usize, now: Micros) -> Self {
        let call = (user, now);
        lock(&process.calls).push(call);
        Self {
            process: Arc::clone(process),
            call,
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut calls = lock(&self.process.calls);
        if let Some(place) = calls.iter().position(|call| *call == self.call) {
            calls.swap_remove(place);
        }
    }
}

impl Schedule {
    /// A token leaves with a request: of a call that began no earlier than the first which is under way for that user. A look of `watch` is no such
    /// call, and the token of an attempt is not of a link yet.
    pub fn leaves_with(&self, process: &Process, token: &str, path: &str) {
        self.uses(process, token, path);
        if path.ends_with(OPERATION) || path.ends_with("$purview") {
            return;
        }
        let user = lock(&self.platform).user_of(token);
        let calls = lock(&process.calls);
        let began = calls.iter().filter(|(of, _)| Some(*of) == user);
        let began = began.map(|(_, began)| *began).min();
        drop(calls);
        if let Some(began) = began {
            self.serves(process, token, began);
        }
    }

    /// A token is used by a call that began then, or later.
    fn serves(&self, process: &Process, token: &str, began: Micros) {
        if let Err(promise) = self.may_serve(process, token, began) {
            self.broken(format!(
                "process {}, which keeps tokens for {} µs, used {token} {promise}",
                process.number, process.keeps
            ));
        }
    }

    fn may_serve(&self, process: &Process, token: &str, began: Micros) -> Result<(), String> {
        let ledger = self.ledger();
        let served = &ledger.served;
        let own = (process.number, token.to_owned());
        if let Some(ended) = served.ended.get(token) {
            // By whichever clock says that more time has passed: where a machine sleeps, nobody sets its time.
            let passed = began.saturating_sub(*ended);
            let drift = passed / 5000;
            if passed > process.keeps.saturating_add(drift + TOLERANCE) {
                return Err(format!("in a call that began {passed} µs after its end"));
            }
        }
        if served.ended_here.get(&own).is_some_and(|at| *at < began) {
            return Err("in a call that began after it had ended it itself".to_owned());
        }
        let last_read = served.read.get(&own).copied().unwrap_or_default();
        let unread = began.saturating_sub(last_read);
        let is_old = unread > process.keeps.saturating_add(unread / 5000 + TOLERANCE);
        if is_old && !fetched_since(&ledger, process, began) {
            return Err(format!(
                "in a call that began {unread} µs after it was read"
            ));
        }
        let refused = served.refused.get(&own);
        if refused.is_some_and(|at| *at < began && last_read < *at) {
            return Err("again without reading it, although it was refused".to_owned());
        }
        Ok(())
    }

    /// A token was given that was asked for then.
    pub fn gives_token(&self, process: &Process, given: &IssuedToken, began: Micros) {
        let token = given.access_token.expose();
        self.uses(process, token, "");
        self.serves(process, token, began);
        let now = self.executor.now();
        let ledger = self.ledger();
        let is_fresh = fetched_since(&ledger, process, began);
        let own = (process.number, token.clone());
        let last_read = ledger.served.read.get(&own).copied();
        drop(ledger);
        let is_read = is_fresh || last_read.is_some_and(|read| read >= began);
        let machine = &process.machine;
        let is_over = given.expires_at <= machine.wall_ms(began);
        if !is_read && is_over && !machine.was_set(began, now) {
            self.broken(format!(
                "process {} was given {token}, whose time is over, and which it has not read again",
                process.number
            ));
        }
    }
}

/// Whether a process has had tokens from the platform that were stored since then.
fn fetched_since(ledger: &Ledger, process: &Process, since: Micros) -> bool {
    let mut own = ledger.spendings.iter();
    own.any(|spending| {
        spending.process == process.number && spending.stored.is_some_and(|at| at >= since)
    })
}

/// How long tokens are kept by a client that is set so.
#[must_use]
pub fn kept(milliseconds: Option<u64>) -> Micros {
    milliseconds.unwrap_or_default().saturating_mul(MILLISECOND)
}
