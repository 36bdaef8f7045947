//! The last step of linking: from the tokens of an attempt, which one call at a time has claimed, to the stored pair of app user and public id.

use super::linking::{claim, state_error, store_tokens};
use super::purview;
use super::token_endpoint::{Refusal, user_tokens};
use super::{Client, Link};
use crate::Error;
use crate::error::{ErrorKind, LinkConflict};
use crate::link::{Attempt, AttemptStatus, LinkRecord, Tokens};

/// From tokens to a link. Where that fails, the attempt can be taken up again, as long as it has tokens.
pub(super) async fn conclude(
    client: &Client,
    mut attempt: Attempt,
    replaces: bool,
) -> Result<Link, Error> {
    match link(client, &mut attempt, replaces).await {
        Ok(record) => {
            // They are the link's now, which refreshes them.
            attempt.content.tokens = None;
            claim(client, &mut attempt, AttemptStatus::Completed).await?;
            Ok(Link {
                context: attempt.content.context,
                ..Link::from(record)
            })
        }
        Err(error) => {
            let status = match attempt.content.tokens {
                Some(_) => AttemptStatus::Exchanged,
                None => AttemptStatus::Failed,
            };
            // If this cannot be written, whoever goes on waits for as long as a lease lasts.
            let _ = claim(client, &mut attempt, status).await;
            Err(error)
        }
    }
}

async fn link(client: &Client, attempt: &mut Attempt, replaces: bool) -> Result<LinkRecord, Error> {
    let tokens = usable(client, attempt).await?;
    let public_id = purview::public_id(client, &tokens.access_token).await?;
    put_link(client, attempt, public_id, tokens, replaces).await
}

/// The tokens, refreshed if the access token has expired since they were stored.
async fn usable(client: &Client, attempt: &mut Attempt) -> Result<Tokens, Error> {
    let over = || {
        state_error(
            "expired",
            "the tokens of this attempt to link have expired; begin again with getLinkUrl",
        )
    };
    let tokens = attempt.content.tokens.clone().ok_or_else(over)?;
    if tokens.expires_at > client.now_ms() {
        return Ok(tokens);
    }
    // Without a refresh token, or with one that is spent, nothing can come of the attempt.
    attempt.content.tokens = None;
    let refresh_token = tokens.refresh_token.clone().ok_or_else(over)?;
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose()),
    ];
    match user_tokens(client, &grant).await {
        Ok(fresh) => {
            store_tokens(client, attempt, fresh.clone(), AttemptStatus::Linking).await?;
            Ok(fresh)
        }
        Err(Refusal::NotSent(error)) => {
            attempt.content.tokens = Some(tokens);
            Err(error)
        }
        Err(Refusal::Over(_)) => Err(over()),
        Err(Refusal::Refused(error) | Refusal::Lost(error)) => Err(error),
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
        if let Some(record) = &present {
            // Another call has made it from these tokens, and they may be spent by now.
            if links.was_made_by(record, &attempt.record.id) {
                return Ok(record.clone());
            }
            if record.public_id != public_id && !replaces {
                return conflict(LinkConflict::AppUser);
            }
        }
        for other in links.of(&public_id).await? {
            if other.app_user_id != *user {
                if !replaces {
                    return conflict(LinkConflict::PublicId);
                }
                links.remove(&other.app_user_id, other.version).await?;
            }
        }
        let now = client.now_ms();
        let mut link = links.link(&attempt.record, public_id.clone(), tokens.clone(), now);
        let expected = present.map(|record| record.version);
        if links.put(&mut link, expected, client.world()).await? {
            return Ok(link.record);
        }
    }
}

/// The link that an attempt has led to.
pub(super) async fn completed(client: &Client, attempt: Attempt) -> Result<Link, Error> {
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
