//! How users are brought in whose tokens an application has kept itself, many at once.

use std::collections::VecDeque;

use serde::Serialize;

use super::Connections;
use super::keeping::{LinkDocument, Tokens};
use super::making::beginning::can_be_kept;
use crate::{Error, World};

/// How many are written in one step.
const AT_ONCE: usize = 500;

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
    /// Those that were not, and why.
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

/// Brings all of them in who are not there; whether others may have their public ids.
pub(crate) async fn import(
    connections: &Connections,
    world: &World,
    newcomers: Vec<Newcomer>,
    shares_public_ids: bool,
) -> Result<Imported, Error> {
    let mut newcomers = VecDeque::from(newcomers);
    let mut done = Imported::default();
    while !newcomers.is_empty() {
        let (mut users, mut made) = (Vec::new(), Vec::new());
        for newcomer in newcomers.drain(..newcomers.len().min(AT_ONCE)) {
            let tokens = match (can_be_kept(&newcomer.app_user_id), newcomer.tokens) {
                (Err(reason), _) | (Ok(()), Err(reason)) => {
                    done.refuse(newcomer.app_user_id, reason);
                    continue;
                }
                (Ok(()), Ok(tokens)) => tokens,
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
            } else if connections.record(&user).await?.is_some() {
                done.present += 1;
            } else {
                done.refuse(user, "another user has the same public id");
            }
        }
    }
    Ok(done)
}

impl Imported {
    fn refuse(&mut self, app_user_id: String, reason: &str) {
        self.refused.push(NotImported {
            app_user_id,
            reason: reason.to_owned(),
        });
    }
}
