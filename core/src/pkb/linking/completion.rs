//! The steps from a code to tokens, each stored before the next, so that whoever is interrupted can go on and nothing is done twice.

use std::time::Duration;

use super::turn::{Step, Turn};
use super::{AttemptContent, Link, making};
use crate::connections::{AttemptStatus, Lease, LinkAttempt, Watch, too_slow};
use crate::crypto::digest::sha256;
use crate::http::Limit;
use crate::pkb::tokens::token_endpoint::{InTime, Refusal, user_tokens};
use crate::pkb::tokens::until_stored::is_of_store;
use crate::pkb::{Client, Failure};
use crate::single_flight::{SingleFlight, Waiting};
use crate::{Error, NonEmptyString, Secret};

/// How often an attempt that another process is busy with is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// How often a turn may be taken that is too old to be used when it is there.
const MOST_TURNS: u32 = 8;
/// How far the clocks of machines may be apart: an attempt that expires by one of them may have begun a moment ago by another.
const CLOCKS_MS: i64 = 60 * 60 * 1000;
/// What a time-out calls it.
const WHAT: &str = "the completion of a link";

/// What the application wants of a callback.
#[derive(Clone)]
pub(in crate::pkb) struct Goal {
    /// Who must have asked for the link; none for whoever did.
    pub app_user_id: Option<NonEmptyString>,
    /// Whether other links may be removed for it.
    pub replaces: bool,
}

/// The completions under way in this process, by the digest of what was given: each goes on when the call that began it has gone.
pub(in crate::pkb) struct Completions(SingleFlight<Link>);

impl Default for Completions {
    fn default() -> Self {
        Self(SingleFlight::forgetting())
    }
}

impl Completions {
    /// The link that a callback leads to.
    pub(in crate::pkb) async fn link(
        &self,
        client: &Client,
        state: &str,
        code: &Secret<String>,
        goal: &Goal,
    ) -> Result<Link, Error> {
        let user = goal.app_user_id.as_deref().map_or("", |user| user);
        let parts = [state, code.expose(), user].map(|part| sha256(&[part.as_bytes()]));
        let [state_id, code_id, user_id] = &parts;
        let id = sha256(&[state_id, code_id, user_id, &[u8::from(goal.replaces)]]);
        let link = self.0.join(client.world(), id, |waiting| {
            let client = client.outliving();
            let (state, code, goal) = (state.to_owned(), code.clone(), goal.clone());
            async move {
                let completed = complete(&client, &state, &code, &goal, waiting).await;
                completed.transpose()
            }
        });
        Limit::bound(client.call(), &*client.world().clock, WHAT, link).await?
    }
}

/// Goes on with an attempt from wherever it stands; gives up where another process is at it and nobody waits any more.
async fn complete(
    client: &Client,
    state: &str,
    code: &Secret<String>,
    goal: &Goal,
    mut waiting: Waiting,
) -> Result<Option<Link>, Error> {
    let (world, lasts) = (client.world(), client.settings().refresh_lease);
    let turn = Turn {
        client,
        state,
        lease: Lease::new(world, lasts)?,
    };
    let mut watch = Watch::default();
    let limit = client.waiting();
    let (mut turns, mut failures) = (0, 0);
    loop {
        // Before it is taken: the store may take long to say that it was.
        let time = InTime {
            begun: world.moment(),
            lasts,
        };
        let (step, attempt) = match turn.take(goal, &mut watch).await {
            Ok(taken) => taken,
            // It may have been taken all the same, and would then be waited for by everyone for nothing.
            Err(error) if failures == 0 && is_of_store(&error) => {
                failures += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        match step {
            Step::Exchange => {
                if !turn.exchange(&attempt, code, time).await? {
                    turns += 1;
                }
            }
            Step::Link => {
                let link = making::conclude(&turn, attempt, time, goal.replaces).await?;
                if link.is_some() {
                    return Ok(link);
                }
                turns += 1;
            }
            Step::Wait => {
                let pause = world.clock.sleep(LOOK);
                let pause = Limit::bound(limit, &*world.clock, WHAT, pause);
                // Nothing is in hand: if nobody waits any more, nor does this.
                tokio::select! {
                    biased;
                    () = waiting.nobody() => return Ok(None),
                    paused = pause => paused?,
                }
            }
            Step::Again => {}
            Step::Done => return making::completed(client, attempt).await.map(Some),
        }
        if turns == MOST_TURNS {
            return Err(too_slow());
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

pub(super) fn unknown() -> Error {
    state_error(
        "unknown",
        "the state is not one of an attempt to link: it was made up, or has expired and is forgotten; begin again with getLinkUrl",
    )
}

pub(super) fn check(
    client: &Client,
    attempt: &LinkAttempt<AttemptContent>,
    goal: &Goal,
) -> Result<(), Error> {
    let asked = goal.app_user_id.as_deref();
    if asked.is_some_and(|user| *user != *attempt.record.app_user_id) {
        return Err(state_error(
            "mismatch",
            "the link was asked for by another user than the one who is logged in; nothing was linked",
        ));
    }
    if attempt.record.expires_at.saturating_add(CLOCKS_MS) <= client.now_ms() {
        return Err(state_error(
            "expired",
            "the patient came back too late; begin again with getLinkUrl",
        ));
    }
    Ok(())
}

impl Turn<'_> {
    /// Spends the code, and stores the tokens; false where the turn was too old to be used when it was there, and is given back.
    async fn exchange(
        &self,
        attempt: &LinkAttempt<AttemptContent>,
        code: &Secret<String>,
        time: InTime,
    ) -> Result<bool, Error> {
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
            Ok(tokens) => {
                let exchanged = AttemptStatus::Exchanged;
                let keep = |content: &mut AttemptContent| content.tokens = Some(tokens.clone());
                self.until_stored(|| self.advance(exchanged, keep)).await?;
                return Ok(true);
            }
            Err(Refusal::Withheld) => {
                self.advance(AttemptStatus::Pending, |_| {}).await?;
                return Ok(false);
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
}

pub(super) fn state_error(reason: &'static str, message: &'static str) -> Error {
    Failure::LinkState { reason, message }.into()
}
