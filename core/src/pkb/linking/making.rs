//! The last step of linking: from the tokens of an attempt, which one call at a time has taken on, to the stored pair of app user and public id.

use super::completion::{Turn, state_error};
use super::{AttemptContent, Link, purview};
use crate::Error;
use crate::connections::{AttemptStatus, Change, LinkAttempt, LinkRecord};
use crate::error::ErrorKind;
use crate::pkb::tokens::token_endpoint::{InTime, Refusal, user_tokens};
use crate::pkb::tokens::{LinkDocument, Tokens};
use crate::pkb::{Client, Failure, LinkConflict};

/// How often another user's link to the same record may come up between looking for it and writing one's own.
const MOST_ROUNDS: u32 = 3;

/// From tokens to a link. Where that fails, the attempt can be taken up again, as long as it has tokens. None where the turn was too old to
/// be used when it was there, and is given back.
pub(super) async fn conclude(
    turn: &Turn<'_>,
    mut attempt: LinkAttempt<AttemptContent>,
    time: InTime,
    replaces: bool,
) -> Result<Option<Link>, Error> {
    match link(turn, &mut attempt, time, replaces).await {
        Ok(None) => {
            turn.advance(AttemptStatus::Exchanged, |_| {}).await?;
            Ok(None)
        }
        Ok(Some(record)) => {
            // They are the link's now, which refreshes them.
            let completed = turn.advance(AttemptStatus::Completed, |content| {
                content.tokens = None;
                content.lease = None;
            });
            completed.await?;
            Ok(Some(Link {
                context: attempt.document.context,
                ..Link::from(record)
            }))
        }
        Err(error) => {
            let tokens = attempt.document.tokens;
            let status = match tokens {
                Some(_) => AttemptStatus::Exchanged,
                None => AttemptStatus::Failed,
            };
            // If this cannot be written, whoever goes on waits for as long as a lease lasts.
            let _ = turn
                .advance(status, |content| content.tokens.clone_from(&tokens))
                .await;
            Err(error)
        }
    }
}

async fn link(
    turn: &Turn<'_>,
    attempt: &mut LinkAttempt<AttemptContent>,
    time: InTime,
    replaces: bool,
) -> Result<Option<LinkRecord>, Error> {
    let client = turn.client;
    // Who was at it before may have made the link and died: its tokens are the link's by now, which may have spent them.
    let made = client.links().record(&attempt.record.app_user_id).await?;
    if was_made(client, made.as_ref(), attempt) {
        return Ok(made);
    }
    let Some(tokens) = usable(turn, attempt, time).await? else {
        return Ok(None);
    };
    let public_id = purview::public_id(client, &tokens.access_token).await?;
    let record = put_link(client, attempt, public_id, tokens, replaces).await?;
    Ok(Some(record))
}

/// The tokens, refreshed if the access token has expired since they were stored; none where there was too little time for it.
async fn usable(
    turn: &Turn<'_>,
    attempt: &mut LinkAttempt<AttemptContent>,
    time: InTime,
) -> Result<Option<Tokens>, Error> {
    let over = || {
        state_error(
            "expired",
            "the tokens of this attempt to link have expired; begin again with getLinkUrl",
        )
    };
    let tokens = attempt.document.tokens.clone().ok_or_else(over)?;
    if tokens.expires_at > turn.client.now_ms() {
        return Ok(Some(tokens));
    }
    // Without a refresh token, or with one that is spent, nothing can come of the attempt.
    attempt.document.tokens = None;
    let refresh_token = tokens.refresh_token.clone().ok_or_else(over)?;
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
    ];
    match user_tokens(turn.client, &grant, time).await {
        Ok(fresh) => {
            attempt.document.tokens = Some(fresh.clone());
            let linking = AttemptStatus::Linking;
            turn.store_tokens(&fresh, linking).await?;
            Ok(Some(fresh))
        }
        Err(Refusal::Withheld) => {
            attempt.document.tokens = Some(tokens);
            Ok(None)
        }
        Err(Refusal::NotSent(error)) => {
            attempt.document.tokens = Some(tokens);
            Err(error)
        }
        Err(Refusal::Over(_)) => Err(over()),
        Err(Refusal::Refused(error) | Refusal::Lost(error)) => Err(error),
    }
}

