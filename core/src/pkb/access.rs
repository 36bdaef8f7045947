//! The access token of a link: which one serves now, and what is remembered when none will any more.

use super::{Client, Link};
use crate::error::ErrorKind;
use crate::link::{LinkRecord, LinkStatus, Tokens};
use crate::{Error, Secret};

/// The reason of a `LinkExpiredError` where PKB said in an earlier call that the session is over.
pub(super) const SAID_BEFORE: &str = "said_before";

/// Tokens that serve: those stored, or those that replace them; `spent` is an access token that PKB has refused.
pub(super) async fn tokens(
    client: &Client,
    app_user_id: &str,
    spent: Option<&Secret<String>>,
) -> Result<Tokens, Error> {
    let link = client.link(app_user_id).await?;
    if link.record.status == LinkStatus::Expired {
        return Err(over(SAID_BEFORE));
    }
    let tokens = link.tokens;
    let left = tokens.expires_at.saturating_sub(client.now_ms());
    let refreshes = client.refreshes();
    if left <= 0 || spent == Some(&tokens.access_token) {
        return refreshes
            .tokens_after(client, app_user_id, &tokens.access_token)
            .await;
    }
    if left <= margin(client, &link.record, &tokens) && may_refresh_early(&link.record, &tokens) {
        let early = refreshes.tokens_after(client, app_user_id, &tokens.access_token);
        return match early.await {
            // It was only ahead of time: the token still serves.
            Err(error) if !is_final(&error) => Ok(tokens),
            outcome => outcome,
        };
    }
    Ok(tokens)
}

/// How long before its end a token is replaced: as set, but at most a quarter of its life, or tokens that live shorter than that
/// would be replaced with each call.
fn margin(client: &Client, record: &LinkRecord, tokens: &Tokens) -> i64 {
    let set = i64::try_from(client.settings().refresh_margin.as_millis()).unwrap_or(i64::MAX);
    set.min(tokens.expires_at.saturating_sub(record.refreshed_at) / 4)
}

/// Not while another does, nor where the refresh token may be spent and the access token is all that is left.
fn may_refresh_early(record: &LinkRecord, tokens: &Tokens) -> bool {
    record.lease.is_none() && record.status == LinkStatus::Active && !tokens.last_resort
}

fn is_final(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::LinkExpired { .. } | ErrorKind::NotLinked
    )
}

/// Remembers that PKB says the session of this access token is over, and tells the application. Gives other tokens if the patient has
/// linked again since, or somebody has refreshed.
pub(super) async fn mark_expired(
    client: &Client,
    app_user_id: &str,
    access_token: &Secret<String>,
) -> Result<Option<Tokens>, Error> {
    loop {
        let link = client.link(app_user_id).await?;
        if link.tokens.access_token != *access_token {
            return Ok(Some(link.tokens));
        }
        let mut record = link.record;
        if record.status == LinkStatus::Expired {
            return Ok(None);
        }
        record.status = LinkStatus::Expired;
        record.lease = None;
        record.lease_until = None;
        let expected = record.version;
        let links = client.links();
        if links.put_record(&mut record, Some(expected)).await? {
            client
                .settings()
                .hooks
                .link_expired(Link::from(record))
                .await?;
            return Ok(None);
        }
    }
}

/// The error of a link that is over.
pub(super) fn over(reason: &str) -> Error {
    ErrorKind::LinkExpired {
        reason: reason.to_owned(),
    }
    .into()
}
