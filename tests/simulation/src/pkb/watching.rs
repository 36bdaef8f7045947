//! An application that watches for changes of records: it deals with them, leaves now and then, and begins again.

use std::sync::Arc;

use digime_sdk::ErrorKind;
use digime_sdk::pkb::{Client, WatchOptions};
use futures_util::future::{Either, select};

use crate::executor::{Micros, Owner, SECOND};
use crate::faults::Kind;
use crate::pkb::habits::Pace;
use crate::pkb::process::Process;
use crate::pkb::schedule::Schedule;

/// Lets a process watch, if that is what the application of its machine does.
pub fn watch(schedule: &Arc<Schedule>, process: &Arc<Process>) {
    let pace = schedule.habits.pace_of(process.machine.number);
    let (Some(pace), Some(client)) = (pace, process.client()) else {
        return;
    };
    let watcher = Watcher {
        schedule: Arc::clone(schedule),
        process: Arc::clone(process),
        client,
        pace,
    };
    let owner = Owner::Process(process.number);
    let executor = Arc::clone(&schedule.executor);
    executor.spawn(owner, async move {
        while !matches!(watcher.iterate().await, Ended::Closed) {
            watcher.schedule.executor.after(SECOND).await;
        }
    });
}

/// Lets the data of patients change, as long as the storm lasts.
pub fn let_data_change(schedule: &Arc<Schedule>) {
    let Some(pace) = schedule.habits.pace() else {
        return;
    };
    let changing = Arc::clone(schedule);
    schedule.executor.spawn(Owner::Outside, async move {
        while !changing.app.is_over() {
            let pause = changing.chance(|chance| chance.between(SECOND / 10, pace.every * 3));
            changing.executor.after(pause).await;
            let patient = changing.chance(|chance| chance.place(changing.app.users));
            changing.changes_data(patient);
        }
    });
}

/// How an iteration ends.
enum Ended {
    /// It is left, or fails: another may be begun.
    Left,
    /// The client is closed.
    Closed,
}

struct Watcher {
    schedule: Arc<Schedule>,
    process: Arc<Process>,
    client: Client,
    pace: Pace,
}

impl Watcher {
    /// One iteration, from its beginning to its end.
    async fn iterate(&self) -> Ended {
        let (schedule, process) = (&self.schedule, &self.process);
        let options = WatchOptions::builder()
            .every(self.pace.every_ms())
            .per_second(self.pace.per_second);
        let mut watch = match self.client.watching(options.build()) {
            Ok(watch) => watch,
            Err(error) => {
                schedule.broken(format!("it cannot be watched: {error}"));
                return Ended::Closed;
            }
        };
        schedule.trace(|| format!("process {} begins to watch", process.number));
        let mut began = schedule.executor.now();
        let mut given = None;
        loop {
            schedule.asks_for_next(given);
            let next = Box::pin(watch.next());
            let outcome = match select(next, schedule.executor.after(self.patience())).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) if self.leaves() => return Ended::Left,
                // Who waits for something else beside it asks again.
                Either::Right(_) => continue,
            };
            match outcome {
                Ok(change) => {
                    schedule.is_noted(given);
                    given = Some(schedule.gives_change(process, &change));
                    schedule.executor.after(self.work()).await;
                    if self.leaves() {
                        return Ended::Left;
                    }
                }
                Err(error) if matches!(error.kind(), ErrorKind::ClientClosed) => {
                    if !schedule.app.is_closing() {
                        schedule.broken("a client was closed by nobody".to_owned());
                    }
                    return Ended::Closed;
                }
                Err(error) => {
                    schedule.watch_fails(process, self.pace, began, &error);
                    if self.leaves() {
                        return Ended::Left;
                    }
                    began = schedule.executor.now();
                }
            }
        }
    }

    /// How long the next is waited for.
    fn patience(&self) -> Micros {
        let (schedule, machine) = (&self.schedule, self.process.machine.number);
        let cancelled = schedule.strikes(Kind::Cancel, machine);
        cancelled.map_or(Micros::MAX, |mut chance| chance.below(self.pace.every * 2))
    }

    /// How long the application deals with a change: longer than others wait, now and then.
    fn work(&self) -> Micros {
        if self.schedule.app.is_over() {
            return 0;
        }
        self.schedule.chance(|chance| match chance.below(4) {
            0 | 1 => 0,
            2 => chance.below(SECOND),
            _ => chance.below(self.pace.every * 2),
        })
    }

    /// Whether it is left now: what was given last was not dealt with.
    fn leaves(&self) -> bool {
        let schedule = &self.schedule;
        let leaves = !schedule.app.is_over() && schedule.chance(|chance| chance.once_in(6));
        if leaves {
            schedule.trace(|| format!("process {} leaves its watch", self.process.number));
        }
        leaves
    }
}
