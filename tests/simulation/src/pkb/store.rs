//! A store that processes share and that compares and swaps as a real one does, and all that may happen on the way to it and back.

use std::sync::{Arc, Mutex};

use digime_sdk::connections::{
    AttemptRecord, LinkKey, LinkRecord, LinkStatus, LinkStore, StoreFailure, Stored,
};
use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::executor::{MILLISECOND, Micros, Owner, SECOND, lock};
use crate::faults::Kind;
use crate::pkb::process::Process;
use crate::pkb::schedule::Schedule;
use crate::pkb::written::Written;

/// The longest that any store leaves a question unanswered.
const LONGEST: Micros = 15 * SECOND;

/// When the store cannot be used, or not by some.
#[derive(Default)]
pub struct Weather {
    /// Of each machine: until when it does not reach the store.
    pub partitioned: Vec<Micros>,
    /// Until when nobody does.
    pub restarts: Micros,
    /// Until when nothing can be written.
    pub full: Micros,
}

impl Weather {
    /// Whether a machine does not reach the store.
    fn is_out(&self, machine: usize, now: Micros) -> bool {
        now < self.restarts || now < self.partitioned[machine]
    }
}

/// A process' way to the store.
pub struct Store {
    pub schedule: Arc<Schedule>,
    pub process: Arc<Process>,
}

/// What becomes of one question.
struct Fate {
    /// How long it is on its way, and its answer.
    there: Micros,
    back: Micros,
    /// Whether it never arrives.
    fails: bool,
    /// Whether its answer is that it failed, although it did not.
    unacknowledged: bool,
    /// Whether that is said before it is done.
    commits_late: bool,
    /// When all of that is over, where the machine does not stand still meanwhile.
    ends: Micros,
}

fn failure() -> StoreFailure {
    StoreFailure::new("the store of the simulation is out of order")
}

impl Store {
    /// How often a user was unlinked.
    fn unlinked(&self, user: &str) -> Option<u64> {
        self.schedule.ledger().unlinked.get(user).copied()
    }

    /// The store says to the process that a change is done.
    fn acknowledged(&self, done: &Written) {
        if let Some(ended) = done.ended.clone() {
            let now = self.schedule.executor.now();
            let served = &mut self.schedule.ledger().served;
            served.end_acknowledged(self.process.number, ended, now);
        }
    }

    /// The store says to the process whether it has changed what the process has read.
    fn hears(&self, changed: Option<bool>) {
        if changed == Some(false) {
            let now = self.schedule.executor.now();
            lock(&self.process.conflicts).push(now);
        }
    }

    fn fate(&self, writes: bool) -> Fate {
        let Self { schedule, process } = self;
        let machine = process.machine.number;
        let now = schedule.executor.now();
        let strikes = |kind| schedule.strikes(kind, machine);
        let long = |chance: &mut crate::chance::Chance| match chance.below(3) {
            0 => chance.between(10 * MILLISECOND, SECOND),
            1 => chance.between(SECOND, schedule.lease.min(LONGEST)),
            _ => chance.between(schedule.lease.min(LONGEST) / 2, LONGEST),
        };
        let window =
            |chance: &mut crate::chance::Chance| now + chance.between(SECOND, schedule.lease * 3);
        if let Some(mut chance) = strikes(Kind::Partition) {
            let until = window(&mut chance);
            lock(&schedule.weather).partitioned[machine] = until;
            schedule.trouble(Some(machine), now, until, "does not reach the store");
        }
        if let Some(mut chance) = strikes(Kind::StoreRestarts) {
            let until = window(&mut chance);
            lock(&schedule.weather).restarts = until;
            schedule.trouble(None, now, until, "do not reach the store");
        }
        let mut fate = Fate {
            there: schedule.latency(),
            back: schedule.latency(),
            fails: false,
            unacknowledged: false,
            commits_late: false,
            ends: now,
        };
        if let Some(mut chance) = strikes(Kind::StoreSlow) {
            if chance.once_in(3) {
                fate.there = long(&mut chance);
            } else {
                fate.back = long(&mut chance);
            }
        }
        if let Some(mut chance) = strikes(Kind::StoreFails) {
            fate.fails = true;
            fate.back = chance.one_of(&[0, 0, SECOND, 10 * SECOND]);
        }
        if writes {
            if let Some(mut chance) = strikes(Kind::DiskFull) {
                let until = window(&mut chance);
                lock(&schedule.weather).full = until;
                schedule.trouble(None, now, until, "find the disk full");
            }
            if let Some(mut chance) = strikes(Kind::Unacknowledged) {
                fate.unacknowledged = true;
                fate.back = chance.one_of(&[0, 0, SECOND, 10 * SECOND]);
            }
            if let Some(mut chance) = strikes(Kind::CommitsLate) {
                fate.commits_late = true;
                fate.back = long(&mut chance);
            }
        }
        let ends = now + fate.there + fate.back;
        fate.ends = ends;
        if ends > now + 10 * MILLISECOND || fate.fails || fate.unacknowledged || fate.commits_late {
            schedule.trouble(Some(machine), now, ends, "has trouble with the store");
        }
        fate
    }

