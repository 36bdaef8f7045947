//! How users are brought in whose tokens an application has kept itself, many at once.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keeping::{LinkDocument, Tokens};
use super::making::beginning::can_be_kept;
use super::store::STEP;
use super::{Connections, Many};
use crate::{Error, World};

/// What is wrong with a public id of which a whole step of others would fail.
const UNFIT_PUBLIC_ID: &str =
    "its public id must have at most 1,000 bytes and no NUL: not every store can keep it otherwise";

/// A user who is to be brought in.
pub(crate) struct Newcomer {
    pub app_user_id: String,
    pub public_id: String,
    /// Their tokens; why they cannot be kept, in words that hold no secret, of those that cannot.
    pub tokens: Result<Tokens, &'static str>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "ImportResponse")
)]
pub struct Imported {
    /// How many were brought in.
    pub imported: u64,
    /// How many were there already, and stay as they are.
    pub present: u64,
    /// Those that were not, each of them, and why.
    pub refused: Vec<NotImported>,
}

/// A user who was not brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct NotImported {
    /// Your own id of the user.
    pub app_user_id: String,
    /// Why, without anything secret.
    pub reason: String,
}

/// Brings all of them in who are not there, a step's worth in memory at once; `path` is where they stand among the options. Whether others may have
/// their public ids.
pub(crate) async fn import<T: DeserializeOwned>(
    connections: &Connections,
    world: &World,
    mut many: Many<T>,
    path: &'static str,
    newcomer: impl Fn(T) -> Newcomer + Send,
    shares_public_ids: bool,
) -> Result<Imported, Error> {
    let mut done = Imported::default();
    loop {
        let portion = many.next(STEP, path).await?;
        if portion.is_empty() {
            return Ok(done);
        }
        let (mut users, mut made) = (Vec::with_capacity(portion.len()), Vec::new());
        for newcomer in portion.into_iter().map(&newcomer) {
            let ids = can_be_kept(&newcomer.app_user_id)
                .and_then(|()| can_be_kept(&newcomer.public_id).map_err(|_| UNFIT_PUBLIC_ID));
            let tokens = match ids.and(newcomer.tokens) {
                Ok(tokens) => tokens,
                Err(reason) => {
                    done.refuse(newcomer.app_user_id, reason);
                    continue;
                }
            };
            let document = LinkDocument::new(tokens, String::new());
            let (user, now) = (newcomer.app_user_id, world.now_ms());
            let now = i64::try_from(now).unwrap_or(i64::MAX);
            let mut connection = connections.make(user.clone(), newcomer.public_id, document, now);
            connection.record.shares_public_id = shares_public_ids;
            users.push(user);
            made.push((connection, None));
        }
        let written = connections.seal_all(world, made).await?;
        for (user, is_written) in users.into_iter().zip(written) {
            if is_written {
                done.imported += 1;
            } else if connections.is_there(&user).await? {
                done.present += 1;
            } else {
                done.refuse(user, "another user has the same public id");
            }
        }
    }
}

impl Imported {
    fn refuse(&mut self, app_user_id: String, reason: &str) {
        self.refused.push(NotImported {
            app_user_id,
            reason: reason.to_owned(),
        });
    }
}
