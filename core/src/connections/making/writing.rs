//! How a link comes to be written, and the attempt that made the one before it to its end.

use super::{AttemptContent, Conflict};
use crate::connections::keeping::{InTime, Keeper, LinkDocument, Tokens, Told};
use crate::connections::{
    AttemptStatus, Attempts, Change, Connections, LinkAttempt, LinkRecord, LinkStatus,
};
use crate::error::ErrorKind;
use crate::{Error, World};

/// How often another user's link to the same record may come up between looking for it and writing one's own.
const MOST_ROUNDS: u32 = 3;

/// A link that is to be written: one app user and one public id belong together, and other links of either go, if the application says so.
pub(super) struct NewLink {
    pub attempt: LinkAttempt<AttemptContent>,
    pub public_id: String,
    pub tokens: Tokens,
    /// Whether other links may be removed for it.
    pub replaces: bool,
    /// For how long nobody else has the turn.
    pub time: InTime,
}

/// A link that stands.
pub(super) struct Written {
    pub record: LinkRecord,
    /// Whether it stands where one with another public id stood.
    pub replaced: bool,
}

/// What has come of writing the link.
enum Put {
    Made(Box<Written>),
    /// The attempt with this id made the link that stands there, and has to be ended first.
    Over(String),
    /// Others may have had their turn since, and have made newer links.
    Late,
}

impl NewLink {
    fn user(&self) -> &String {
        &self.attempt.record.app_user_id
    }

    /// Writes it; none where that took too long.
    pub(super) async fn put<K: Keeper>(&self, keeper: &K) -> Result<Option<Written>, Error> {
        let mut rounds = 1;
        loop {
            self.take_others_away(keeper).await?;
            let mut ended = None;
            let put = loop {
                match self.put_over(keeper, ended).await {
                    Ok(Put::Over(made_before)) => {
                        end(keeper.connections(), keeper.world(), &made_before).await?;
                        ended = Some(made_before);
                    }
                    Ok(Put::Made(written)) => break Ok(Some(*written)),
                    Ok(Put::Late) => break Ok(None),
                    Err(error) => break Err(error),
                }
            };
            match put {
                Err(error) if rounds < MOST_ROUNDS && is_of_others(&error) => rounds += 1,
                outcome => return outcome,
            }
        }
    }

    async fn take_others_away<K: Keeper>(&self, keeper: &K) -> Result<(), Error> {
        if K::SHARES_PUBLIC_IDS {
            return Ok(());
        }
        let (links, world) = (keeper.connections(), keeper.world());
        if was_made(
            keeper,
            links.record(self.user()).await?.as_ref(),
            &self.attempt,
        ) {
            return Ok(());
        }
        for other in links.of(&self.public_id).await? {
            if other.app_user_id == *self.user() {
                continue;
            }
            if !self.replaces {
                return Err(keeper.conflict(Conflict::PublicId));
            }
            let removed = links.change(world, &other.app_user_id, |found| {
                Ok(match found {
                    Some(record)
                        if record.public_id == self.public_id && !self.time.has_passed(world) =>
                    {
                        Change::<LinkDocument, _>::Remove(Some(record))
                    }
                    _ => Change::Leave(None),
                })
            });
            if let (Some(removed), _) = removed.await? {
                keeper.tell(Told::Removed(&removed)).await?;
            }
        }
        Ok(())
    }

    /// Writes it; over one that another attempt made only where that was `ended`.
    async fn put_over<K: Keeper>(&self, keeper: &K, ended: Option<String>) -> Result<Put, Error> {
        let (links, world) = (keeper.connections(), keeper.world());
        let mut replaced = false;
        let put = links.change(world, self.user(), |found| {
            replaced = false;
            if let Some(record) = &found {
                let made = opened(keeper.connections(), record);
                let maker = made.as_ref().map(|made| &made.attempt);
                let is_own = maker == Some(&self.attempt.record.id);
                // Another call has made it from these tokens, and they may be spent by now.
                if was_made(keeper, Some(record), &self.attempt) {
                    return Ok(Change::Leave(None));
                }
                let is_over = K::RENEWS_PUBLIC_IDS && record.status == LinkStatus::Expired;
                let is_another = record.public_id != self.public_id
                    && ![&record.public_id, &self.public_id]
                        .iter()
                        .any(|id| id.is_empty());
                if is_another && !self.replaces && !is_over {
                    return Err(keeper.conflict(Conflict::AppUser));
                }
                replaced = is_another;
                if !is_own && maker.is_some() && maker != ended.as_ref() {
                    return Ok(Change::Leave(maker.cloned().map(Put::Over)));
                }
            }
            if self.time.has_passed(world) {
                return Ok(Change::Leave(Some(Put::Late)));
            }
            let attempt = self.attempt.record.id.clone();
            let document = LinkDocument::new(self.tokens.clone(), attempt);
            let public_id = self.public_id.clone();
            let mut link = links.make(self.user().clone(), public_id, document, keeper.now_ms());
            link.record.shares_public_id = K::SHARES_PUBLIC_IDS;
            Ok(Change::Seal(Box::new(link), None))
        });
        match put.await? {
            (Some(put), _) => Ok(put),
            (None, Some(record)) => Ok(Put::Made(Box::new(Written { record, replaced }))),
            (None, None) => Err(keeper.not_connected()),
        }
    }
}

/// Whether others were faster, again and again.
fn is_of_others(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Store {
            operation: "change",
            ..
        }
    )
}

/// Ends an attempt whose link is about to be replaced or removed, where whoever made it could not say so any more. Its tokens are the link's, which may
/// have spent them: were its callback loaded again, they would be spent twice, or take the place of the newer link's.
pub(crate) async fn end(
    connections: &Connections,
    world: &World,
    attempt_id: &str,
) -> Result<(), Error> {
    let attempts = Attempts(connections);
    // One that has ended is not opened: the key that sealed it may be gone, and the patient could not link again for as long as it is kept.
    if !attempts.status(attempt_id).await?.is_some_and(goes_on) {
        return Ok(());
    }
    let ended = attempts.change_of(
        world,
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
pub(super) fn was_made<K: Keeper>(
    keeper: &K,
    record: Option<&LinkRecord>,
    attempt: &LinkAttempt<AttemptContent>,
) -> bool {
    let made = record.and_then(|record| opened(keeper.connections(), record));
    made.is_some_and(|made| {
        let is_outdated = attempt
            .document
            .replaced
            .contains(&made.tokens.access_token);
        made.attempt == attempt.record.id && !is_outdated
    })
}

/// What is sealed of a link; none of one that does not open.
pub(crate) fn opened(connections: &Connections, record: &LinkRecord) -> Option<LinkDocument> {
    let link = connections.open::<LinkDocument>(record.clone());
    link.ok().map(|link| link.document)
}
