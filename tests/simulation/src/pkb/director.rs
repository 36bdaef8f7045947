//! The course of a schedule: what goes before the storm, the storm, and that all is well again when it is over.

use std::sync::Arc;

use digime_sdk::pkb::{CloseOptions, Failure};
use digime_sdk::{Error, ErrorKind};
use futures_util::future::join_all;
use tokio::sync::oneshot;

use crate::executor::{MILLISECOND, Owner, SECOND, lock};
use crate::judging::is_call_timeout;
use crate::pkb::application::{self, Calls};
use crate::pkb::process::Process;
use crate::pkb::promises::user_id;
use crate::pkb::schedule::Schedule;
use crate::pkb::watching::let_data_change;

/// How long may pass, beside two leases, until nothing is left of a storm: what failed then is tried again after half a minute at most.
const QUIET: u64 = 45 * SECOND;
/// How long a client waits at its end for what is under way, in milliseconds.
const CLOSING: u64 = 30_000;

/// Lets a schedule take its course.
pub async fn direct(schedule: Arc<Schedule>) {
    let machines = 0..schedule.machines.len();
    for machine in machines.clone() {
        schedule.start(machine);
    }
    if schedule.chance(|chance| chance.once_in(2)) {
        for user in 0..schedule.app.users {
            links(&schedule, user).await;
        }
    }
    schedule.let_strike(true);
    for process in living(&schedule) {
        application::work(&schedule, &process);
    }
    let_data_change(&schedule);
    let storm = schedule.chance(|chance| chance.between(schedule.life, schedule.life * 4));
    let executor = Arc::clone(&schedule.executor);
    let ends = executor.now() + storm;
    if schedule.app.rotates {
        changes_keys(&schedule, ends).await;
    }
    executor.until(ends).await;
    schedule.let_strike(false);
    schedule.trace(|| "the storm is over".to_owned());
    comes_to_rest(&schedule).await;
    let lease = schedule.habits.longest_lease(schedule.lease);
    executor.after(lease * 2 + QUIET).await;
    for _ in 0..2 {
        lock(&schedule.platform).expire_all();
        for user in 0..schedule.app.users {
            all_succeed(&schedule, user).await;
        }
    }
    all_is_dealt_with(&schedule).await;
    if schedule.app.may_rotate() {
        let process = &living(&schedule)[0];
        let rotated = by(&schedule, process, |calls| {
            Box::pin(async move { calls.rotates().await })
        })
        .await;
        if rotated.flatten() != Some(true) {
            schedule.broken("not all links could be encrypted anew".to_owned());
        }
    }
    schedule.app.close();
    for process in living(&schedule) {
        closes(&schedule, &process).await;
    }
    schedule.is_settled();
    schedule.ends();
}

/// The processes that live.
fn living(schedule: &Schedule) -> Vec<Arc<Process>> {
    let machines = 0..schedule.machines.len();
    machines
        .filter_map(|machine| schedule.living(machine))
        .collect()
}

/// The change of the encryption key, as the documentation has it: each step for all before the next begins.
async fn changes_keys(schedule: &Arc<Schedule>, ends: u64) {
    let executor = &schedule.executor;
    for _ in 0..2 {
        for machine in 0..schedule.machines.len() {
            let pause = schedule.chance(|chance| chance.between(0, 10 * SECOND));
            executor.after(pause).await;
            // One that is not there starts with the next step.
            schedule.app.goes_on(machine);
            if let Some(process) = schedule.living(machine) {
                schedule.kill(&process);
                application::restart(schedule, machine, MILLISECOND);
            }
            if executor.now() >= ends {
                return;
            }
            while schedule.living(machine).is_none() {
                executor.after(SECOND).await;
            }
        }
    }
}

/// Waits until all processes are there and have nothing to do.
async fn comes_to_rest(schedule: &Arc<Schedule>) {
    let (executor, machines) = (&schedule.executor, &schedule.machines);
    let is_there = |machine: usize| schedule.living(machine).is_some();
    while !(0..machines.len()).all(is_there) {
        executor.after(SECOND).await;
    }
    schedule.app.stop();
    let lease = schedule.habits.longest_lease(schedule.lease);
    let longest = schedule.life + schedule.call * 3 + lease * 3 + 60 * SECOND;
    let until = executor.now() + longest;
    while !schedule.app.has_stopped() {
        executor.after(SECOND).await;
        if executor.now() > until {
            return schedule.broken("a call goes on for ever".to_owned());
        }
    }
    let still = machines.iter().map(|machine| machine.stands_until());
    executor.until(still.max().unwrap_or_default()).await;
}

