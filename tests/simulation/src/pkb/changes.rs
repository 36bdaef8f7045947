//! Which changes were given to whom by `watch`, and what must hold of them: `docs/pkb.md` says what is promised.

use std::collections::BTreeMap;

use digime_sdk::Error;
use digime_sdk::connections::LinkRecord;
use digime_sdk::pkb::RecordChange;

use crate::executor::{Micros, lock};
use crate::judging::TOLERANCE;
use crate::pkb::habits::Pace;
use crate::pkb::ledger::Ledger;
use crate::pkb::platform::{place_of, public_id};
use crate::pkb::process::Process;
use crate::pkb::promises::user_id;
use crate::pkb::schedule::Schedule;

/// A change that was given.
struct Given {
    user: String,
    process: usize,
    look: Look,
    last_change: Option<String>,
    previous: Option<String>,
    /// When the next was asked for: from then on it may stand in the record that it was dealt with.
    asked: Option<Micros>,
    /// When the next was there: from then on it does, unless others had said otherwise before.
    noted: Option<Micros>,
}

/// That a process has said in a record that it looks.
#[derive(Clone, Copy, Default)]
struct Look {
    /// Which link it is, by the session of its tokens: one that is made anew is another.
    link: usize,
    /// When: between these two, since a record may also have been brought under another key.
    from: Micros,
    to: Micros,
}

/// All that were.
#[derive(Default)]
pub struct Changes {
    given: Vec<Given>,
    /// How each process last wrote into a user's record without a change of tokens: that it looks is the last that it writes before it does.
    looks: BTreeMap<(usize, String), Look>,
}

impl Changes {
    /// What is sealed of a user's link was sealed anew, and its tokens are those that it had.
    pub fn sealed_anew(
        &mut self,
        process: usize,
        [before, after]: [&LinkRecord; 2],
        token: &str,
        now: Micros,
    ) {
        let Some((link, _)) = place_of(token) else {
            return;
        };
        let own = (process, after.app_user_id.clone());
        let last = self.looks.get(&own).filter(|last| last.link == link);
        let from = last.filter(|_| before.key_id != after.key_id);
        let from = from.map_or(now, |last| last.from);
        let look = Look {
            link,
            from,
            to: now,
        };
        self.looks.insert(own, look);
    }

    /// What was given of a link, before the one with this number.
    fn of(&self, user: &str, link: usize, before: usize) -> Vec<&Given> {
        let given = self.given[..before].iter();
        let is_of_it = |given: &&Given| given.user == user && given.look.link == link;
        given.filter(is_of_it).collect()
    }

    /// Why the change with this number was given, if it should not have been.
    fn misgiven(&self, number: usize) -> Option<&'static str> {
        let given = &self.given[number];
        let of_it = self.of(&given.user, given.look.link, number);
        let is_noted = of_it.iter().any(|other| other.is_noted(given.look));
        let was_never = given.previous.is_none() && !is_noted;
        if given.last_change == given.previous && !was_never {
            return Some("in which nothing has changed");
        }
        let is_explained = was_never || may_be_last(&of_it, given.previous.as_deref(), given.look);
        (!is_explained).then_some("although another was dealt with last")
    }
}

impl Given {
    /// Whether whoever looks then finds that it was dealt with, or that others had said otherwise before.
    fn is_noted(&self, look: Look) -> bool {
        self.noted.is_some_and(|at| at <= look.from)
    }
}

/// Whether whoever looks then may find that this is what was dealt with last: no other was looked for, given and noted after it.
fn may_be_last(of_it: &[&Given], last_change: Option<&str>, look: Look) -> bool {
    let is_last = |dealt: &Given| {
        let end = dealt.noted.unwrap_or(Micros::MAX);
        let mut after = of_it.iter().filter(|other| other.look.from >= end);
        !after.any(|other| other.is_noted(look) && other.last_change.as_deref() != last_change)
    };
    of_it.iter().any(|dealt| {
        let is_asked = dealt.asked.is_some_and(|at| at <= look.to);
        let is_it = is_asked && dealt.last_change.as_deref() == last_change;
        is_it && is_last(dealt) && !came_too_late(dealt, of_it)
    })
}

