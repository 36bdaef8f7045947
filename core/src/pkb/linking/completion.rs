//! The steps from a code to tokens, each stored before the next, so that whoever is interrupted can go on and nothing is done twice.

use std::time::Duration;

use super::{AttemptContent, Link, making};
use crate::connections::{AttemptStatus, Lease, LinkAttempt, Look, Watch};
use crate::error::ErrorKind;
use crate::pkb::tokens::Tokens;
use crate::pkb::tokens::token_endpoint::{InTime, Refusal, user_tokens};
use crate::pkb::{Client, Failure};
use crate::{Error, NonEmptyString, Secret};

/// How long an attempt is remembered after its code was exchanged: for as long as a callback may be loaded again.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;
/// How often an attempt that another process is busy with is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How often a turn may be taken that is too old to be used when it is there.
const MOST_TURNS: u32 = 8;

/// What the application wants of a callback.
pub(in crate::pkb) struct Goal {
    /// Who must have asked for the link; none for whoever did.
    pub app_user_id: Option<NonEmptyString>,
    /// Whether other links may be removed for it.
    pub replaces: bool,
}

/// An attempt that this call goes on with.
pub(super) struct Turn<'a> {
    pub client: &'a Client,
    pub state: &'a str,
    pub lease: Lease,
}

/// What is to be done next.
enum Step {
    Exchange,
    Link,
    Wait,
    Again,
    Done,
}

/// Goes on with an attempt from wherever it stands.
pub(in crate::pkb) async fn complete(
    client: &Client,
    state: &str,
    code: &Secret<String>,
    goal: &Goal,
) -> Result<Link, Error> {
    let (world, lasts) = (client.world(), client.settings().refresh_lease);
    let turn = Turn {
        client,
        state,
        lease: Lease::new(world, lasts)?,
    };
    let mut watch = Watch::default();
    let mut turns = 0;
    loop {
        // Before it is taken: the store may take long to say that it was.
        let time = InTime {
            begun: world.moment(),
            lasts,
        };
        let (step, attempt) = turn.take(goal, &mut watch).await?;
        match step {
            Step::Exchange => {
                turns += 1;
                turn.exchange(&attempt, code, time, turns).await?;
            }
            Step::Link => return making::conclude(&turn, attempt, time, goal.replaces).await,
            Step::Wait => world.clock.sleep(LOOK).await,
            Step::Again => {}
            Step::Done => return making::completed(client, attempt).await,
        }
    }
}

/// Ends an attempt that was denied.
pub(in crate::pkb) async fn give_up(
    client: &Client,
    state: &str,
    goal: &Goal,
) -> Result<(), Error> {
    let attempts = client.attempts();
    let ended = attempts.change(client.world(), state, |attempt| {
        check(client, attempt, goal)?;
        let pending = attempt.record.status == AttemptStatus::Pending;
        if pending {
            attempt.record.status = AttemptStatus::Failed;
        }
        Ok((pending, ()))
    });
    ended.await?.ok_or_else(unknown).map(drop)
}

fn unknown() -> Error {
    state_error(
        "unknown",
        "the state is not one of an attempt to link: it was made up, or has expired and is forgotten; begin again with getLinkUrl",
    )
}

fn check(client: &Client, attempt: &LinkAttempt<AttemptContent>, goal: &Goal) -> Result<(), Error> {
    let asked = goal.app_user_id.as_deref();
    if asked.is_some_and(|user| *user != *attempt.record.app_user_id) {
        return Err(state_error(
            "mismatch",
            "the link was asked for by another user than the one who is logged in; nothing was linked",
        ));
    }
    if attempt.record.expires_at <= client.now_ms() {
        return Err(state_error(
            "expired",
            "the patient came back too late; begin again with getLinkUrl",
        ));
    }
    Ok(())
}

