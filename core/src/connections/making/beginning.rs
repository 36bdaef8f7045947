//! How an attempt to connect begins: with a state that nobody can guess, remembered for the user who asked.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{AttemptContent, MAX_CONTEXT};
use crate::connections::keeping::Keeper;
use crate::error::Invalid;
use crate::{Document, Error, World};

/// How long the id of a user may be, in bytes. Databases find records by it, and have their limits.
const LONGEST_USER: usize = 1000;
/// How long an attempt is kept after it has expired: further than clocks of machines may be apart.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Refuses a user or a context that not every store can keep.
pub(crate) fn check(app_user_id: &str, context: Option<&Document>) -> Result<(), Invalid> {
    can_be_kept(app_user_id).map_err(|reason| Invalid::new("options.appUserId", reason))?;
    if context.is_some_and(|context| context.text().len() > MAX_CONTEXT) {
        return Err(Invalid::new(
            "options.context",
            "must not be longer than 16 KiB",
        ));
    }
    Ok(())
}

/// Whether every store can keep a user of this id; else what it must be.
pub(crate) fn can_be_kept(app_user_id: &str) -> Result<(), &'static str> {
    if app_user_id.len() <= LONGEST_USER && !app_user_id.contains('\0') {
        return Ok(());
    }
    Err("must have at most 1,000 bytes and no NUL: not every store can keep it otherwise")
}

/// A state for an attempt (RFC 6749 section 10.12).
pub(crate) fn new_state(world: &World) -> Result<String, Error> {
    let mut state = [0; 32];
    world.random.fill(&mut state)?;
    Ok(URL_SAFE_NO_PAD.encode(state))
}

/// Remembers an attempt that may last so long; says when it expires, in milliseconds since 1970.
pub(crate) async fn begin<K: Keeper>(
    keeper: &K,
    state: &str,
    app_user_id: String,
    lasts: Duration,
    content: AttemptContent,
) -> Result<i64, Error> {
    let now = keeper.now_ms();
    let lasts = i64::try_from(lasts.as_millis()).unwrap_or(i64::MAX);
    let expires_at = now.saturating_add(lasts);
    let attempts = keeper.attempts();
    // A clock that is ahead must not forget what others wait for.
    attempts.forget_before(now.saturating_sub(KEPT_MS)).await?;
    attempts
        .begin(state, app_user_id, expires_at, content, keeper.world())
        .await?;
    Ok(expires_at)
}
