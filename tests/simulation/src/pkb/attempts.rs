//! What must hold of attempts to link: that nobody takes one over before its lease has lasted, and that what came of a code is kept.

use std::collections::BTreeMap;

use digime_sdk::connections::{AttemptRecord, AttemptStatus};

use crate::executor::{Micros, lock};
use crate::judging::TOLERANCE;
use crate::pkb::ledger::{Ledger, issued};
use crate::pkb::process::Process;
use crate::pkb::promises::user_id;
use crate::pkb::schedule::Schedule;

/// Whose turn it is, and what was kept.
#[derive(Default)]
pub struct Attempts {
    /// Of each attempt that somebody is at: which process it is, and since when. Its lease may have begun anew since, so it lasts no shorter than
    /// from then on; what is sealed of it is not looked at.
    turns: BTreeMap<String, (usize, Micros)>,
    /// When each process last stored tokens in an attempt that was begun for a user.
    kept: BTreeMap<(usize, String), Micros>,
    /// When the attempts of each user were last removed.
    removed: BTreeMap<String, Micros>,
}

fn is_at_it(status: AttemptStatus) -> bool {
    matches!(status, AttemptStatus::Exchanging | AttemptStatus::Linking)
}

impl Attempts {
    /// The attempts of a user were removed.
    pub fn are_removed(&mut self, user: &str, now: Micros) {
        self.removed.insert(user.to_owned(), now);
    }

    /// When the attempts of a user were last removed.
    pub fn removed(&self, user: &str) -> Option<&Micros> {
        self.removed.get(user)
    }

    /// An attempt was written; gives who was at it, and for how long, where another has taken it over.
    fn written(
        &mut self,
        process: usize,
        before: Option<&AttemptRecord>,
        after: &AttemptRecord,
        now: Micros,
    ) -> Option<(usize, Micros)> {
        let stood = before.map(|before| before.status);
        if after.status == AttemptStatus::Exchanged {
            let own = (process, after.app_user_id.clone());
            self.kept.insert(own, now);
        }
        let is_busy = is_at_it(after.status);
        if is_busy && stood.is_none_or(|stood| !is_at_it(stood)) {
            self.turns.insert(after.id.clone(), (process, now));
            return None;
        }
        let left_behind = matches!(
            (stood, after.status),
            (
                Some(AttemptStatus::Exchanging),
                AttemptStatus::Failed | AttemptStatus::Pending
            ) | (Some(AttemptStatus::Linking), AttemptStatus::Exchanged)
        );
        let turn = if is_busy {
            self.turns.get(&after.id).copied()
        } else {
            self.turns.remove(&after.id)
        };
        let (holder, since) = turn.filter(|_| left_behind)?;
        (holder != process).then(|| (holder, now.saturating_sub(since)))
    }
}

impl Schedule {
    /// An attempt to link was written.
    pub fn writes_attempt(
        &self,
        process: &Process,
        before: Option<&AttemptRecord>,
        attempt: &AttemptRecord,
    ) {
        let now = self.executor.now();
        self.trace(|| {
            format!(
                "process {} writes an attempt: version {}, {:?}",
                process.number, attempt.version, attempt.status
            )
        });
        let mut ledger = self.ledger();
        if is_at_it(attempt.status) {
            ledger.turns.insert(process.number, now);
        }
        let attempts = &mut ledger.attempts;
        let taken_over = attempts.written(process.number, before, attempt, now);
        drop(ledger);
        let lasts = |holder: usize| self.process(holder).lease;
        let too_soon = taken_over.filter(|(holder, lasted)| lasted + TOLERANCE < lasts(*holder));
        if let Some((_, lasted)) = too_soon {
            self.broken(format!(
                "process {} took an attempt over whose lease had lasted for {lasted} µs",
                process.number
            ));
        }
    }

    /// All is over: the code of which the tokens were kept nowhere, though who had them lives. Where the user was unlinked meanwhile, there is
    /// no attempt any more to keep them.
    pub fn unkept_code(&self, ledger: &Ledger) -> Option<String> {
        let unkept = ledger.spendings.iter().find(|spending| {
            let of_a_code = spending.spent.starts_with("code");
            let (Some(taken), Some(access)) = (spending.taken, issued(spending)) else {
                return false;
            };
            let user = lock(&self.platform).user_of(access).map(user_id);
            let user = user.unwrap_or_default();
            let attempts = &ledger.attempts;
            let removed = attempts.removed.get(&user);
            let kept = attempts.kept.get(&(spending.process, user.clone()));
            // They may have been removed since the turn was taken.
            let turn = self.process(spending.process).lease / 3;
            of_a_code
                && self.process(spending.process).lives()
                && removed.is_none_or(|at| *at < spending.left.saturating_sub(turn))
                && kept.is_none_or(|at| *at < taken.at)
        })?;
        Some(format!(
            "what came of {} was never stored though process {} lives",
            unkept.spent, unkept.process
        ))
    }
}
