//! The steps from a code to tokens, each stored before the next, so that whoever is interrupted can go on and nothing is done twice.

use std::time::Duration;

use super::token_endpoint::{Refusal, user_tokens};
use super::{Client, Link, link_making as making};
use crate::error::ErrorKind;
use crate::link::{Attempt, AttemptStatus, Tokens, Watch};
use crate::{Error, NonEmptyString, Secret};

/// How long an attempt is remembered after its code was exchanged: for as long as a callback may be loaded again.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;
/// How often an attempt that another process is busy with is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// What the application wants of a callback.
pub(super) struct Goal {
    /// Who must have asked for the link.
    pub app_user_id: Option<NonEmptyString>,
    /// Whether other links may be removed for it.
    pub replaces: bool,
}

/// Goes on with an attempt from wherever it stands.
pub(super) async fn complete(
    client: &Client,
    state: &str,
    code: &Secret<String>,
    goal: &Goal,
) -> Result<Link, Error> {
    let mut watch = Watch::default();
    loop {
        let mut attempt = find(client, state, goal).await?;
        let lease = client.settings().refresh_lease;
        match attempt.record.status {
            AttemptStatus::Pending => {
                if claim(client, &mut attempt, AttemptStatus::Exchanging).await? {
                    exchange(client, &mut attempt, code).await?;
                }
            }
            AttemptStatus::Exchanged => {
                if claim(client, &mut attempt, AttemptStatus::Linking).await? {
                    return making::conclude(client, attempt, goal.replaces).await;
                }
            }
            busy @ (AttemptStatus::Exchanging | AttemptStatus::Linking) => {
                let stands = attempt.record.version.to_string();
                if !watch.has_stood(&stands, lease, client.world().clock.now()) {
                    client.world().clock.sleep(LOOK).await;
                    continue;
                }
                // Who was at it has died. A code that was being exchanged may be spent, and a second exchange would not bring its tokens
                // back; from tokens that are stored one can go on.
                let left = match busy {
                    AttemptStatus::Exchanging => AttemptStatus::Failed,
                    _ => AttemptStatus::Exchanged,
                };
                claim(client, &mut attempt, left).await?;
            }
            AttemptStatus::Completed => return making::completed(client, attempt).await,
            AttemptStatus::Failed => {
                return Err(state_error(
                    "used",
                    "this attempt to link was interrupted or refused; begin again with getLinkUrl",
                ));
            }
        }
    }
}

/// Ends an attempt that was denied.
pub(super) async fn give_up(client: &Client, state: &str, goal: &Goal) -> Result<(), Error> {
    let mut attempt = find(client, state, goal).await?;
    if attempt.record.status == AttemptStatus::Pending {
        claim(client, &mut attempt, AttemptStatus::Failed).await?;
    }
    Ok(())
}

async fn find(client: &Client, state: &str, goal: &Goal) -> Result<Attempt, Error> {
    let attempt = client.attempts().get(state).await?.ok_or_else(|| {
        state_error(
            "unknown",
            "the state is not one of an attempt to link: it was made up, or has expired and is forgotten; begin again with getLinkUrl",
        )
    })?;
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
    Ok(attempt)
}

/// Moves an attempt on, unless another call has.
pub(super) async fn claim(
    client: &Client,
    attempt: &mut Attempt,
    status: AttemptStatus,
) -> Result<bool, Error> {
    let attempts = client.attempts();
    attempts.advance(attempt, status, client.world()).await
}

/// Spends the code, and stores the tokens.
async fn exchange(
    client: &Client,
    attempt: &mut Attempt,
    code: &Secret<String>,
) -> Result<(), Error> {
    let mut grant = vec![
        ("grant_type", "authorization_code"),
        ("code", code.expose()),
        ("redirect_uri", &attempt.content.redirect_uri),
    ];
    if let Some(verifier) = &attempt.content.code_verifier {
        grant.push(("code_verifier", verifier.expose()));
    }
    let (status, outcome) = match user_tokens(client, &grant).await {
        Ok(tokens) => {
            return store_tokens(client, attempt, tokens, AttemptStatus::Exchanged).await;
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
    claim(client, attempt, status).await?;
    Err(outcome)
}

/// The tokens exist nowhere else: a store that fails is tried until it serves, or the lease is over.
pub(super) async fn store_tokens(
    client: &Client,
    attempt: &mut Attempt,
    tokens: Tokens,
    status: AttemptStatus,
) -> Result<(), Error> {
    attempt.content.tokens = Some(tokens);
    attempt.record.expires_at = client.now_ms().saturating_add(REMEMBERED_MS);
    let started = client.world().clock.now();
    let version = attempt.record.version;
    loop {
        attempt.record.version = version;
        match claim(client, attempt, status).await {
            Ok(_) => return Ok(()),
            Err(error) => {
                let now = client.world().clock.now();
                let passed = now.duration_since(started).unwrap_or_default();
                if passed >= client.settings().refresh_lease {
                    return Err(error);
                }
                client.world().clock.sleep(LOOK).await;
            }
        }
    }
}

pub(super) fn state_error(reason: &'static str, message: &'static str) -> Error {
    ErrorKind::LinkState { reason, message }.into()
}
