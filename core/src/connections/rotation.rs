//! How all records of a platform come under the current encryption key.

use serde::Serialize;

use super::keeping::LinkDocument;
use super::store::STEP;
use super::{Change, Connections};
use crate::error::ErrorKind;
use crate::{Error, World};

/// What was done.
pub(crate) struct Rotated {
    pub records: u64,
    pub resealed: u64,
    pub failed: Vec<UnreadableRecord>,
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "UnreadableLink")
)]
pub struct UnreadableRecord {
    /// Your own id of the user.
    pub app_user_id: String,
    /// What is wrong with the record.
    pub reason: String,
}

/// Seals every record anew that is under another key than the current one.
pub(crate) async fn rotate(connections: &Connections, world: &World) -> Result<Rotated, Error> {
    let mut done = Rotated {
        records: connections.count().await?.all(),
        resealed: 0,
        failed: Vec::new(),
    };
    let key_id = connections.sealing_key_id().await?;
    let mut after = String::new();
    loop {
        let left = connections.under_other_keys(&key_id, &after, STEP);
        let left = left.await?;
        let Some(last) = left.last() else {
            return Ok(done);
        };
        after.clone_from(&last.app_user_id);
        let (mut users, mut opened) = (Vec::new(), Vec::new());
        for record in left {
            let app_user_id = record.app_user_id.clone();
            match connections.open::<LinkDocument>(record) {
                Ok(connection) => {
                    users.push(app_user_id);
                    let version = connection.record.version;
                    opened.push((connection, Some(version)));
                }
                Err(error) => done.note(app_user_id, unreadable(error)?),
            }
        }
        let resealed = connections.seal_all(world, opened).await?;
        for (app_user_id, is_resealed) in users.into_iter().zip(resealed) {
            // Somebody has changed it since it was read.
            let resealed = if is_resealed {
                Resealed::Now
            } else {
                reseal(connections, world, &app_user_id, &key_id).await?
            };
            done.note(app_user_id, resealed);
        }
    }
}

impl Rotated {
    fn note(&mut self, app_user_id: String, resealed: Resealed) {
        match resealed {
            Resealed::Now => self.resealed += 1,
            Resealed::Not => {}
            Resealed::Unreadable(reason) => self.failed.push(UnreadableRecord {
                app_user_id,
                reason,
            }),
        }
    }
}

enum Resealed {
    Now,
    /// It was under the current key already, or is gone.
    Not,
    Unreadable(String),
}

/// What is said of a record that does not open; the error, where it is not the record's.
fn unreadable(error: Error) -> Result<Resealed, Error> {
    match error.kind() {
        ErrorKind::Store { message, .. } => Ok(Resealed::Unreadable(message.to_string())),
        ErrorKind::Host { path } => Ok(Resealed::Unreadable(format!(
            "{path} failed, which was to unwrap the key of this record"
        ))),
        _ => Err(error),
    }
}

async fn reseal(
    connections: &Connections,
    world: &World,
    app_user_id: &str,
    key_id: &str,
) -> Result<Resealed, Error> {
    let resealed = connections.change(world, app_user_id, |found| {
        // A change in between has sealed under the current key, or comes to this again.
        let Some(found) = found.filter(|found| found.key_id != key_id) else {
            return Ok(Change::Leave(Resealed::Not));
        };
        match connections.open::<LinkDocument>(found) {
            Ok(link) => Ok(Change::Seal(Box::new(link), Resealed::Now)),
            Err(error) => unreadable(error).map(Change::Leave),
        }
    });
    resealed.await.map(|(resealed, _)| resealed)
}
