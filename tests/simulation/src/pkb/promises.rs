//! The promises, as they must hold in every schedule: what is compared when something leaves, is told or ends.
//!
//! `docs/pkb.md` says what is promised and what no client can mend; what is excused here is that, and no more.

use crate::executor::{Micros, SECOND, lock};
use crate::judging::TOLERANCE;
use crate::pkb::data::OPERATION;
use crate::pkb::ledger::{Answered, Ledger, Spending, Taken, issued};
use crate::pkb::platform::{beside, place_of};
use crate::pkb::process::{Process, had_a_chance, was_awake};
use crate::pkb::schedule::Schedule;

/// For how long back a process may have read the clock by which it found a token expired.
const FOUND: Micros = 600 * SECOND;

impl Schedule {
    /// A code or refresh token leaves a process; gives its place in the ledger.
    pub fn leaves(&self, process: &Process, spent: &str) -> usize {
        let now = self.executor.now();
        let ledger = self.ledger();
        let broken = if spent.starts_with("code") {
            code_leaves(&ledger, process, spent, now)
        } else {
            self.refresh_token_leaves(&ledger, process, spent, now)
        };
        drop(ledger);
        if let Err(promise) = broken {
            self.broken(promise);
        }
        let mut ledger = self.ledger();
        let access = beside(spent);
        let of_a_link =
            access.is_some_and(|access| ledger.serving.values().any(|serving| *serving == access));
        ledger.spendings.push(Spending {
            spent: spent.to_owned(),
            process: process.number,
            left: now,
            of_a_link,
            answered: None,
            arrived: None,
            ended: None,
            taken: None,
            stored: None,
            acknowledged: false,
            replaced: None,
            told: false,
        });
        ledger.spendings.len() - 1
    }

    fn refresh_token_leaves(
        &self,
        ledger: &Ledger,
        process: &Process,
        token: &str,
        now: Micros,
    ) -> Result<(), String> {
        let access = beside(token).ok_or("a refresh token was sent that nobody has issued")?;
        let user = lock(&self.platform).user_of(&access).map(user_id);
        let user = user.ok_or("a refresh token was sent that nobody has issued")?;
        let is_of_the_link = ledger.serving.get(&user) == Some(&access);
        if is_of_the_link && !self.is_expired(&user) {
            let standing = ledger
                .leases
                .get(&user)
                .filter(|lease| lease.holder == Some(process.number));
            in_time(standing.map(|lease| lease.taken), now, process.lease, token)?;
        } else if !is_of_the_link {
            // The tokens of an attempt that is not yet a link, or of a link that was replaced a moment ago.
            let turn = ledger.turns.get(&process.number);
            let lease = ledger.leases.get(&user).map(|lease| &lease.taken);
            let latest = turn.into_iter().chain(lease).max().copied();
            in_time(latest, now, process.lease, token)?;
        }
        let earlier = ledger
            .spendings
            .iter()
            .filter(|spending| spending.spent == token);
        for earlier in earlier {
            let spent_nothing = earlier.answered == Some(Answered::SpentNothing);
            if spent_nothing && earlier.taken.is_some() {
                continue;
            }
            if !has_nothing_to_lose(ledger, process, &access, now) {
                return Err(format!(
                    "{token} was sent again by process {} while {access} serves: it may be spent",
                    process.number
                ));
            }
            if self.may_have_been_stored(earlier, now) {
                return Err(format!(
                    "{token} was sent again by process {}: process {} lives, and could have stored what came of it",
                    process.number, earlier.process
                ));
            }
        }
        Ok(())
    }

    /// Whether the process that sent it lives and had the time to take the answer and to store it.
    fn may_have_been_stored(&self, earlier: &Spending, now: Micros) -> bool {
        let process = self.process(earlier.process);
        if !process.lives() {
            return false;
        }
        let waited_for = earlier.left + process.lease / 2;
        match (earlier.taken, earlier.arrived, &earlier.answered) {
            (Some(taken), _, Some(Answered::Issued(_))) => {
                had_a_chance(&process, taken.at, now, process.time_to_store())
            }
            (Some(_), ..) => false,
            (None, Some(arrived), Some(Answered::Issued(_))) if arrived <= waited_for => {
                was_awake(&process, arrived, now, SECOND)
            }
            _ => earlier.ended.is_none() && now < waited_for,
        }
    }

    /// Whether a process has spent anything since, or stored what came of it: that may be old, where the machine stood still.
    pub fn has_spent(&self, process: &Process, since: Micros) -> bool {
        let ledger = self.ledger();
        let mut spendings = ledger.spendings.iter().rev();
        spendings.any(|spending| {
            let is_late = spending.left.max(spending.stored.unwrap_or_default()) >= since;
            spending.process == process.number && is_late
        })
    }

    /// An access token is used.
    pub fn uses(&self, process: &Process, access: &str, path: &str) {
        // That of an attempt to link stands in the attempt, which only its own process can open.
        let is_known = path.ends_with("$purview") || self.ledger().stored.contains(access);
        if !is_known {
            self.broken(format!(
                "process {} used {access} before it was stored",
                process.number
            ));
        }
    }

    /// An answer to a call with an access token was read to its end.
    pub fn hears(&self, process: &Process, access: &str, path: &str, status: u16) {
        let now = self.executor.now();
        match status {
            200 if path.ends_with(OPERATION) => *lock(&process.looked) = now,
            401 | 403 => self.ledger().served.refuses(process.number, access, now),
            _ => {}
        }
    }

