//! The access token of a connection: which one serves now.

use super::ends::over_before;
use super::refresh::{When, tokens_after};
use super::{Keeper, Tokens};
use crate::connections::{AttemptStatus, LinkRecord, LinkStatus};
use crate::{Error, Secret};

/// Tokens that serve.
#[derive(Debug, Clone)]
pub(crate) struct Serving {
    pub tokens: Tokens,
    /// Whether this process has just had them from the platform. Those that are stored may be older than what made it refuse others.
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

/// Tokens that serve: those stored, or those that replace them; `spent` is an access token that the platform has refused.
pub(crate) async fn tokens<K: Keeper>(
    keeper: &K,
    app_user_id: &str,
    spent: Option<&Secret<String>>,
) -> Result<Serving, Error> {
    let (connections, world) = (keeper.connections(), keeper.world());
    let cached = connections.cached_tokens(app_user_id);
    if let Some(cached) = &cached {
        if spent.is_some() {
            cached.forget();
        } else if let Some(tokens) = cached.tokens(world) {
            return Ok(Serving::stored(tokens));
        }
    }
    let reading = cached.map(|cached| cached.reading(world));
    let link = keeper.connection(app_user_id).await?;
    if link.record.status == LinkStatus::Expired {
        return Err(over_before(keeper, &link.document));
    }
    let tokens = link.document.tokens.clone();
    let left = tokens.expires_at.saturating_sub(keeper.now_ms());
    if left <= 0 || spent == Some(&tokens.access_token) {
        return tokens_after(keeper, app_user_id, &tokens.access_token, When::Due).await;
    }
    let margin = margin(keeper, &link.record, &tokens);
    if left <= margin
        && may_refresh_early(&link.record, &tokens)
        && is_sure(keeper, &link.record, &link.document.attempt).await
    {
        let early = tokens_after(keeper, app_user_id, &tokens.access_token, When::Early);
        return match early.await {
            // It was only ahead of time: the token still serves.
            Err(error) if !keeper.is_over(&error) => Ok(Serving::stored(tokens)),
            outcome => outcome,
        };
    }
    // Of what is not as it always is, each call sees for itself what becomes.
    let is_settled = link.record.status == LinkStatus::Active && link.record.lease.is_none();
    if let Some(reading) = reading.filter(|_| is_settled && left > margin) {
        let until = tokens.expires_at.saturating_sub(margin);
        reading.keep(&tokens, until, world);
    }
    Ok(Serving::stored(tokens))
}

/// How long before its end a token is replaced: as set, but at most a quarter of its life, or tokens that live shorter than that
/// would be replaced with each call. Whoever wrote the record may have a clock that is ahead of who got the tokens: it is no time after its end.
fn margin<K: Keeper>(keeper: &K, record: &LinkRecord, tokens: &Tokens) -> i64 {
    let set = i64::try_from(keeper.keeping().margin.as_millis()).unwrap_or(i64::MAX);
    let life = tokens.expires_at.saturating_sub(record.refreshed_at);
    set.min(life.max(0) / 4)
}

/// Not while another does, nor where the refresh token may be spent and the access token is all that is left.
pub(super) fn may_refresh_early(record: &LinkRecord, tokens: &Tokens) -> bool {
    record.lease.is_none() && record.status == LinkStatus::Active && !tokens.last_resort
}

/// Whether the refresh token was spent by nobody. The first one of a link was that of the attempt, and a link that comes late from its store, after
/// whoever wrote it had given it up, may stand beside an attempt whose tokens others have refreshed since.
async fn is_sure<K: Keeper>(keeper: &K, record: &LinkRecord, attempt: &str) -> bool {
    if record.refreshed_at != record.linked_at {
        return true;
    }
    let status = keeper.attempts().status(attempt).await;
    matches!(status, Ok(None | Some(AttemptStatus::Completed)))
}