impl Turn<'_> {
    /// Takes the attempt on, if it is nobody else's turn.
    async fn take(
        &self,
        goal: &Goal,
        watch: &mut Watch,
    ) -> Result<(Step, LinkAttempt<AttemptContent>), Error> {
        let Self {
            client,
            state,
            lease,
        } = self;
        let (world, lasts) = (client.world(), client.settings().refresh_lease);
        let attempts = client.attempts();
        let taken = attempts.change(world, state, |attempt: &mut LinkAttempt<AttemptContent>| {
            check(client, attempt, goal)?;
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
                AttemptStatus::Failed => Err(state_error(
                    "used",
                    "this attempt to link was interrupted or refused; begin again with getLinkUrl",
                )),
                busy @ (AttemptStatus::Exchanging | AttemptStatus::Linking) => {
                    let left_behind = match busy {
                        // A code that was being exchanged may be spent, and a second exchange would not bring its tokens back; from tokens
                        // that are stored one can go on. Should its tokens come all the same, who has them finds its lease.
                        AttemptStatus::Exchanging => AttemptStatus::Failed,
                        _ => AttemptStatus::Exchanged,
                    };
                    let Some(standing) = &attempt.document.lease else {
                        // A process of version 1 is at it, which knows no leases of attempts, and stores tokens over the version that it
                        // has written alone.
                        let standing = Lease::parse(&format!("version-{version}"));
                        let died = watch.look_on(world, &standing, version, lasts);
                        if died {
                            attempt.record.status = left_behind;
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
                            attempt.record.status = left_behind;
                            Ok((true, Step::Again))
                        }
                    }
                }
            }
        });
        taken.await?.ok_or_else(unknown)
    }

    /// Moves the attempt on to a status, if it is still this call's turn.
    pub(super) async fn advance(
        &self,
        status: AttemptStatus,
        change: impl Fn(&mut AttemptContent),
    ) -> Result<(), Error> {
        let attempts = self.client.attempts();
        let world = self.client.world();
        let advanced = attempts.change(
            world,
            self.state,
            |attempt: &mut LinkAttempt<AttemptContent>| {
                let standing = attempt.document.lease.as_deref().map(Lease::parse);
                let ours = standing.is_some_and(|standing| standing.is(&self.lease));
                if ours {
                    attempt.record.status = status;
                    change(&mut attempt.document);
                    if attempt.document.tokens.is_some() {
                        let now = self.client.now_ms();
                        attempt.record.expires_at = now.saturating_add(REMEMBERED_MS);
                    }
                }
                Ok((ours, ()))
            },
        );
        advanced.await.map(drop)
    }

    /// Spends the code, and stores the tokens.
    async fn exchange(
        &self,
        attempt: &LinkAttempt<AttemptContent>,
        code: &Secret<String>,
        time: InTime,
        turns: u32,
    ) -> Result<(), Error> {
        let content = &attempt.document;
        let mut grant = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", &content.redirect_uri),
        ];
        if let Some(verifier) = &content.code_verifier {
            grant.push(("code_verifier", verifier.expose()));
        }
        let (status, outcome) = match user_tokens(self.client, &grant, time).await {
            Ok(tokens) => return self.store_tokens(tokens, AttemptStatus::Exchanged).await,
            // The turn was too old when it was there: it is taken anew.
            Err(Refusal::NotSent(_)) if time.is_over(self.client.world()) && turns < MOST_TURNS => {
                return self.advance(AttemptStatus::Pending, |_| {}).await;
            }
            // The callback can be loaded again.
            Err(Refusal::NotSent(error)) => (AttemptStatus::Pending, error),
            Err(Refusal::Over(_)) => (
                AttemptStatus::Failed,
                state_error(
                    "used",
                    "PKB does not accept the code: it has expired, or was used before; begin again with getLinkUrl",
                ),
            ),
            Err(Refusal::Refused(error) | Refusal::Lost(error)) => (AttemptStatus::Failed, error),
        };
        self.advance(status, |_| {}).await?;
        Err(outcome)
    }

    /// The tokens exist nowhere else: a store that fails is tried until it serves, or as long as a lease lasts.
    pub(super) async fn store_tokens(
        &self,
        tokens: Tokens,
        status: AttemptStatus,
    ) -> Result<(), Error> {
        let world = self.client.world();
        let begun = world.moment();
        loop {
            let stored = self.advance(status, |content| content.tokens = Some(tokens.clone()));
            match stored.await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    let is_of_store = matches!(
                        error.kind(),
                        ErrorKind::Store { .. } | ErrorKind::Host { .. }
                    );
                    let passed = begun.steadily(&*world.clock);
                    if !is_of_store || passed >= self.client.settings().refresh_lease {
                        return Err(error);
                    }
                    world.clock.sleep(LOOK).await;
                }
            }
        }
    }
}

pub(super) fn state_error(reason: &'static str, message: &'static str) -> Error {
    Failure::LinkState { reason, message }.into()
}
