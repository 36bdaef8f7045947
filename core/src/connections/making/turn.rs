//! Whose turn it is to go on with an attempt: taken under a lease, and the one way in which whoever has it changes the attempt.

use super::completion::{Goal, check};
use super::{AttemptContent, AttemptProblem};
use crate::Error;
use crate::connections::keeping::until_stored::until_stored;
use crate::connections::keeping::{Keeper, Tokens};
use crate::connections::{AttemptStatus, Lease, LinkAttempt, Look, Watch};

/// How long an attempt is remembered after its code was exchanged: for as long as a callback may be loaded again.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;

/// An attempt that this call goes on with.
pub(super) struct Turn<'a, K> {
    pub keeper: &'a K,
    pub state: &'a str,
    pub lease: Lease,
}

/// What is to be done next.
pub(super) enum Step {
    Exchange,
    Link,
    Wait,
    Again,
    Done,
}

/// Goes on from where whoever was at an attempt has died.
fn leave_behind(attempt: &mut LinkAttempt<AttemptContent>) {
    attempt.record.status = match attempt.record.status {
        // A code that was being exchanged may be spent, and a second exchange would not bring its tokens back; from tokens that are stored
        // one can go on. Should its tokens come all the same, who has them finds its lease.
        AttemptStatus::Exchanging => AttemptStatus::Failed,
        _ => AttemptStatus::Exchanged,
    };
    // They may have been refreshed, and the new pair be lost with whoever had it.
    if let Some(tokens) = &mut attempt.document.tokens {
        tokens.last_resort = true;
    }
}

