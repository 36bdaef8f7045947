//! The course of a schedule: the storm, and that all is well again when it is over.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use digime_sdk::Error;
use digime_sdk::digime::{CloseOptions, UserAccessToken};
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::digime::application;
use crate::digime::calls::{Calls, Made};
use crate::digime::process::Process;
use crate::digime::schedule::Schedule;
use crate::executor::{MILLISECOND, Owner, SECOND, lock};

/// How long may pass until nothing is left of a storm: what is late, what is silent, and keys of the platform that could not be had.
const QUIET: u64 = 400 * SECOND;
/// How long a client waits at its end for what is under way, in milliseconds.
const CLOSING: u64 = 30_000;

/// Lets a schedule take its course.
pub async fn direct(schedule: Arc<Schedule>) {
    let machines = 0..schedule.machines.len();
    for machine in machines.clone() {
        schedule.start(machine);
    }
    schedule.let_strike(true);
    for machine in machines.clone() {
        if let Some(process) = schedule.living(machine) {
            application::work(&schedule, &process);
        }
    }
    let executor = Arc::clone(&schedule.executor);
    let storm = schedule.chance(|chance| chance.between(schedule.life, schedule.life * 3));
    executor.after(storm.min(200 * SECOND)).await;
    schedule.let_strike(false);
    schedule.trace(|| "the storm is over".to_owned());
    comes_to_rest(&schedule).await;
    executor.after(QUIET).await;
    for _ in 0..2 {
        lock(&schedule.platform).expire_all();
        for machine in machines.clone() {
            all_succeed(&schedule, machine).await;
        }
    }
    for machine in machines {
        if let Some(process) = schedule.living(machine) {
            closes(&schedule, &process).await;
        }
    }
    schedule.is_settled();
    schedule.is_uploaded_right();
    schedule.ends();
}

/// Waits until all processes are there and have nothing to do.
async fn comes_to_rest(schedule: &Arc<Schedule>) {
    let executor = &schedule.executor;
    let is_there = |machine: usize| schedule.living(machine).is_some();
    while !(0..schedule.machines.len()).all(is_there) {
        executor.after(SECOND).await;
    }
    schedule.stops.store(true, Ordering::Relaxed);
    let until = executor.now() + schedule.life + schedule.call * 6 + 900 * SECOND;
    while schedule.callers.load(Ordering::Relaxed) > 0 {
        executor.after(SECOND).await;
        if executor.now() > until {
            return schedule.broken("a call goes on for ever".to_owned());
        }
    }
    let still = schedule
        .machines
        .iter()
        .map(|machine| machine.stands_until());
    executor.until(still.max().unwrap_or_default()).await;
}

/// Lets a process do something; none if it cannot.
async fn by<T: Send + 'static>(
    schedule: &Arc<Schedule>,
    process: &Arc<Process>,
    work: impl for<'a> FnOnce(Calls<'a>) -> BoxFuture<'a, T> + Send + 'static,
) -> Option<T> {
    let (done, awaited) = oneshot::channel();
    let client = process.client()?;
    let (within, by) = (Arc::clone(schedule), Arc::clone(process));
    let work = async move {
        let calls = Calls {
            schedule: &within,
            process: &by,
            client: &client,
        };
        // The director waits for it.
        let _ = done.send(work(calls).await);
    };
    schedule
        .executor
        .spawn(Owner::Process(process.number), work);
    awaited.await.ok()
}

type Call = for<'a> fn(&'a Calls<'a>, &'a UserAccessToken) -> BoxFuture<'a, Made<()>>;

/// What is done for each user when the storm is over.
const CALLS: [(&str, Call); 6] = [
    ("a push", |calls, token| Box::pin(calls.pushes(token))),
    ("a push to a provider", |calls, token| {
        Box::pin(calls.pushes_to_provider(token))
    }),
    ("a session", |calls, token| {
        Box::pin(calls.begins_session(token))
    }),
    ("reading all files", |calls, token| {
        Box::pin(calls.reads_files(token))
    }),
    ("an upload", |calls, token| Box::pin(calls.uploads(token))),
    ("a download", |calls, _| Box::pin(calls.downloads())),
];

/// Lets the process of a machine make every call: all succeed, once the user has consented again where what they gave is over.
async fn all_succeed(schedule: &Arc<Schedule>, machine: usize) {
    let Some(process) = schedule.living(machine) else {
        return;
    };
    for (name, call) in CALLS {
        let mut may_fail = true;
        loop {
            let outcome = by(schedule, &process, move |calls| {
                Box::pin(async move {
                    if calls.token().is_none() {
                        calls.consents().await;
                    }
                    // A code that was spent in the storm is of no use, and another is asked for.
                    if calls.token().is_none() {
                        calls.consents().await;
                    }
                    let token = calls.token()?;
                    Some(call(&calls, &token).await)
                })
            });
            match outcome.await.flatten().flatten() {
                Some(Ok(())) => break,
                Some(Err(error)) if may_fail && is_to_be_repeated(schedule, machine, &error) => {
                    may_fail = false;
                }
                Some(Err(error)) => {
                    return schedule
                        .broken(format!("{name} fails where nothing is wrong: {error}"));
                }
                None => {
                    return schedule
                        .broken(format!("{name} cannot be made where nothing is wrong"));
                }
            }
        }
    }
}

/// Whether a call failed since what the user gave is over, and they are to be asked again; or to hand over what the storm has left.
fn is_to_be_repeated(schedule: &Schedule, machine: usize, error: &Error) -> bool {
    let account = lock(&schedule.accounts[machine]);
    error.user_access_token().is_some()
        || (application::is_refused(error) && account.token.is_none())
}

/// Closes a client: nothing is left of it.
async fn closes(schedule: &Arc<Schedule>, process: &Arc<Process>) {
    let closed = by(schedule, process, |calls| {
        Box::pin(async move {
            let options = CloseOptions::builder().timeout(CLOSING).build();
            let closed = calls.client.close(options).await;
            closed.is_ok_and(|closed| closed.finished)
        })
    });
    if closed.await != Some(true) {
        return schedule.broken(format!(
            "something of process {} is under way for ever",
            process.number
        ));
    }
    schedule.executor.after(MILLISECOND).await;
    let left = schedule.executor.count(Owner::Process(process.number));
    if left > 0 {
        schedule.broken(format!(
            "{left} tasks of process {} are left",
            process.number
        ));
    }
}
