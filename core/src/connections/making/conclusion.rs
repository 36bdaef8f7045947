//! The last step of linking: from the tokens of an attempt, which one call at a time has taken on, to the stored pair of app user and public id.

use super::turn::Turn;
use super::writing::{NewLink, Written, opened, was_made};
use super::{AttemptContent, AttemptProblem, Made};
use crate::Error;
use crate::connections::keeping::storing::{Stored, store};
use crate::connections::keeping::until_stored::until_stored;
use crate::connections::keeping::{Grant, InTime, Keeper, LinkDocument, Refusal, Tokens, Told};
use crate::connections::{AttemptStatus, Connection, LinkAttempt, LinkRecord};

/// From tokens to a link. Where that fails, the attempt can be taken up again, as long as it has tokens. None where the turn was too old to
/// be used when it was there, and is given back.
pub(super) async fn conclude<K: Keeper>(
    turn: &Turn<'_, K>,
    attempt: LinkAttempt<AttemptContent>,
    time: InTime,
    replaces: bool,
) -> Result<Option<Made>, Error> {
    match link(turn, &attempt, time, replaces).await {
        Ok(None) => {
            turn.advance(AttemptStatus::Exchanged, |_| {}).await?;
            Ok(None)
        }
        Ok(Some(Written { record, replaced })) => {
            // They are the link's now, which refreshes them.
            let completed = turn.advance(AttemptStatus::Completed, |content| {
                let before = content.clone();
                content.tokens = None;
                content.lease = None;
                before
            });
            let record = match completed.await {
                Ok(Some(content)) => {
                    let record = with_newest(turn.keeper, record, content).await?;
                    let made = Told::Made {
                        record: &record,
                        replaced,
                    };
                    turn.keeper.tell(made).await?;
                    record
                }
                // Whoever has the turn now tells of it.
                Ok(None) => record,
                Err(error) => {
                    // Whoever loads the callback again need not wait for this turn to end by itself.
                    let _ = turn.advance(AttemptStatus::Exchanged, |_| {}).await;
                    return Err(error);
                }
            };
            Ok(Some(Made::of(record, attempt.document)))
        }
        Err(Failed::Spent(error)) => {
            // If this cannot be written, whoever goes on waits for as long as a lease lasts.
            let _ = turn.give_up(attempt.document.tokens.as_ref()).await;
            Err(error)
        }
        Err(Failed::Otherwise(error)) => {
            let _ = turn.advance(AttemptStatus::Exchanged, |_| {}).await;
            Err(error)
        }
    }
}

/// Why there is no link.
enum Failed {
    /// The tokens of the attempt serve no more, and there are no others.
    Spent(Error),
    /// The attempt can be taken up again.
    Otherwise(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Otherwise(error)
    }
}

async fn link<K: Keeper>(
    turn: &Turn<'_, K>,
    attempt: &LinkAttempt<AttemptContent>,
    time: InTime,
    replaces: bool,
) -> Result<Option<Written>, Failed> {
    let keeper = turn.keeper;
    // Who was at it before may have made the link and died: its tokens are the link's by now, which may have spent them.
    let made = keeper
        .connections()
        .record(&attempt.record.app_user_id)
        .await?;
    if let Some(record) = made.filter(|record| was_made(keeper, Some(record), attempt)) {
        return Ok(Some(Written {
            record,
            replaced: false,
        }));
    }
    let AttemptContent {
        tokens, public_id, ..
    } = &attempt.document;
    let (tokens, public_id) = if let (Some(tokens), Some(public_id)) = (tokens, public_id) {
        // Whoever had the turn before may be about to write the link, or a store that refused it be: the tokens are no more the attempt's.
        (tokens.clone(), public_id.clone())
    } else {
        let Some(tokens) = usable(turn, attempt, time).await? else {
            return Ok(None);
        };
        let public_id = keeper.public_id(&tokens).await?;
        (tokens, public_id)
    };
    // Who was slow may have lost the turn, and the tokens be spent by whoever took it. The lease begins anew, for the writing of the link. And
    // whoever had the turn before may have been kept from the store with a new pair until now.
    let lease = turn.lease.to_text();
    let again = |content: &mut AttemptContent| {
        content.lease = Some(lease.clone());
        content.public_id = Some(public_id.clone());
        content.clone()
    };
    let time = InTime {
        begun: keeper.world().moment(),
        ..time
    };
    let Some(document) = turn.advance(AttemptStatus::Linking, again).await? else {
        return Ok(None);
    };
    let tokens = document.tokens.clone().unwrap_or(tokens);
    let attempt = LinkAttempt {
        record: attempt.record.clone(),
        document,
    };
    let link = NewLink {
        attempt,
        public_id,
        tokens,
        replaces,
        time,
    };
    Ok(link.put(keeper).await?)
}

