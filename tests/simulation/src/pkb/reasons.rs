//! How calls end: that one which fails has a reason that was there, and that what one says it has done is done.

use digime_sdk::connections::{LinkKey, LinkRecord};
use digime_sdk::pkb::Failure;
use digime_sdk::{Error, ErrorKind};

use crate::executor::{Micros, SECOND, lock};
use crate::faults::Kind;
use crate::judging::{TOLERANCE, is_call_timeout};
use crate::pkb::application::Calls;
use crate::pkb::process::{PLATFORM, Process};
use crate::pkb::promises::{has_nothing_to_lose, user_id};
use crate::pkb::schedule::Schedule;

/// How often others must have been faster before a change is given up.
const CONFLICTS: usize = 20;
/// For how long back a change may have begun that a call has only waited for.
const BEFORE: Micros = 60 * SECOND;

/// A call that has come to its end.
pub struct Made<'a> {
    pub name: &'a str,
    pub user: usize,
    pub began: Micros,
    /// How long it took by the clock of its machine, less for how long that stood still.
    pub took: Micros,
    /// How often a token that serves was refused to the machine when it began.
    pub refused: usize,
}

impl Calls<'_> {
    /// That a call fails has to have a reason that was there.
    pub fn has_reason(&self, made: &Made<'_>, error: Option<&Error>) {
        let Self {
            schedule, process, ..
        } = self;
        self.judged(made.user, error);
        let Some(error) = error else {
            return;
        };
        let (name, number) = (made.name, process.number);
        let has_reason = schedule.count(Kind::Unauthorized, process.machine.number) > made.refused;
        if is_refused_by_token(error) && !has_reason && !schedule.has_spent(process, made.began) {
            schedule.broken(format!(
                "{name} of process {number} failed since its token was refused, and it has not refreshed itself"
            ));
        }
        let still = process
            .machine
            .still_between(made.began, schedule.executor.now());
        if is_call_timeout(error) && made.took + still + TOLERANCE < schedule.call {
            schedule.broken(format!(
                "{name} of process {number} says after {} µs that its time is over",
                made.took
            ));
        }
        if is_of_conflicts(error) && process.conflicts_since(made.began) < CONFLICTS {
            schedule.broken(format!(
                "{name} of process {number} failed since others were faster, which they were not often enough: {error}"
            ));
        }
        if is_of_token_endpoint(error) && schedule.needs_no_token(process, made) {
            schedule.broken(format!(
                "{name} of process {number} failed since it could not replace a token that serves: {error}"
            ));
        }
    }

    /// The same, as far as it can be said of an error alone.
    pub fn judged(&self, user: usize, error: Option<&Error>) {
        let Some(error) = error else {
            return;
        };
        let schedule = self.schedule;
        let has_ended = matches!(
            Failure::of(error),
            Some(Failure::LinkExpired { .. } | Failure::NotLinked)
        );
        if has_ended {
            lock(&schedule.app.linked)[user] = false;
        }
        let is_explained = match (error.kind(), Failure::of(error)) {
            (_, Some(Failure::LinkExpired { .. })) => lock(&schedule.platform).is_any_over(user),
            (ErrorKind::Sdk(words), _) => words.starts_with("a callback failed"),
            (_, Some(Failure::LinkConflict { .. } | Failure::LinkDenied { .. }))
            | (ErrorKind::TypeValidation { .. } | ErrorKind::UnexpectedResponse(_), _) => false,
            _ => true,
        };
        if !is_explained {
            schedule.broken(format!(
                "a call for {} of process {} failed for no reason: {error}",
                user_id(user),
                self.process.number
            ));
        }
    }
}

/// Whether PKB says that a token does not serve any more.
fn is_refused_by_token(error: &Error) -> bool {
    matches!(Failure::of(error), Some(Failure::Refused(refusal)) if refusal.status_code == Some(401))
}

/// Whether it says that others had always been faster.
fn is_of_conflicts(error: &Error) -> bool {
    let is_change = |operation: &str| operation == "change";
    matches!(error.kind(), ErrorKind::Store { operation, .. } if is_change(operation))
}

/// Whether it is about a refresh.
fn is_of_token_endpoint(error: &Error) -> bool {
    error.to_string().contains("PKB's token endpoint")
}

impl Process {
    /// How often others were faster, since a call began or what it waits for may have.
    fn conflicts_since(&self, began: Micros) -> usize {
        let since = began.saturating_sub(BEFORE);
        let conflicts = lock(&self.conflicts);
        conflicts.iter().filter(|at| **at >= since).count()
    }
}

impl Schedule {
    /// Whether a call that uses a token had one all the time that served: a refresh ahead of its end need not succeed.
    fn needs_no_token(&self, process: &Process, made: &Made<'_>) -> bool {
        if !matches!(made.name, "getCurrentUser" | "getAccessToken") {
            return false;
        }
        let now = self.executor.now();
        let ledger = self.ledger();
        let user = user_id(made.user);
        let mut stood = ledger.served.stood_since(made.began);
        let of_user = |token: &str| lock(&self.platform).user_of(token) == Some(made.user);
        let was_replaced = stood.any(of_user);
        let serving = ledger.serving.get(&user);
        let serves = |token: &String| !has_nothing_to_lose(&ledger, process, token, now);
        !was_replaced && serving.is_some_and(serves)
    }

    /// Whether a user is linked.
    pub fn is_linked(&self, user: usize) -> bool {
        self.record(&user_id(user)).is_some()
    }

    fn record(&self, user: &str) -> Option<LinkRecord> {
        self.stored(LinkKey {
            platform: PLATFORM,
            app_user_id: user,
        })
    }

    /// A user, who was linked or not, was unlinked by a call that began then: their link is gone, and what they had begun to make another.
    pub fn was_unlinked(
        &self,
        process: &Process,
        (user, was_linked): (usize, bool),
        began: Micros,
    ) {
        let name = user_id(user);
        let ledger = self.ledger();
        let since = |at: Option<&Micros>| at.is_some_and(|at| *at >= began);
        let is_removed = since(ledger.removed.get(&name)) || !was_linked;
        let is_forgotten = since(ledger.attempts.removed(&name));
        drop(ledger);
        if !is_forgotten || (!is_removed && self.is_linked(user)) {
            self.broken(format!(
                "process {} has unlinked {name}, of whom there is more than there should be",
                process.number
            ));
        }
    }

    /// The links of all users.
    pub fn sealed(&self) -> Vec<LinkRecord> {
        let users = 0..self.app.users;
        users
            .filter_map(|user| self.record(&user_id(user)))
            .collect()
    }

    /// All links were encrypted anew, as they stood before: under the key that every process seals with by then.
    pub fn is_sealed_anew(&self, process: &Process, before: &[LinkRecord]) {
        let Some(key) = &self.ledger().old_key.clone() else {
            return;
        };
        for before in before {
            let now = self.record(&before.app_user_id);
            let is_left = |now: &LinkRecord| now.sealed == before.sealed && now.key_id == *key;
            if now.as_ref().is_some_and(is_left) {
                self.broken(format!(
                    "process {} has encrypted all links anew, but not that of {}",
                    process.number, before.app_user_id
                ));
            }
        }
    }
}