/// Whether others, who had found the same as whoever was given this, had said that they had dealt with what they were given before it could be said of
/// this: then it is not noted. Not where that may be undone, since what was there before has come back.
fn came_too_late(dealt: &Given, of_it: &[&Given]) -> bool {
    let Some(asked) = dealt.asked else {
        return false;
    };
    let before = &dealt.previous;
    let is_back = of_it.iter().any(|other| other.last_change == *before);
    let was_faster = |other: &&&Given| {
        other.previous == *before
            && other.asked.is_some_and(|at| at >= dealt.look.to)
            && other.noted.is_some_and(|at| at <= asked)
    };
    !is_back && of_it.iter().any(|other| was_faster(&other))
}

impl Schedule {
    /// The application of a process was given a change; gives its number.
    pub fn gives_change(&self, process: &Process, change: &RecordChange) -> usize {
        let now = self.executor.now();
        self.trace(|| {
            let (user, previous) = (&change.app_user_id, change.previous.as_deref());
            let last = change.last_change.as_deref();
            format!(
                "process {} is given the change of {user} from {previous:?} to {last:?}",
                process.number
            )
        });
        let mut users = 0..self.app.users;
        let user = users.find(|user| user_id(*user) == change.app_user_id);
        let mut ledger = self.ledger();
        let own = (process.number, change.app_user_id.clone());
        let look = ledger.changes.looks.get(&own).copied();
        ledger.changes.given.push(Given {
            user: change.app_user_id.clone(),
            process: process.number,
            look: look.unwrap_or_default(),
            last_change: change.last_change.clone(),
            previous: change.previous.clone(),
            asked: None,
            noted: None,
        });
        let number = ledger.changes.given.len() - 1;
        let misgiven = ledger.changes.misgiven(number);
        drop(ledger);
        let is_of_the_user = user.is_some_and(|user| {
            let platform = lock(&self.platform);
            let last_change = change.last_change.as_deref();
            change.public_id == public_id(user)
                && look.is_some_and(|look| platform.data.was(user, last_change, look.from, now))
        });
        let broken = match (look, is_of_the_user) {
            (None, _) => Some("that it has not looked for"),
            (_, false) => Some("that was not there"),
            _ => misgiven,
        };
        if let Some(broken) = broken {
            self.broken(format!(
                "process {} was given a change of {} {broken}",
                process.number, change.app_user_id
            ));
        }
        number
    }

    /// Who was given a change asks for the next.
    pub fn asks_for_next(&self, given: Option<usize>) {
        let now = self.executor.now();
        let mut ledger = self.ledger();
        if let Some(given) = given.map(|given| &mut ledger.changes.given[given]) {
            given.asked.get_or_insert(now);
        }
    }

    /// The next is there: the change before has been noted.
    pub fn is_noted(&self, given: Option<usize>) {
        let now = self.executor.now();
        let mut ledger = self.ledger();
        if let Some(given) = given.map(|given| &mut ledger.changes.given[given]) {
            given.noted = Some(now);
        }
    }

    /// A watch that began then has failed: that has to have a reason that was there for as long as a record is not looked at again.
    pub fn watch_fails(&self, process: &Process, pace: Pace, began: Micros, error: &Error) {
        let now = self.executor.now();
        self.trace(|| format!("process {} watches no more: {error}", process.number));
        let since = began.max(*lock(&process.looked));
        let passed = now.saturating_sub(since);
        let long = passed + passed / 5000 + TOLERANCE >= pace.every;
        if !long && !process.machine.was_set(since, now) {
            self.broken(format!(
                "the watch of process {} ended {passed} µs after it could last look: {error}",
                process.number
            ));
        }
    }

    /// All is well, and has been for long: what was not dealt with by anybody.
    pub fn left_undone(&self, ledger: &Ledger) -> Option<String> {
        let now = self.executor.now();
        (0..self.app.users).find_map(|user| {
            let name = user_id(user);
            let (link, _) = place_of(ledger.serving.get(&name)?)?;
            let last_change = lock(&self.platform).data.last_change(user);
            let changes = &ledger.changes;
            let of_it = changes.of(&name, link, changes.given.len());
            let (from, to) = (now, now);
            let is_done = may_be_last(&of_it, last_change.as_deref(), Look { link, from, to });
            (!is_done).then(|| {
                let given = of_it
                    .iter()
                    .map(|given| (given.process, &given.last_change));
                let given: Vec<_> = given.collect();
                format!(
                    "{last_change:?} of {name} was dealt with by nobody, but {given:?} were given"
                )
            })
        })
    }
}