/// The tokens, refreshed if the access token has expired since they were stored; none where there was too little time for it.
async fn usable<K: Keeper>(
    turn: &Turn<'_, K>,
    attempt: &LinkAttempt<AttemptContent>,
    time: InTime,
) -> Result<Option<Tokens>, Failed> {
    let over = || Failed::Spent(turn.keeper.stopped(AttemptProblem::TokensExpired));
    let tokens = attempt.document.tokens.clone().ok_or_else(over)?;
    if tokens.expires_at > turn.keeper.now_ms() {
        return Ok(Some(tokens));
    }
    // Without a refresh token, or with one that is spent, nothing can come of the attempt.
    let refresh_token = tokens.refresh_token.clone().ok_or_else(over)?;
    // What comes is encrypted: the key for it is had before anything is spent.
    turn.keeper.connections().sealing_key_id().await?;
    match turn
        .keeper
        .spend(Grant::Refresh(&refresh_token), time)
        .await
    {
        Ok(fresh) => {
            let fresh = fresh.saying_what(&tokens);
            turn.replace_tokens(&tokens, &fresh).await?;
            let user = &attempt.record.app_user_id;
            hand_over(turn.keeper, user, &tokens, &fresh).await?;
            Ok(Some(fresh))
        }
        Err(Refusal::Withheld) => Ok(None),
        Err(Refusal::NotSent(error)) => Err(Failed::Otherwise(error)),
        Err(Refusal::Over(_)) => Err(over()),
        Err(Refusal::Refused(error) | Refusal::Lost(error)) => Err(Failed::Spent(error)),
    }
}

/// The link with the newest pair there is: whoever had the turn before may have given a new one to the attempt alone, while the link was written with
/// the old one.
async fn with_newest<K: Keeper>(
    keeper: &K,
    record: LinkRecord,
    content: AttemptContent,
) -> Result<LinkRecord, Error> {
    let made = opened(keeper.connections(), &record).map(|made| made.tokens);
    let is_outdated = |made: &Tokens| content.replaced.contains(&made.access_token);
    let (Some(old), Some(newest)) = (made.filter(is_outdated), content.tokens) else {
        return Ok(record);
    };
    hand_over(keeper, &record.app_user_id, &old, &newest).await?;
    let user = &record.app_user_id;
    Ok(keeper.connections().record(user).await?.unwrap_or(record))
}

/// Gives the new pair to the link that others have made of the old one meanwhile, or whose writing was late: the refresh token that stands
/// there is spent.
async fn hand_over<K: Keeper>(
    keeper: &K,
    user: &str,
    old: &Tokens,
    fresh: &Tokens,
) -> Result<(), Error> {
    let lasts = keeper.keeping().lease;
    let now = keeper.now_ms();
    let handed = until_stored(keeper.world(), lasts, || async {
        let link = keeper.connections().get::<LinkDocument>(user).await?;
        let concerned = |link: &Connection<LinkDocument>| {
            link.document.tokens.is_pair_of(old) || link.document.tokens.is_pair_of(fresh)
        };
        match link.filter(concerned) {
            Some(link) => store(keeper, &link, fresh, now).await.map(Some),
            None => Ok(None),
        }
    });
    if let Some((Stored::Fresh | Stored::Before, Some(record))) = handed.await? {
        let refreshed = Told::Refreshed {
            record: &record,
            tokens: fresh,
            recovered: false,
        };
        keeper.tell(refreshed).await?;
    }
    Ok(())
}

/// The pair that has come for the first tokens of a link, where the attempt that made it alone has it: the link was written with the old ones, late,
/// after whoever wrote it had given it up.
pub(crate) async fn renewed<K: Keeper>(
    keeper: &K,
    link: &Connection<LinkDocument>,
) -> Result<Option<Tokens>, Error> {
    if link.record.refreshed_at != link.record.linked_at {
        return Ok(None);
    }
    let attempt = keeper.attempts().opened(&link.document.attempt).await?;
    let content = attempt.map(|attempt: LinkAttempt<AttemptContent>| attempt.document);
    let access_token = &link.document.tokens.access_token;
    let renewed = content.filter(|content| content.replaced.contains(access_token));
    Ok(renewed.and_then(|content| content.tokens))
}

/// The connection that an attempt has led to.
pub(super) async fn completed<K: Keeper>(
    keeper: &K,
    attempt: LinkAttempt<AttemptContent>,
) -> Result<Made, Error> {
    let record = keeper.connections().record(&attempt.record.app_user_id);
    let record = record.await?;
    let record = record.ok_or_else(|| keeper.stopped(AttemptProblem::Removed))?;
    Ok(Made::of(record, attempt.document))
}
