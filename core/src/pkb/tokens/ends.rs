//! The end of a link: that PKB has said so is stored once, by a mark of who stores it, and the application is told of it by whoever finds
//! their own mark there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::until_stored::until_stored;
use super::{LinkDocument, Tokens};
use crate::connections::{Change, LinkRecord, LinkStatus};
use crate::crypto::digest::sha256;
use crate::pkb::{Client, Failure, Link};
use crate::single_flight::SingleFlight;
use crate::{Error, Secret};

/// The reason of a `LinkExpiredError` where a version of the SDK that kept none found that the session is over.
const SAID_BEFORE: &str = "said_before";

/// The ends that are being stored by this process, by the digest of app user and access token.
pub(in crate::pkb) struct Ends(SingleFlight<Option<Tokens>>);

impl Default for Ends {
    fn default() -> Self {
        Self(SingleFlight::forgetting())
    }
}

impl Ends {
    /// Remembers that PKB says the session of this access token is over, and tells the application: in a task of its own, since who leaves
    /// while the store is at it would take the telling along. Gives other tokens if the patient has linked again since, or somebody has
    /// refreshed.
    pub(in crate::pkb) async fn mark_expired(
        &self,
        client: &Client,
        app_user_id: &str,
        access_token: &Secret<String>,
        code: &str,
    ) -> Result<Option<Tokens>, Error> {
        let id = sha256(&[
            app_user_id.as_bytes(),
            &[0],
            access_token.expose().as_bytes(),
        ]);
        let marked = self.0.join(client.world(), id, |_| {
            let end = End {
                client: client.outliving(),
                user: app_user_id.to_owned(),
                access_token: access_token.clone(),
                code: code.to_owned(),
            };
            async move { Some(end.marked_and_told().await) }
        });
        marked.await
    }
}

/// One end.
struct End {
    client: Client,
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

impl End {
    async fn marked_and_told(self) -> Result<Option<Tokens>, Error> {
        let Self { client, .. } = &self;
        let (world, lasts) = (client.world(), client.settings().refresh_lease);
        let mut mark = [0; 16];
        world.random.fill(&mut mark)?;
        let mark = URL_SAFE_NO_PAD.encode(mark);
        let (ended, record) = until_stored(world, lasts, || self.marked(&mark)).await?;
        match ended {
            Ended::Not(tokens) => Ok(Some(tokens)),
            Ended::Elsewhere => Ok(None),
            Ended::Unreadable(error) => Err(error),
            Ended::Here => {
                if let Some(record) = record {
                    let hooks = &client.settings().hooks;
                    hooks.link_expired(Link::from(record)).await?;
                }
                Ok(None)
            }
        }
    }

    async fn marked(&self, mark: &str) -> Result<(Ended, Option<LinkRecord>), Error> {
        let client = &self.client;
        let marked = client.links().change(client.world(), &self.user, |found| {
            let mut link = match client.opened(found) {
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
