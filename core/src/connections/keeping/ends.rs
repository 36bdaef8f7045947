//! The end of a connection: that the platform has said so is stored once, by a mark of who stores it, and the application is told of it by whoever finds
//! their own mark there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::until_stored::until_stored;
use super::{Keeper, LinkDocument, Tokens, Told};
use crate::connections::{Change, LinkRecord, LinkStatus};
use crate::crypto::digest::sha256;
use crate::{Error, Secret};

/// The reason where a version of the SDK that kept none found that the session is over.
const SAID_BEFORE: &str = "said_before";

/// Remembers that the platform says the session of this access token is over, and tells the application: in a task of its own, since who
/// leaves while the store is at it would take the telling along. Gives other tokens if the person has connected again since, or somebody has
/// refreshed.
pub(crate) async fn mark_expired<K: Keeper>(
    keeper: &K,
    app_user_id: &str,
    access_token: &Secret<String>,
    code: &str,
) -> Result<Option<Tokens>, Error> {
    let id = sha256(&[
        app_user_id.as_bytes(),
        &[0],
        access_token.expose().as_bytes(),
    ]);
    let ends = &keeper.keeping().ends;
    let marked = ends.join(keeper.world(), id, |_| {
        let end = End {
            keeper: keeper.outliving(),
            user: app_user_id.to_owned(),
            access_token: access_token.clone(),
            code: code.to_owned(),
        };
        async move { Some(end.marked_and_told().await) }
    });
    marked.await
}

/// One end.
struct End<K> {
    keeper: K,
    user: String,
    access_token: Secret<String>,
    code: String,
}

/// What stands in the record.
enum Ended {
    /// The mark of who asks, now or since a writing of theirs that was acknowledged to nobody.
    Here,
    /// That of another, who tells of it.
    Elsewhere,
    /// Other tokens.
    Not(Tokens),
    /// What cannot be opened, or nothing: to try again would not help.
    Unreadable(Error),
}

impl<K: Keeper> End<K> {
    async fn marked_and_told(self) -> Result<Option<Tokens>, Error> {
        let Self { keeper, .. } = &self;
        let (world, lasts) = (keeper.world(), keeper.keeping().lease);
        let mut mark = [0; 16];
        world.random.fill(&mut mark)?;
        let mark = URL_SAFE_NO_PAD.encode(mark);
        let (ended, record) = until_stored(world, lasts, || self.marked(&mark)).await?;
        match ended {
            Ended::Not(tokens) => Ok(Some(tokens)),
            Ended::Elsewhere => Ok(None),
            Ended::Unreadable(error) => Err(error),
            Ended::Here => {
                if let Some(record) = &record {
                    keeper.tell(Told::Expired(record)).await?;
                }
                Ok(None)
            }
        }
    }

    async fn marked(&self, mark: &str) -> Result<(Ended, Option<LinkRecord>), Error> {
        let keeper = &self.keeper;
        let connections = keeper.connections();
        let marked = connections.change(keeper.world(), &self.user, |found| {
            let mut link = match keeper.opened(found) {
                Ok(link) => link,
                Err(error) => return Ok(Change::Leave(Ended::Unreadable(error))),
            };
            if link.document.tokens.access_token != self.access_token {
                return Ok(Change::Leave(Ended::Not(link.document.tokens)));
            }
            if link.record.status == LinkStatus::Expired {
                let is_own = link.document.ended_by.as_deref() == Some(mark);
                let ended = if is_own {
                    Ended::Here
                } else {
                    Ended::Elsewhere
                };
                return Ok(Change::Leave(ended));
            }
            link.document.ended = Some(self.code.clone());
            link.document.ended_by = Some(mark.to_owned());
            link.record.status = LinkStatus::Expired;
            link.record.lease = None;
            link.record.lease_until = None;
            Ok(Change::Seal(Box::new(link), Ended::Here))
        });
        marked.await
    }
}

/// The error of a connection that an earlier call found to be over.
pub(super) fn over_before<K: Keeper>(keeper: &K, document: &LinkDocument) -> Error {
    keeper.over(document.ended.as_deref().unwrap_or(SAID_BEFORE))
}