    /// An answer with tokens was read to its end.
    pub fn takes(&self, process: &Process, number: usize) {
        let now = self.executor.now();
        let life = i64::try_from(self.life / 1000).unwrap_or(i64::MAX);
        let expires_at = process.machine.wall_ms(now) + life;
        let mut ledger = self.ledger();
        ledger.spendings[number].taken = Some(Taken {
            at: now,
            expires_at,
        });
    }

    /// The application of a process was told of new tokens.
    pub fn tells(&self, process: &Process, user: &str, expires_at: i64) {
        self.trace(|| format!("process {} is told of new tokens of {user}", process.number));
        let platform = lock(&self.platform);
        let mut ledger = self.ledger();
        let is_it = |spending: &&mut Spending| {
            let of_user = issued(spending).and_then(|access| platform.user_of(access));
            // What has come for the tokens of an attempt is told by whoever gives it to the link.
            (spending.process == process.number || !spending.of_a_link)
                && !spending.told
                && spending.stored.is_some()
                && of_user.map(user_id).as_deref() == Some(user)
                && spending
                    .taken
                    .is_some_and(|taken| taken.expires_at == expires_at)
        };
        let told = ledger.spendings.iter_mut().rfind(is_it);
        let is_known = told.is_some();
        if let Some(spending) = told {
            spending.told = true;
        }
        drop(ledger);
        drop(platform);
        if !is_known {
            self.broken(format!(
                "process {} was told of tokens of {user} that are not stored, or for the second time",
                process.number
            ));
        }
    }

    /// All is over: what must have come of what was spent.
    pub fn is_settled(&self) {
        let now = self.executor.now();
        let ledger = self.ledger();
        let mut broken = None;
        for spending in &ledger.spendings {
            let process = self.process(spending.process);
            let Some(access) = issued(spending).filter(|_| process.lives()) else {
                continue;
            };
            let arrived_in_time = spending
                .arrived
                .is_some_and(|arrived| arrived <= spending.left + process.lease / 2);
            let what = &spending.spent;
            if spending.taken.is_none() && arrived_in_time {
                broken = Some(format!(
                    "the answer to {what} was lost though process {} lives",
                    process.number
                ));
            }
            if spending.taken.is_none() || !spending.of_a_link {
                continue;
            }
            if spending.stored.is_none() && !self.is_superseded(&ledger, access) {
                broken = Some(format!(
                    "{access} was never stored though process {} lives",
                    process.number
                ));
            }
            // Where the store said that it failed, and others had replaced the tokens by the time it could be asked again, nobody can know.
            let is_known = |stored| {
                spending.acknowledged
                    || spending.replaced.is_none_or(|replaced| {
                        had_a_chance(&process, stored, replaced, process.time_to_store())
                    })
            };
            if spending.stored.is_some_and(is_known) && !spending.told {
                broken = Some(format!(
                    "process {} was never told of {access}, which it stored",
                    process.number
                ));
            }
        }
        for (user, standing) in &ledger.leases {
            if let Some(lease) = &standing.lease {
                broken = Some(format!(
                    "the lease {lease} stands in the record of {user} at the end"
                ));
            }
        }
        let broken = broken
            .or_else(|| self.unkept_code(&ledger))
            .or_else(|| self.untold_end(&ledger));
        drop(ledger);
        if let Some(promise) = broken {
            self.broken(format!("{promise} (after {now} µs)"));
        }
    }

    /// Whether the user has linked again since, so that tokens of the session before are nobody's any more.
    fn is_superseded(&self, ledger: &Ledger, access: &str) -> bool {
        let user = lock(&self.platform).user_of(access).map(user_id);
        let serving = user.and_then(|user| ledger.serving.get(&user));
        let session = |token: &str| place_of(token).map(|(session, _)| session);
        serving.is_none_or(|serving| session(serving) != session(access))
    }
}

/// Whether the access token has expired by the clock of a process, or was refused to it.
pub fn has_nothing_to_lose(ledger: &Ledger, process: &Process, access: &str, now: Micros) -> bool {
    let from = now.saturating_sub(FOUND);
    let latest = process.machine.latest_wall_ms(from, now);
    let expired = ledger
        .expiry_of(access)
        .is_none_or(|expires_at| expires_at <= latest);
    expired || ledger.has_refused(process.number, access)
}

/// A code leaves, once, in time.
fn code_leaves(ledger: &Ledger, process: &Process, code: &str, now: Micros) -> Result<(), String> {
    if ledger
        .spendings
        .iter()
        .any(|spending| spending.spent == code)
    {
        return Err(format!("{code} was sent a second time"));
    }
    let taken = ledger.turns.get(&process.number).copied();
    in_time(taken, now, process.lease, code)
}

/// What is good once leaves within a third of the lease, counted from before the lease was asked for.
fn in_time(taken: Option<Micros>, now: Micros, lease: Micros, what: &str) -> Result<(), String> {
    let Some(taken) = taken else {
        return Err(format!("{what} was sent without a lease"));
    };
    let late = now.saturating_sub(taken);
    if late > lease / 3 + TOLERANCE {
        return Err(format!(
            "{what} was sent {late} µs after its lease was taken"
        ));
    }
    Ok(())
}

/// What the application calls a user.
#[must_use]
pub fn user_id(user: usize) -> String {
    format!("user-{user}")
}
