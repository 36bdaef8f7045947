//! The application that runs in each process: what it does for its user, one thing after another and several at once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use digime_sdk::Error;
use digime_sdk::digime::{Failure, UserAccessToken};

use crate::digime::calls::Calls;
use crate::digime::process::Process;
use crate::digime::schedule::Schedule;
use crate::executor::{Micros, Owner, SECOND, lock};

/// One who makes calls, for as long as this lives.
struct Caller(Arc<Schedule>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.callers.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Starts a process on a machine, later.
pub fn restart(schedule: &Arc<Schedule>, machine: usize, later: Micros) {
    let (schedule, waits) = (Arc::clone(schedule), schedule.executor.after(later));
    let executor = Arc::clone(&schedule.executor);
    executor.spawn(Owner::Outside, async move {
        waits.await;
        let process = schedule.start(machine);
        work(&schedule, &process);
    });
}

/// Lets a process do its work.
pub fn work(schedule: &Arc<Schedule>, process: &Arc<Process>) {
    let callers = schedule.chance(|chance| chance.between(1, 3));
    for _ in 0..callers {
        let (schedule, process) = (Arc::clone(schedule), Arc::clone(process));
        let executor = Arc::clone(&schedule.executor);
        schedule.callers.fetch_add(1, Ordering::Relaxed);
        let caller = Caller(Arc::clone(&schedule));
        executor.spawn(Owner::Process(process.number), async move {
            keep_calling(&schedule, &process).await;
            drop(caller);
        });
    }
}

async fn keep_calling(schedule: &Arc<Schedule>, process: &Arc<Process>) {
    let Some(client) = process.client() else {
        return;
    };
    let calls = Calls {
        schedule,
        process,
        client: &client,
    };
    loop {
        let pause = schedule.chance(|chance| match chance.below(3) {
            0 => chance.below(SECOND),
            _ => chance.below(schedule.life / 2),
        });
        schedule.executor.after(pause).await;
        if schedule.stops.load(Ordering::Relaxed) {
            return;
        }
        let Some(token) = calls.token() else {
            calls.consents().await;
            continue;
        };
        match schedule.chance(|chance| chance.below(10)) {
            0 | 1 => drop(calls.pushes(&token).await),
            2 => drop(calls.pushes_to_provider(&token).await),
            3 => drop(calls.begins_session(&token).await),
            4 => drop(calls.reads_files(&token).await),
            5 => drop(calls.streams_file(&token).await),
            6 => drop(calls.uploads(&token).await),
            7 => drop(calls.downloads().await),
            8 => drop(calls.accounts(&token).await),
            _ => drop(calls.refreshes(&token).await),
        }
    }
}

impl Calls<'_> {
    /// The user's token, as it is kept; none where they have come back with a code that is still to be exchanged.
    pub fn token(&self) -> Option<UserAccessToken> {
        let account = lock(&self.schedule.accounts[self.user()]);
        account.token.clone().filter(|_| account.code.is_none())
    }

    /// The user whom this machine acts for.
    pub fn user(&self) -> usize {
        self.process.machine.number
    }

    /// Lets the user consent, or goes on with the code that they came back with.
    pub async fn consents(&self) {
        let user = self.user();
        let account = &self.schedule.accounts[user];
        let kept = lock(account).code.clone();
        let (verifier, code) = if let Some(kept) = kept {
            kept
        } else {
            let Some(Ok(verifier)) = self.asks_for_consent().await else {
                return;
            };
            let code = lock(&self.schedule.platform).consent(user);
            let mut account = lock(account);
            // Another caller may have been faster.
            account.code.get_or_insert((verifier, code)).clone()
        };
        let exchanged = self.exchanges(&verifier, &code).await;
        let mut account = lock(account);
        let is_over = match exchanged {
            Some(Ok(_)) => true,
            Some(Err(error)) => is_refused(&error) || error.user_access_token().is_some(),
            None => false,
        };
        if is_over && account.code.as_ref().is_some_and(|(_, kept)| *kept == code) {
            account.code = None;
        }
    }

    /// A call has failed: what it brings along is kept, and what serves no more is forgotten.
    pub fn learns(&self, used: Option<&UserAccessToken>, error: &Error) {
        if let Some(token) = error.user_access_token() {
            self.schedule.keeps(self.user(), token);
        } else if is_refused(error) {
            let mut account = lock(&self.schedule.accounts[self.user()]);
            if account.token.as_ref() == used {
                account.token = None;
            }
        }
    }
}

/// Whether the platform says that a token, or a code, does not serve.
pub fn is_refused(error: &Error) -> bool {
    match Failure::of(error) {
        Some(Failure::Server(refusal)) => refusal.code == "InvalidToken",
        _ => false,
    }
}
