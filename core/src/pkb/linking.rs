//! The steps from a code to a link, each stored before the next, so that whoever is interrupted can go on and nothing is done twice.

use std::time::Duration;

use super::purview;
use super::token_endpoint::{Refusal, user_tokens};
use super::{Client, Link};
use crate::error::{ErrorKind, LinkConflict};
use crate::link::{Attempt, AttemptStatus, LinkRecord, Tokens, Watch};
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
                if claim(client, &mut attempt).await? {
                    exchange(client, &mut attempt, code).await?;
                }
            }
            AttemptStatus::Exchanging => {
                // Who is at it may have died with the code spent: a second exchange would not bring the tokens back.
                let stands = attempt.record.version.to_string();
                if watch.has_stood(&stands, lease, client.world().clock.now()) {
                    client
                        .attempts()
                        .advance(&mut attempt, AttemptStatus::Failed, client.world())
                        .await?;
                } else {
                    client.world().clock.sleep(LOOK).await;
                }
            }
            AttemptStatus::Exchanged => return conclude(client, attempt, goal).await,
            AttemptStatus::Completed => return completed(client, attempt).await,
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
        let attempts = client.attempts();
        attempts
            .advance(&mut attempt, AttemptStatus::Failed, client.world())
            .await?;
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

async fn claim(client: &Client, attempt: &mut Attempt) -> Result<bool, Error> {
    let attempts = client.attempts();
    attempts
        .advance(attempt, AttemptStatus::Exchanging, client.world())
        .await
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
        Ok(tokens) => return store_tokens(client, attempt, tokens).await,
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
    client
        .attempts()
        .advance(attempt, status, client.world())
        .await?;
    Err(outcome)
}

/// The tokens exist nowhere else: a store that fails is tried until it serves, or the lease is over.
async fn store_tokens(client: &Client, attempt: &mut Attempt, tokens: Tokens) -> Result<(), Error> {
    attempt.content.tokens = Some(tokens);
    attempt.record.expires_at = client.now_ms().saturating_add(REMEMBERED_MS);
    let started = client.world().clock.now();
    let version = attempt.record.version;
    loop {
        attempt.record.version = version;
        let attempts = client.attempts();
        match attempts
            .advance(attempt, AttemptStatus::Exchanged, client.world())
            .await
        {
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

/// From tokens to a link.
async fn conclude(client: &Client, mut attempt: Attempt, goal: &Goal) -> Result<Link, Error> {
    let Some(tokens) = attempt.content.tokens.clone() else {
        return Err(Error::sdk("an attempt to link has lost its tokens"));
    };
    let tokens = usable(client, &mut attempt, tokens).await?;
    let public_id = purview::public_id(client, &tokens.access_token).await?;
    let record = put_link(client, &attempt, public_id, tokens, goal.replaces).await?;
    let context = attempt.content.context.clone();
    attempt.content.tokens = None;
    // Another call may have come here too, with the same outcome.
    let attempts = client.attempts();
    attempts
        .advance(&mut attempt, AttemptStatus::Completed, client.world())
        .await?;
    Ok(Link {
        context,
        ..Link::from(record)
    })
}

/// The tokens, refreshed if the access token has expired since they were stored.
async fn usable(client: &Client, attempt: &mut Attempt, tokens: Tokens) -> Result<Tokens, Error> {
    if tokens.expires_at > client.now_ms() {
        return Ok(tokens);
    }
    let over = || {
        state_error(
            "expired",
            "the tokens of this attempt to link have expired; begin again with getLinkUrl",
        )
    };
    let refresh_token = tokens.refresh_token.as_ref().ok_or_else(over)?;
    if !claim(client, attempt).await? {
        return Err(state_error(
            "used",
            "this attempt to link is being completed by another call",
        ));
    }
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
    ];
    match user_tokens(client, &grant).await {
        Ok(fresh) => {
            store_tokens(client, attempt, fresh.clone()).await?;
            Ok(fresh)
        }
        Err(Refusal::NotSent(error)) => {
            client
                .attempts()
                .advance(attempt, AttemptStatus::Exchanged, client.world())
                .await?;
            Err(error)
        }
        Err(refusal) => {
            client
                .attempts()
                .advance(attempt, AttemptStatus::Failed, client.world())
                .await?;
            match refusal {
                Refusal::Over(_) => Err(over()),
                refusal => Err(refusal.into_error("PKB's token endpoint")),
            }
        }
    }
}

/// One app user and one public id belong together: other links of either go, if the application says so.
async fn put_link(
    client: &Client,
    attempt: &Attempt,
    public_id: String,
    tokens: Tokens,
    replaces: bool,
) -> Result<LinkRecord, Error> {
    let links = client.links();
    let user = &attempt.record.app_user_id;
    let conflict = |conflict| Err(ErrorKind::LinkConflict { conflict }.into());
    loop {
        let present = links.record(user).await?;
        if present
            .as_ref()
            .is_some_and(|link| link.public_id != public_id)
            && !replaces
        {
            return conflict(LinkConflict::AppUser);
        }
        for other in links.of(&public_id).await? {
            if other.app_user_id != *user {
                if !replaces {
                    return conflict(LinkConflict::PublicId);
                }
                links.remove(&other.app_user_id, other.version).await?;
            }
        }
        let mut link = links.link(
            user.clone(),
            public_id.clone(),
            tokens.clone(),
            client.now_ms(),
        );
        let expected = present.map(|link| link.version);
        if links.put(&mut link, expected, client.world()).await? {
            return Ok(link.record);
        }
    }
}

/// The link that an attempt has led to.
async fn completed(client: &Client, attempt: Attempt) -> Result<Link, Error> {
    let record = client.links().record(&attempt.record.app_user_id).await?;
    let record = record.ok_or_else(|| {
        state_error(
            "used",
            "this attempt to link was completed, and the link has been removed since; begin again with getLinkUrl",
        )
    })?;
    Ok(Link {
        context: attempt.content.context,
        ..Link::from(record)
    })
}

fn state_error(reason: &'static str, message: &'static str) -> Error {
    ErrorKind::LinkState { reason, message }.into()
}
