//! `rotateKeys`: all links under the current encryption key.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::connections::{UnreadableRecord, rotate};
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
    pub failed: Vec<UnreadableRecord>,
}

impl Operation for RotateKeys {
    type Client = Client;
    const NAME: &'static str = "rotateKeys";
    const GOES_ON: bool = true;
    type Options = RotateKeysOptions;
    type Response = RotateKeysResponse;

    async fn run(client: &Client, _: RotateKeysOptions) -> Result<RotateKeysResponse, Error> {
        let rotated = rotate(client.links(), client.world()).await?;
        Ok(RotateKeysResponse {
            links: rotated.records,
            resealed: rotated.resealed,
            failed: rotated.failed,
        })
    }
}
