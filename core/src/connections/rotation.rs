//! How all records of a platform come under the current encryption key.

use serde::Serialize;

use super::keeping::LinkDocument;
use super::{Change, Connections, LinkRecord};
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
        records: connections.count().await?,
        resealed: 0,
        failed: Vec::new(),
    };
    let mut after = String::new();
    loop {
        let left = connections.under_other_keys(&after).await?;
        let Some(last) = left.last() else {
            return Ok(done);
        };
        after.clone_from(&last.app_user_id);
        for LinkRecord { app_user_id, .. } in left {
            match reseal(connections, world, &app_user_id).await? {
                Resealed::Now => done.resealed += 1,
                Resealed::Not => {}
                Resealed::Unreadable(reason) => done.failed.push(UnreadableRecord {
                    app_user_id,
                    reason,
                }),
            }
        }
    }
}

enum Resealed {
    Now,
    /// It was under the current key already, or is gone.
    Not,
    Unreadable(String),
}

async fn reseal(
    connections: &Connections,
    world: &World,
    app_user_id: &str,
) -> Result<Resealed, Error> {
    let resealed = connections.change(world, app_user_id, |found| {
        // A change in between has sealed under the current key, or comes to this again.
        let Some(found) = found.filter(|found| found.key_id != connections.key_id()) else {
            return Ok(Change::Leave(Resealed::Not));
        };
        match connections.open::<LinkDocument>(found) {
            Ok(link) => Ok(Change::Seal(Box::new(link), Resealed::Now)),
            Err(error) => match error.kind() {
                ErrorKind::Store { message, .. } => {
                    Ok(Change::Leave(Resealed::Unreadable(message.to_string())))
                }
                _ => Err(error),
            },
        }
    });
    resealed.await.map(|(resealed, _)| resealed)
}
