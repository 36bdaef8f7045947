//! The access token of a link: which one serves now, and what is remembered when none will any more.

use super::refresh::When;
use super::{LinkDocument, Tokens};
use crate::connections::{Change, LinkRecord, LinkStatus};
use crate::pkb::{Client, Failure, Link};
use crate::{Error, Secret};

/// The reason of a `LinkExpiredError` where a version of the SDK that kept none found that the session is over.
const SAID_BEFORE: &str = "said_before";

/// Tokens that serve.
#[derive(Debug, Clone)]
pub(in crate::pkb) struct Serving {
    pub tokens: Tokens,
    /// Whether this process has just had them from PKB. Those that are stored may be older than what made PKB refuse others.
    pub refreshed: bool,
}

impl Serving {
    pub(super) fn stored(tokens: Tokens) -> Self {
        Self {
            tokens,
            refreshed: false,
        }
    }
}

/// Tokens that serve: those stored, or those that replace them; `spent` is an access token that PKB has refused.
pub(in crate::pkb) async fn tokens(
    client: &Client,
    app_user_id: &str,
    spent: Option<&Secret<String>>,
) -> Result<Serving, Error> {
    let link = client.link(app_user_id).await?;
    if link.record.status == LinkStatus::Expired {
        return Err(over_before(&link.document));
    }
    let tokens = link.document.tokens;
    let left = tokens.expires_at.saturating_sub(client.now_ms());
    let refreshes = client.refreshes();
    if left <= 0 || spent == Some(&tokens.access_token) {
        return refreshes
            .tokens_after(client, app_user_id, &tokens.access_token, When::Due)
            .await;
    }
    if left <= margin(client, &link.record, &tokens) && may_refresh_early(&link.record, &tokens) {
        let early = refreshes.tokens_after(client, app_user_id, &tokens.access_token, When::Early);
        return match early.await {
            // It was only ahead of time: the token still serves.
            Err(error) if !is_final(&error) => Ok(Serving::stored(tokens)),
            outcome => outcome,
        };
    }
    Ok(Serving::stored(tokens))
}

/// How long before its end a token is replaced: as set, but at most a quarter of its life, or tokens that live shorter than that
/// would be replaced with each call.
fn margin(client: &Client, record: &LinkRecord, tokens: &Tokens) -> i64 {
    let set = i64::try_from(client.settings().refresh_margin.as_millis()).unwrap_or(i64::MAX);
    set.min(tokens.expires_at.saturating_sub(record.refreshed_at) / 4)
}

/// Not while another does, nor where the refresh token may be spent and the access token is all that is left.
pub(super) fn may_refresh_early(record: &LinkRecord, tokens: &Tokens) -> bool {
    record.lease.is_none() && record.status == LinkStatus::Active && !tokens.last_resort
}

fn is_final(error: &Error) -> bool {
    matches!(
        Failure::of(error),
        Some(Failure::LinkExpired { .. } | Failure::NotLinked)
    )
}

/// Remembers that PKB says the session of this access token is over, and tells the application. Gives other tokens if the patient has
/// linked again since, or somebody has refreshed.
pub(in crate::pkb) async fn mark_expired(
    client: &Client,
    app_user_id: &str,
    access_token: &Secret<String>,
    code: &str,
) -> Result<Option<Tokens>, Error> {
    let links = client.links();
    let marked = links.change(client.world(), app_user_id, |found| {
        let mut link = client.opened(found)?;
        if link.document.tokens.access_token != *access_token {
            return Ok(Change::Leave(Ended::Not(link.document.tokens)));
        }
        if link.record.status == LinkStatus::Expired {
            return Ok(Change::Leave(Ended::Before));
        }
        link.document.ended = Some(code.to_owned());
        link.record.status = LinkStatus::Expired;
        link.record.lease = None;
        link.record.lease_until = None;
        Ok(Change::Seal(Box::new(link), Ended::Now))
    });
    match marked.await? {
        (Ended::Not(tokens), _) => Ok(Some(tokens)),
        (Ended::Now, Some(record)) => {
            let hooks = &client.settings().hooks;
            hooks.link_expired(Link::from(record)).await?;
            Ok(None)
        }
        (Ended::Before | Ended::Now, _) => Ok(None),
    }
}

/// Whether a link was found to be over.
enum Ended {
    Now,
    Before,
    Not(Tokens),
}

/// The error of a link that an earlier call found to be over.
pub(super) fn over_before(document: &LinkDocument) -> Error {
    over(document.ended.as_deref().unwrap_or(SAID_BEFORE))
}

/// The error of a link that is over.
pub(in crate::pkb) fn over(reason: &str) -> Error {
    Failure::LinkExpired {
        reason: reason.to_owned(),
    }
    .into()
}
