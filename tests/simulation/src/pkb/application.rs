//! The application that runs in each process: whom it links, which calls it makes, and what it makes of their outcome.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use digime_sdk::pkb::{
    Client, CompleteLinkOptions, Failure, GetAccessTokenOptions, GetCurrentUserOptions,
    GetLinkUrlOptions, RotateKeysOptions, UnlinkOptions,
};
use digime_sdk::{Error, NonEmptyString};
use futures_util::future::{Either, select};

use crate::executor::{MILLISECOND, Micros, Owner, SECOND, lock};
use crate::faults::Kind;
use crate::pkb::cached::UnderWay;
use crate::pkb::platform::public_id;
use crate::pkb::process::Process;
use crate::pkb::promises::user_id;
use crate::pkb::reasons::Made;
use crate::pkb::schedule::Schedule;
use crate::pkb::watching::watch;

/// How much later than its time a call may end: it looks for an answer again where it was frozen, and what bounds it goes off a little later.
const LATER: Micros = 2_200 * MILLISECOND;

/// One who makes calls, for as long as this lives.
struct Caller(Arc<Schedule>);

impl Drop for Caller {
    fn drop(&mut self) {
        self.0.app.callers.fetch_sub(1, Ordering::Relaxed);
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
    watch(schedule, process);
    let callers = schedule.chance(|chance| chance.between(1, 2));
    for _ in 0..callers {
        let (schedule, process) = (Arc::clone(schedule), Arc::clone(process));
        let executor = Arc::clone(&schedule.executor);
        schedule.app.callers.fetch_add(1, Ordering::Relaxed);
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
    loop {
        let pause = schedule.chance(|chance| match chance.below(3) {
            0 => chance.below(SECOND),
            1 => chance.below(schedule.life / 2),
            _ => chance.below(schedule.life),
        });
        schedule.executor.after(pause).await;
        if schedule.app.is_over() {
            return;
        }
        let caller = Calls {
            schedule,
            process,
            client: &client,
        };
        caller.one().await;
    }
}

/// Calls of one process.
pub struct Calls<'a> {
    pub schedule: &'a Arc<Schedule>,
    pub process: &'a Arc<Process>,
    pub client: &'a Client,
}

fn user_option(user: usize) -> NonEmptyString {
    let name = user_id(user);
    name.parse()
        .unwrap_or_else(|_| unreachable!("a user's id is empty"))
}

impl Calls<'_> {
    /// Makes one call or another.
    async fn one(&self) {
        let app = &self.schedule.app;
        let user = self.schedule.chance(|chance| chance.place(app.users));
        let machine = self.process.machine.number;
        if self.schedule.strikes(Kind::Unlink, machine).is_some() {
            return self.unlinks(user).await;
        }
        let is_linked = lock(&app.linked)[user];
        let back = lock(&app.callbacks)
            .iter()
            .rfind(|(of, _)| *of == user)
            .cloned();
        let which = self.schedule.chance(|chance| chance.below(10));
        match back {
            Some((_, address)) if which < 8 => {
                if self.completes(user, &address).await != Some(false) {
                    lock(&app.callbacks).retain(|(_, other)| *other != address);
                }
            }
            _ if !is_linked && which < 9 => self.begins(user).await,
            _ if which < 7 => drop(self.reads(user).await),
            _ if which == 7 && app.may_rotate() => drop(self.rotates().await),
            _ => self.asks(user).await,
        }
    }

    /// Sends a user to the platform, and has them back with what it gave them.
    pub async fn begins(&self, user: usize) {
        let options = GetLinkUrlOptions::builder()
            .app_user_id(user_option(user))
            .build();
        let begun = self
            .made("getLinkUrl", user, self.client.get_link_url(options))
            .await;
        if let Some(Ok(sent)) = begun {
            let address = lock(&self.schedule.platform).approve(sent.url.expose(), user);
            lock(&self.schedule.app.callbacks).push((user, address));
        }
    }

    /// The address that a user came back to last.
    pub fn came_back_to(&self, user: usize) -> Option<String> {
        let callbacks = lock(&self.schedule.app.callbacks);
        let last = callbacks.iter().rfind(|(of, _)| *of == user);
        last.map(|(_, address)| address.clone())
    }

