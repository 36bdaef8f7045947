//! The last step of linking: from the tokens of an attempt, which one call at a time has taken on, to the stored pair of app user and public id.

use super::completion::{Turn, state_error};
use super::{AttemptContent, Link, purview};
use crate::Error;
use crate::connections::{AttemptStatus, Change, LinkAttempt, LinkRecord};
use crate::error::ErrorKind;
use crate::pkb::tokens::hooks::TokensChanged;
use crate::pkb::tokens::storing::{Stored, store};
use crate::pkb::tokens::token_endpoint::{InTime, Refusal, user_tokens};
use crate::pkb::tokens::until_stored::until_stored;
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
    // Who was slow may have lost the turn, and the tokens be spent by whoever took it. The lease begins anew, for the writing of the link.
    let lease = turn.lease.to_text();
    let again = |content: &mut AttemptContent| content.lease = Some(lease.clone());
    if !turn.advance(AttemptStatus::Linking, again).await? {
        return Ok(None);
    }
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
            let store = |content: &mut AttemptContent| {
                content.tokens = Some(fresh.clone());
                content.replaced.push(tokens.access_token.clone());
            };
            store(&mut attempt.document);
            let linking = AttemptStatus::Linking;
            turn.store_tokens(linking, store).await?;
            let user = &attempt.record.app_user_id;
            hand_over(turn.client, user, &tokens, &fresh).await?;
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

/// Gives the new pair to the link that others have made of the old one meanwhile, or whose writing was late: the refresh token that stands
/// there is spent.
async fn hand_over(client: &Client, user: &str, old: &Tokens, fresh: &Tokens) -> Result<(), Error> {
    let lasts = client.settings().refresh_lease;
    let handed = until_stored(client.world(), lasts, || async {
        let link = client.links().get::<LinkDocument>(user).await?;
        match link.filter(|link| link.document.tokens == *old || link.document.tokens == *fresh) {
            Some(link) => store(client, &link, fresh).await.map(Some),
            None => Ok(None),
        }
    });
    if let Some((Stored::Fresh | Stored::Before, Some(record))) = handed.await? {
        let changed = TokensChanged {
            app_user_id: record.app_user_id,
            public_id: record.public_id,
            access_token_expires_at: fresh.expires_at,
        };
        client.settings().hooks.tokens_changed(changed).await?;
    }
    Ok(())
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
        let mut ended = None;
        let put = loop {
            match put(client, attempt, &public_id, &tokens, replaces, ended).await {
                Ok(Put::Over(made_before)) => {
                    end(client, &made_before).await?;
                    ended = Some(made_before);
                }
                Ok(Put::Made(record)) => break Ok(*record),
                Err(error) => break Err(error),
            }
        };
        match put {
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

/// What has come of writing the link.
enum Put {
    Made(Box<LinkRecord>),
    /// The attempt with this id made the link that stands there, and has to be ended first.
    Over(String),
}

/// Writes the link; over one that another attempt made only where that was `ended`.
async fn put(
    client: &Client,
    attempt: &LinkAttempt<AttemptContent>,
    public_id: &str,
    tokens: &Tokens,
    replaces: bool,
    ended: Option<String>,
) -> Result<Put, Error> {
    let links = client.links();
    let user = &attempt.record.app_user_id;
    let put = links.change(client.world(), user, |found| {
        if let Some(record) = &found {
            let made = opened(client, record);
            let maker = made.as_ref().map(|made| &made.attempt);
            let is_own = maker == Some(&attempt.record.id);
            // Another call has made it from these tokens, and they may be spent by now.
            if was_made(client, Some(record), attempt) {
                return Ok(Change::Leave(None));
            }
            if record.public_id != public_id && !replaces {
                return Err(conflict(LinkConflict::AppUser));
            }
            if !is_own && maker.is_some() && maker != ended.as_ref() {
                return Ok(Change::Leave(maker.cloned()));
            }
        }
        let document = LinkDocument {
            tokens: tokens.clone(),
            attempt: attempt.record.id.clone(),
            ended: None,
            ended_by: None,
            other: serde_json::Map::new(),
        };
        let link = links.make(
            user.clone(),
            public_id.to_owned(),
            document,
            client.now_ms(),
        );
        Ok(Change::Seal(Box::new(link), None))
    });
    match put.await? {
        (Some(made_before), _) => Ok(Put::Over(made_before)),
        (None, Some(record)) => Ok(Put::Made(Box::new(record))),
        (None, None) => Err(Failure::NotLinked.into()),
    }
}

/// Ends an attempt whose link is about to be replaced or removed, where whoever made it could not say so any more. Its tokens are the link's, which may
/// have spent them: were its callback loaded again, they would be spent twice, or take the place of the newer link's.
pub(in crate::pkb) async fn end(client: &Client, attempt_id: &str) -> Result<(), Error> {
    let attempts = client.attempts();
    // One that has ended is not opened: the key that sealed it may be gone, and the patient could not link again for as long as it is kept.
    if !attempts.status(attempt_id).await?.is_some_and(goes_on) {
        return Ok(());
    }
    let ended = attempts.change_of(
        client.world(),
        attempt_id,
        |attempt: &mut LinkAttempt<AttemptContent>| {
            let goes_on = goes_on(attempt.record.status);
            if goes_on {
                attempt.record.status = AttemptStatus::Completed;
                attempt.document.tokens = None;
                attempt.document.lease = None;
            }
            Ok((goes_on, ()))
        },
    );
    ended.await.map(drop)
}

/// Whether an attempt has tokens that come to a link yet.
fn goes_on(status: AttemptStatus) -> bool {
    matches!(status, AttemptStatus::Exchanged | AttemptStatus::Linking)
}

/// Whether a link was made by this attempt, and not from tokens that it has replaced since. One that does not open was made by none.
fn was_made(
    client: &Client,
    record: Option<&LinkRecord>,
    attempt: &LinkAttempt<AttemptContent>,
) -> bool {
    let made = record.and_then(|record| opened(client, record));
    made.is_some_and(|made| {
        let is_outdated = attempt
            .document
            .replaced
            .contains(&made.tokens.access_token);
        made.attempt == attempt.record.id && !is_outdated
    })
}

/// What is sealed of a link; none of one that does not open.
pub(in crate::pkb) fn opened(client: &Client, record: &LinkRecord) -> Option<LinkDocument> {
    let link = client.links().open::<LinkDocument>(record.clone());
    link.ok().map(|link| link.document)
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