    async fn reads<T>(
        &self,
        read: impl Future<Output = Result<T, StoreFailure>>,
    ) -> Result<T, StoreFailure> {
        let Self { schedule, process } = self;
        let (executor, machine) = (&schedule.executor, process.machine.number);
        let fate = self.fate(false);
        executor.after(fate.there).await;
        // The answer to a process that stood still meanwhile is later than was foreseen.
        let (now, ends) = (executor.now(), executor.now() + fate.back);
        if ends > fate.ends + 10 * MILLISECOND {
            schedule.trouble(Some(machine), now, ends, "has trouble with the store");
        }
        if lock(&schedule.weather).is_out(machine, executor.now()) || fate.fails {
            executor.after(fate.back).await;
            return Err(failure());
        }
        let found = read.await?;
        executor.after(fate.back).await;
        if lock(&schedule.weather).is_out(machine, executor.now()) {
            return Err(failure());
        }
        Ok(found)
    }

    /// Writes, whatever becomes of who writes: what is on its way to a store arrives.
    async fn writes(
        &self,
        write: impl FnOnce(&Schedule, &Process) -> bool + Send + 'static,
    ) -> Result<bool, StoreFailure> {
        let (schedule, process) = (Arc::clone(&self.schedule), Arc::clone(&self.process));
        let machine = process.machine.number;
        let fate = self.fate(true);
        let (says, said) = oneshot::channel();
        self.schedule.executor.spawn(Owner::Outside, async move {
            let executor = &schedule.executor;
            executor.after(fate.there).await;
            let weather = |now| {
                let weather = lock(&schedule.weather);
                (weather.is_out(machine, now), now < weather.full)
            };
            let (out, full) = weather(executor.now());
            if out || full || fate.fails {
                executor.after(fate.back).await;
                // Who has gone hears nothing.
                let _ = says.send(Err(failure()));
                return;
            }
            if fate.commits_late {
                let _ = says.send(Err(failure()));
                executor.after(fate.back).await;
                // Whoever asked has looked whether it stands, and let go: of what is written now nobody knows.
                process.has_trouble(executor.now(), executor.now() + 1);
                write(&schedule, &process);
                return;
            }
            let written = write(&schedule, &process);
            executor.after(fate.back).await;
            let (out, _) = weather(executor.now());
            let answer = if out || fate.unacknowledged {
                Err(failure())
            } else {
                Ok(written)
            };
            let _ = says.send(answer);
        });
        said.await.unwrap_or_else(|_| Err(failure()))
    }
}

/// What the records give at once, as those in memory do.
fn at_once<T>(found: impl Future<Output = Result<T, StoreFailure>>) -> Option<T> {
    found.now_or_never().and_then(Result::ok)
}

impl Schedule {
    /// The link of a user as it is stored.
    pub fn stored(&self, key: LinkKey<'_>) -> Option<LinkRecord> {
        at_once(self.records.link(key)).flatten()
    }
}