    /// Completes a link; none where nothing can come of it any more, false where it is to be tried again.
    pub async fn completes(&self, user: usize, address: &str) -> Option<bool> {
        let options = CompleteLinkOptions::builder()
            .callback_url(address.parse().ok()?)
            .app_user_id(user_option(user))
            .build();
        let completed = self.made("completeLink", user, self.client.complete_link(options));
        match completed.await {
            Some(Ok(link)) => {
                self.is_of(user, Some(&link.public_id));
                lock(&self.schedule.app.linked)[user] = true;
                Some(true)
            }
            Some(Err(error)) if matches!(Failure::of(&error), Some(Failure::LinkState { .. })) => {
                None
            }
            _ => Some(false),
        }
    }

    /// Reads who a user is.
    pub async fn reads(&self, user: usize) -> Option<Result<(), Error>> {
        let options = GetCurrentUserOptions::builder()
            .app_user_id(user_option(user))
            .build();
        let read = self.made(
            "getCurrentUser",
            user,
            self.client.get_current_user(options),
        );
        let read = read.await?;
        if let Ok(read) = &read {
            self.is_of(user, read.id.as_deref());
        }
        Some(read.map(drop))
    }

    async fn asks(&self, user: usize) {
        let options = GetAccessTokenOptions::builder()
            .app_user_id(user_option(user))
            .build();
        let began = self.schedule.executor.now();
        let asked = self.made(
            "getAccessToken",
            user,
            self.client.get_access_token(options),
        );
        if let Some(Ok(token)) = asked.await {
            self.schedule.gives_token(self.process, &token, began);
            let of = lock(&self.schedule.platform).user_of(token.access_token.expose());
            self.is_of(user, of.map(public_id).as_deref());
        }
    }

    async fn unlinks(&self, user: usize) {
        let options = UnlinkOptions::builder()
            .app_user_id(user_option(user))
            .build();
        let began = self.schedule.executor.now();
        let was_linked = self.schedule.is_linked(user);
        let unlinked = self.made("unlink", user, self.client.unlink(options));
        if matches!(unlinked.await, Some(Ok(()))) {
            lock(&self.schedule.app.linked)[user] = false;
            self.schedule
                .was_unlinked(self.process, (user, was_linked), began);
        }
    }

    /// Encrypts all links anew; whether it did so with all.
    pub async fn rotates(&self) -> Option<bool> {
        let options = RotateKeysOptions::builder().build();
        let before = self.schedule.sealed();
        let rotated = self.client.rotate_keys(options).await;
        self.judged(0, rotated.as_ref().err());
        let is_whole = rotated.ok()?.failed.is_empty();
        if is_whole {
            self.schedule.is_sealed_anew(self.process, &before);
        }
        Some(is_whole)
    }

    /// What is given is of the user whom it was asked for.
    fn is_of(&self, user: usize, id: Option<&str>) {
        if id != Some(&public_id(user)) {
            self.schedule.broken(format!(
                "what was asked for of {} was given of {id:?}",
                user_id(user)
            ));
        }
    }

    /// Makes a call, and looks at how long it took and at how it ended; none where it was cancelled.
    async fn made<T>(
        &self,
        name: &str,
        user: usize,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<Result<T, Error>> {
        let Self {
            schedule, process, ..
        } = self;
        let (executor, machine) = (&schedule.executor, &process.machine);
        let (began, by_clock) = (executor.now(), machine.steady_micros());
        let _under_way = UnderWay::begin(process, user, began);
        let refused = schedule.count(Kind::Unauthorized, machine.number);
        schedule.trace(|| {
            format!(
                "process {} calls {name} for {}",
                process.number,
                user_id(user)
            )
        });
        let cancelled = schedule.strikes(Kind::Cancel, machine.number);
        let patience = match cancelled {
            Some(mut chance) => {
                let longest = chance.one_of(&[100 * MILLISECOND, SECOND, schedule.lease]);
                chance.below(longest)
            }
            None => Micros::MAX,
        };
        let outcome = match select(Box::pin(call), executor.after(patience)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => {
                schedule.trace(|| format!("process {} leaves {name}", process.number));
                return None;
            }
        };
        schedule.trace(|| {
            let how = match &outcome {
                Ok(_) => "well".to_owned(),
                Err(error) => format!("with {}: {error}", error.code()),
            };
            format!(
                "process {}: {name} for {} ends {how}",
                process.number,
                user_id(user)
            )
        });
        let still = machine.still_between(began, executor.now());
        let took = machine
            .steady_micros()
            .saturating_sub(by_clock)
            .saturating_sub(still);
        if took > schedule.call + LATER {
            schedule.broken(format!(
                "{name} took {took} µs of process {}",
                process.number
            ));
        }
        let made = Made {
            name,
            user,
            began,
            took,
            refused,
        };
        self.has_reason(&made, outcome.as_ref().err());
        Some(outcome)
    }
}