/// One app user and one public id belong together: other links of either go, if the application says so.
async fn put_link(
    client: &Client,
    attempt: &LinkAttempt<AttemptContent>,
    public_id: String,
    tokens: Tokens,
    replaces: bool,
) -> Result<LinkRecord, Error> {
    let mut rounds = 1;
    loop {
        take_others_away(client, attempt, &public_id, replaces).await?;
        match put(client, attempt, &public_id, &tokens, replaces).await {
            Err(error)
                if rounds < MOST_ROUNDS
                    && matches!(
                        error.kind(),
                        ErrorKind::Store {
                            operation: "change",
                            ..
                        }
                    ) =>
            {
                rounds += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn take_others_away(
    client: &Client,
    attempt: &LinkAttempt<AttemptContent>,
    public_id: &str,
    replaces: bool,
) -> Result<(), Error> {
    let (links, user) = (client.links(), &attempt.record.app_user_id);
    if was_made(client, links.record(user).await?.as_ref(), attempt) {
        return Ok(());
    }
    for other in links.of(public_id).await? {
        if other.app_user_id == *user {
            continue;
        }
        if !replaces {
            return Err(conflict(LinkConflict::PublicId));
        }
        let removed = links.change(client.world(), &other.app_user_id, |found| {
            Ok(match found {
                Some(record) if record.public_id == public_id => {
                    Change::<LinkDocument, _>::Remove(())
                }
                _ => Change::Leave(()),
            })
        });
        removed.await?;
    }
    Ok(())
}

async fn put(
    client: &Client,
    attempt: &LinkAttempt<AttemptContent>,
    public_id: &str,
    tokens: &Tokens,
    replaces: bool,
) -> Result<LinkRecord, Error> {
    let links = client.links();
    let user = &attempt.record.app_user_id;
    let put = links.change(client.world(), user, |found| {
        if let Some(record) = &found {
            // Another call has made it from these tokens, and they may be spent by now.
            if was_made(client, Some(record), attempt) {
                return Ok(Change::Leave(()));
            }
            if record.public_id != public_id && !replaces {
                return Err(conflict(LinkConflict::AppUser));
            }
        }
        let document = LinkDocument {
            tokens: tokens.clone(),
            attempt: attempt.record.id.clone(),
            ended: None,
            other: serde_json::Map::new(),
        };
        let link = links.make(
            user.clone(),
            public_id.to_owned(),
            document,
            client.now_ms(),
        );
        Ok(Change::Seal(Box::new(link), ()))
    });
    let ((), record) = put.await?;
    record.ok_or_else(|| Failure::NotLinked.into())
}

/// Whether a link was made by this attempt. One that does not open was made by none.
fn was_made(
    client: &Client,
    record: Option<&LinkRecord>,
    attempt: &LinkAttempt<AttemptContent>,
) -> bool {
    let opened = record.map(|record| client.links().open::<LinkDocument>(record.clone()));
    opened
        .and_then(Result::ok)
        .is_some_and(|link| link.document.attempt == attempt.record.id)
}

fn conflict(conflict: LinkConflict) -> Error {
    Failure::LinkConflict { conflict }.into()
}

/// The link that an attempt has led to.
pub(super) async fn completed(
    client: &Client,
    attempt: LinkAttempt<AttemptContent>,
) -> Result<Link, Error> {
    let record = client.links().record(&attempt.record.app_user_id).await?;
    let record = record.ok_or_else(|| {
        state_error(
            "used",
            "this attempt to link was completed, and the link has been removed since; begin again with getLinkUrl",
        )
    })?;
    Ok(Link {
        context: attempt.document.context,
        ..Link::from(record)
    })
}