impl LinkStore for Store {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        let Self { schedule, process } = self;
        // What the records have when they are asked is what is found.
        let (found, asked) = (schedule.records.link(key), schedule.executor.now());
        // Of a link that is over, too: who finds out that it is may find newer tokens there.
        let token = schedule.ledger().serving.get(key.app_user_id).cloned();
        Box::pin(self.reads(async move {
            let found = found.await;
            if let Some(token) = token {
                let served = &mut schedule.ledger().served;
                served.reads(process.number, token, asked);
            }
            found
        }))
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(self.reads(self.schedule.records.links_of(platform, public_id)))
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        Box::pin(self.reads(self.schedule.records.links_after(platform, after, limit)))
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        let link = link.clone();
        let user = link.app_user_id.clone();
        let has_no_lease = link.lease.is_none();
        let written_at = Arc::new(Mutex::new(None));
        let writes_at = Arc::clone(&written_at);
        let is_over = link.status == LinkStatus::Expired;
        // No client can mend that a link comes to stand where it was removed since.
        let made_before = expected.is_none().then(|| self.unlinked(&user));
        let written = self.writes(move |schedule, process| {
            let unlinked = schedule.ledger().unlinked.get(&link.app_user_id).copied();
            if made_before.is_some_and(|before| before != unlinked) {
                return false;
            }
            let key = LinkKey {
                platform: &link.platform,
                app_user_id: &link.app_user_id,
            };
            let before = schedule.stored(key);
            let written = at_once(schedule.records.put_link(&link, expected)) == Some(true);
            if written {
                let done = schedule.writes_link(process, before.as_ref(), &link);
                *lock(&writes_at) = Some(done);
            }
            written
        });
        Box::pin(async move {
            let written = written.await;
            let done = lock(&written_at).take();
            self.hears(written.as_ref().ok().copied());
            if let (Ok(true), Some(done)) = (&written, done) {
                self.acknowledged(&done);
                let process = self.process.number;
                let mut ledger = self.schedule.ledger();
                if let Some(access) = done.brought.filter(|_| has_no_lease) {
                    ledger.acknowledged(process, &access);
                }
                if is_over && has_no_lease {
                    ledger.end_acknowledged(process, &user, done.at);
                }
            }
            written
        })
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        let (platform, user) = (key.platform.to_owned(), key.app_user_id.to_owned());
        let ended_at = Arc::new(Mutex::new(None));
        let removes_at = Arc::clone(&ended_at);
        let removed = self.writes(move |schedule, process| {
            let key = LinkKey {
                platform: &platform,
                app_user_id: &user,
            };
            let before = schedule.stored(key);
            let removed = at_once(schedule.records.remove_link(key, version)) == Some(true);
            if removed {
                let done = schedule.removes_link(process, before.as_ref(), &user);
                *lock(&removes_at) = Some(done);
            }
            removed
        });
        Box::pin(async move {
            let removed = removed.await;
            self.hears(removed.as_ref().ok().copied());
            if let (Ok(true), Some(done)) = (&removed, lock(&ended_at).take()) {
                self.acknowledged(&done);
            }
            removed
        })
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        Box::pin(self.reads(self.schedule.records.attempt(platform, id)))
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        let attempt = attempt.clone();
        let written = self.writes(move |schedule, process| {
            let records = &schedule.records;
            let before = at_once(records.attempt(&attempt.platform, &attempt.id)).flatten();
            let written = at_once(records.put_attempt(&attempt, expected)) == Some(true);
            if written {
                schedule.writes_attempt(process, before.as_ref(), &attempt);
            }
            written
        });
        Box::pin(async move {
            let written = written.await;
            self.hears(written.as_ref().ok().copied());
            written
        })
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        let platform = platform.to_owned();
        let removed = self.writes(move |schedule, _| {
            at_once(schedule.records.remove_attempts(&platform, expired_before)).is_some()
        });
        Box::pin(async move { removed.await.map(drop) })
    }

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        let (platform, user) = (key.platform.to_owned(), key.app_user_id.to_owned());
        let removed = self.writes(move |schedule, _| {
            let key = LinkKey {
                platform: &platform,
                app_user_id: &user,
            };
            let now = schedule.executor.now();
            schedule.ledger().attempts.are_removed(&user, now);
            at_once(schedule.records.remove_attempts_of(key)).is_some()
        });
        Box::pin(async move { removed.await.map(drop) })
    }
}
