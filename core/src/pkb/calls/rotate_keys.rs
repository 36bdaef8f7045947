//! `rotateKeys`: all links under the current encryption key.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::connections::keeping::LinkDocument;
use crate::connections::{Change, LinkRecord};
use crate::error::ErrorKind;
use crate::operation::Operation;
use crate::pkb::Client;

crate::operation::call! {
    /// Encrypts the tokens of every link under `encryptionKey` that are still under one of `previousEncryptionKeys`, once every process
    /// seals with it. Calls go on meanwhile, in this process and others. A record that cannot be read, since it is damaged or under a
    /// key that is not there, is named in `failed` and left as it is. Interrupted, it is called again and does what is left. Previous
    /// keys may go from the configuration a day after it has ended with nothing in `failed`: attempts to link, which last that long,
    /// are not touched.
    Client::rotate_keys: RotateKeys(RotateKeysOptions) -> RotateKeysResponse
}

/// The options of `rotateKeys`: none of its own.
#[derive(Default, Deserialize, Builder)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RotateKeysOptions {}
crate::operation::unseen!(RotateKeysOptions);

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct RotateKeysResponse {
    /// How many links there are.
    pub links: u64,
    /// How many of them were encrypted anew.
    pub resealed: u64,
    /// Those that could not be read.
    pub failed: Vec<UnreadableLink>,
}

/// A link that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct UnreadableLink {
    /// Your own id of the user.
    pub app_user_id: String,
    /// What is wrong with the record.
    pub reason: String,
}

impl Operation for RotateKeys {
    type Client = Client;
    const NAME: &'static str = "rotateKeys";
    const GOES_ON: bool = true;
    type Options = RotateKeysOptions;
    type Response = RotateKeysResponse;

    async fn run(client: &Client, _: RotateKeysOptions) -> Result<RotateKeysResponse, Error> {
        let links = client.links();
        let mut done = RotateKeysResponse {
            links: links.count().await?,
            resealed: 0,
            failed: Vec::new(),
        };
        let mut after = String::new();
        loop {
            let left = links.under_other_keys(&after).await?;
            let Some(last) = left.last() else {
                return Ok(done);
            };
            after.clone_from(&last.app_user_id);
            for LinkRecord { app_user_id, .. } in left {
                match reseal(client, &app_user_id).await? {
                    Resealed::Now => done.resealed += 1,
                    Resealed::Not => {}
                    Resealed::Unreadable(reason) => done.failed.push(UnreadableLink {
                        app_user_id,
                        reason,
                    }),
                }
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

async fn reseal(client: &Client, app_user_id: &str) -> Result<Resealed, Error> {
    let links = client.links();
    let resealed = links.change(client.world(), app_user_id, |found| {
        // A change in between has sealed under the current key, or comes to this again.
        let Some(found) = found.filter(|found| found.key_id != links.key_id()) else {
            return Ok(Change::Leave(Resealed::Not));
        };
        match links.open::<LinkDocument>(found) {
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