type Work<'a, T> = futures_util::future::BoxFuture<'a, T>;

/// Lets a process do something; none if it cannot.
async fn by<T: Send + 'static>(
    schedule: &Arc<Schedule>,
    process: &Arc<Process>,
    work: impl for<'a> FnOnce(Calls<'a>) -> Work<'a, T> + Send + 'static,
) -> Option<T> {
    let (done, awaited) = oneshot::channel();
    let owner = Owner::Process(process.number);
    let client = process.client()?;
    let (within, process) = (Arc::clone(schedule), Arc::clone(process));
    schedule.executor.spawn(owner, async move {
        let calls = Calls {
            schedule: &within,
            process: &process,
            client: &client,
        };
        // The director waits for it.
        let _ = done.send(work(calls).await);
    });
    awaited.await.ok()
}

/// Links a user, with no fault about.
async fn links(schedule: &Arc<Schedule>, user: usize) {
    let process = &living(schedule)[0];
    let linked = by(schedule, process, move |calls| {
        Box::pin(async move {
            calls.begins(user).await;
            let address = calls.came_back_to(user)?;
            calls.completes(user, &address).await
        })
    });
    if linked.await.flatten() != Some(true) {
        schedule.broken(format!(
            "{} cannot be linked where nothing is wrong",
            user_id(user)
        ));
    }
}

/// Lets every process make a call for a user: all succeed, once the user has linked again where their session is over.
async fn all_succeed(schedule: &Arc<Schedule>, user: usize) {
    // Whoever died may have left a lease behind, which holds the others up for as long as it lasts and little longer.
    let lease = schedule.habits.longest_lease(schedule.lease);
    let held_up = schedule.executor.now() + lease * 3 / 2;
    let mut has_linked_again = false;
    loop {
        let processes = living(schedule);
        let calls = processes.iter().map(|process| {
            by(schedule, process, move |calls| {
                Box::pin(async move { calls.reads(user).await })
            })
        });
        let (mut is_over, mut waits) = (false, false);
        let began = schedule.executor.now();
        for outcome in join_all(calls).await {
            match outcome.flatten() {
                Some(Ok(())) => {}
                Some(Err(error)) if is_call_timeout(&error) && began < held_up => waits = true,
                // Whoever watches may be about to replace a token that is forbidden from then on, by a clock that is ahead.
                Some(Err(error)) if is_forbidden(schedule, &error) && began < held_up => {
                    waits = true;
                }
                Some(Err(error)) => match Failure::of(&error) {
                    Some(Failure::LinkExpired { .. } | Failure::NotLinked) if !has_linked_again => {
                        is_over = true;
                    }
                    _ => schedule.broken(format!(
                        "a call for {} fails where nothing is wrong: {error}",
                        user_id(user)
                    )),
                },
                None => schedule.broken("a call came to no end where nothing is wrong".to_owned()),
            }
        }
        if is_over {
            has_linked_again = true;
            links(schedule, user).await;
        } else if !waits {
            return;
        }
    }
}

/// Whoever watches deals with what the storm has left, and with what changes now.
async fn all_is_dealt_with(schedule: &Arc<Schedule>) {
    let Some(pace) = schedule.habits.pace() else {
        return;
    };
    for _ in 0..2 {
        // By a clock that is ahead of one's own a record was looked at later, by as long as `every` at most.
        schedule.executor.after(pace.every * 4 + 10 * SECOND).await;
        if let Some(promise) = schedule.left_undone(&schedule.ledger()) {
            schedule.broken(promise);
        }
        for patient in 0..schedule.app.users {
            schedule.changes_data(patient);
        }
    }
}

/// Whether the platform says no more of a token that was replaced.
fn is_forbidden(schedule: &Schedule, error: &Error) -> bool {
    let is_it = matches!(error.kind(), ErrorKind::Http(response) if response.status_code == 403);
    schedule.habits.forbids && schedule.habits.pace().is_some() && is_it
}

/// Closes a client: nothing is left of it.
async fn closes(schedule: &Arc<Schedule>, process: &Arc<Process>) {
    let closed = by(schedule, process, |calls| {
        Box::pin(async move {
            let options = CloseOptions::builder().timeout(CLOSING).build();
            calls
                .client
                .close(options)
                .await
                .is_ok_and(|closed| closed.finished)
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