impl<K: Keeper> Turn<'_, K> {
    /// Takes the attempt on, if it is nobody else's turn.
    pub(super) async fn take(
        &self,
        goal: &Goal,
        watch: &mut Watch,
    ) -> Result<(Step, LinkAttempt<AttemptContent>), Error> {
        let (keeper, state, lease) = (self.keeper, self.state, &self.lease);
        let (world, lasts) = (keeper.world(), keeper.keeping().lease);
        let attempts = keeper.attempts();
        let taken = attempts.change(world, state, |attempt: &mut LinkAttempt<AttemptContent>| {
            check(keeper, attempt, goal)?;
            let version = attempt.record.version;
            let take = |attempt: &mut LinkAttempt<AttemptContent>, status, step| {
                attempt.record.status = status;
                attempt.document.lease = Some(lease.to_text());
                Ok((true, step))
            };
            match attempt.record.status {
                AttemptStatus::Pending => take(attempt, AttemptStatus::Exchanging, Step::Exchange),
                AttemptStatus::Exchanged => take(attempt, AttemptStatus::Linking, Step::Link),
                AttemptStatus::Completed => Ok((false, Step::Done)),
                AttemptStatus::Failed => Err(keeper.stopped(AttemptProblem::Failed)),
                busy @ (AttemptStatus::Exchanging | AttemptStatus::Linking) => {
                    let Some(standing) = &attempt.document.lease else {
                        // A process of version 1 is at it, which knows no leases of attempts, and stores tokens over the version that it
                        // has written alone.
                        let standing = Lease::parse(&format!("version-{version}"));
                        let died = watch.look_on(world, &standing, version, lasts);
                        if died {
                            leave_behind(attempt);
                        }
                        return Ok((died, if died { Step::Again } else { Step::Wait }));
                    };
                    let standing = Lease::parse(standing);
                    if standing.is(lease) {
                        // That it was written was acknowledged to nobody.
                        return match busy {
                            AttemptStatus::Exchanging => take(attempt, busy, Step::Exchange),
                            _ => take(attempt, busy, Step::Link),
                        };
                    }
                    match watch.look(world, &standing, version, lasts) {
                        Look::Wait => Ok((false, Step::Wait)),
                        Look::Count(counted) => {
                            attempt.document.lease = Some(counted.to_text());
                            Ok((true, Step::Wait))
                        }
                        // Who was at it has died.
                        Look::LeftBehind => {
                            leave_behind(attempt);
                            Ok((true, Step::Again))
                        }
                    }
                }
            }
        });
        let (step, attempt) = taken
            .await?
            .ok_or_else(|| keeper.stopped(AttemptProblem::Unknown))?;
        if matches!(step, Step::Wait) {
            watch.wrote(world, attempt.record.version);
        }
        Ok((step, attempt))
    }

    /// Moves the attempt on to a status, if it is still this call's turn; what the change says, none if it was not.
    pub(super) async fn advance<R>(
        &self,
        status: AttemptStatus,
        change: impl Fn(&mut AttemptContent) -> R,
    ) -> Result<Option<R>, Error> {
        self.change(|attempt, ours| {
            ours.then(|| {
                attempt.record.status = status;
                change(&mut attempt.document)
            })
        })
        .await
    }

    /// Lets others have their turn, where nothing was done in this one: the callback can be loaded again.
    pub(super) async fn let_go(&self) -> Result<(), Error> {
        let let_go = self.change(|attempt, ours| {
            let before = match attempt.record.status {
                AttemptStatus::Exchanging => AttemptStatus::Pending,
                AttemptStatus::Linking => AttemptStatus::Exchanged,
                _ => return None,
            };
            ours.then(|| attempt.record.status = before)
        });
        let_go.await.map(drop)
    }

    /// Says that these tokens serve no more, unless others have taken their place.
    pub(super) async fn give_up(&self, spent: Option<&Tokens>) -> Result<(), Error> {
        let given_up = self.change(|attempt, ours| {
            ours.then(|| {
                let held = attempt.document.tokens.take();
                attempt.document.tokens =
                    held.filter(|held| !spent.is_some_and(|spent| held.is_pair_of(spent)));
                attempt.record.status = match attempt.document.tokens {
                    Some(_) => AttemptStatus::Exchanged,
                    None => AttemptStatus::Failed,
                };
            })
        });
        given_up.await.map(drop)
    }

    /// Changes the attempt, or leaves it as it is, knowing whether it is this call's turn.
    async fn change<R>(
        &self,
        decide: impl Fn(&mut LinkAttempt<AttemptContent>, bool) -> Option<R>,
    ) -> Result<Option<R>, Error> {
        let (attempts, world) = (self.keeper.attempts(), self.keeper.world());
        let changed = attempts.change(
            world,
            self.state,
            |attempt: &mut LinkAttempt<AttemptContent>| {
                let standing = attempt.document.lease.as_deref().map(Lease::parse);
                let ours = standing.is_some_and(|standing| standing.is(&self.lease));
                let said = decide(attempt, ours);
                if said.is_some() && attempt.document.tokens.is_some() {
                    let now = self.keeper.now_ms();
                    attempt.record.expires_at = now.saturating_add(REMEMBERED_MS);
                }
                Ok((said.is_some(), said))
            },
        );
        Ok(changed.await?.and_then(|(said, _)| said))
    }

    /// Stores the pair that has come for these tokens of the attempt. Where the turn is over, and whoever has it now knows the old pair alone, they
    /// find the new one there.
    pub(super) async fn replace_tokens(&self, old: &Tokens, fresh: &Tokens) -> Result<(), Error> {
        let replace = || {
            self.change(|attempt, _| {
                let content = &mut attempt.document;
                content
                    .tokens
                    .as_ref()
                    .filter(|held| held.is_pair_of(old))?;
                content.tokens = Some(fresh.clone());
                content.replaced.push(old.access_token.clone());
                Some(())
            })
        };
        self.until_stored(replace).await.map(drop)
    }

    /// The tokens exist nowhere else: a store that fails is tried until it serves.
    pub(super) async fn until_stored<T, F>(&self, store: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let lasts = self.keeper.keeping().lease;
        until_stored(self.keeper.world(), lasts, store).await
    }
}
