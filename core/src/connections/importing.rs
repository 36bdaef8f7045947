//! How users are brought in whose tokens an application has kept itself, many at once.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::keeping::{LinkDocument, Tokens};
use super::making::beginning::can_be_kept;
use super::store::STEP;
use super::{Connections, LinkWrite, Many};
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

/// Those who are to be brought in, and how they are had: a step of the store's at a time.
struct Newcomers<'a, T, F> {
    connections: &'a Connections,
    world: &'a World,
    many: Many<T>,
    /// Where they stand among the options.
    path: &'static str,
    newcomer: F,
    shares_public_ids: bool,
}

/// What is written in one step, and whose public id or tokens cannot be kept.
struct Step {
    writes: Vec<LinkWrite>,
    refused: Vec<NotImported>,
}

/// Brings all of them in who are not there: while the store writes one step, the next one is asked for and sealed. `path` is where they stand among
/// the options. Whether others may have their public ids.
pub(crate) async fn import<T: DeserializeOwned>(
    connections: &Connections,
    world: &World,
    many: Many<T>,
    path: &'static str,
    newcomer: impl Fn(T) -> Newcomer + Send,
    shares_public_ids: bool,
) -> Result<Imported, Error> {
    let mut newcomers = Newcomers {
        connections,
        world,
        many,
        path,
        newcomer,
        shares_public_ids,
    };
    let mut done = Imported::default();
    let mut ready = newcomers.next().await?;
    while let Some(Step { writes, refused }) = ready {
        let (written, next) = tokio::join!(connections.put_all(&writes), newcomers.next());
        done.refused.extend(refused);
        for (write, is_written) in writes.into_iter().zip(written?) {
            let user = write.link.app_user_id;
            if is_written {
                done.imported += 1;
            } else if connections.is_there(&user).await? {
                done.present += 1;
            } else {
                let reason = "another user has the same public id";
                done.refused.push(NotImported::new(user, reason));
            }
        }
        ready = next?;
    }
    Ok(done)
}

impl<T: DeserializeOwned, F: Fn(T) -> Newcomer> Newcomers<'_, T, F> {
    /// Those of the next step; none after the last.
    async fn next(&mut self) -> Result<Option<Step>, Error> {
        let portion = self.many.next(STEP, self.path).await?;
        if portion.is_empty() {
            return Ok(None);
        }
        let (mut made, mut refused) = (Vec::with_capacity(portion.len()), Vec::new());
        for newcomer in portion.into_iter().map(&self.newcomer) {
            let ids = can_be_kept(&newcomer.app_user_id)
                .and_then(|()| can_be_kept(&newcomer.public_id).map_err(|_| UNFIT_PUBLIC_ID));
            let user = newcomer.app_user_id;
            let tokens = match ids.and(newcomer.tokens) {
                Ok(tokens) => tokens,
                Err(reason) => {
                    refused.push(NotImported::new(user, reason));
                    continue;
                }
            };
            let document = LinkDocument::new(tokens, String::new());
            let now = i64::try_from(self.world.now_ms()).unwrap_or(i64::MAX);
            let public_id = newcomer.public_id;
            let mut connection = self.connections.make(user, public_id, document, now);
            connection.record.shares_public_id = self.shares_public_ids;
            made.push((connection, None));
        }
        let writes = self.connections.sealed(self.world, made).await?;
        Ok(Some(Step { writes, refused }))
    }
}

impl NotImported {
    fn new(app_user_id: String, reason: &str) -> Self {
        Self {
            app_user_id,
            reason: reason.to_owned(),
        }
    }
}
