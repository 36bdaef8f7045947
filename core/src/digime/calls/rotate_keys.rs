//! `rotateKeys`: all connections under a contract, under the current encryption key.

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::connections::{UnreadableRecord, rotate};
use crate::digime::{Client, NonEmptyString};
use crate::operation::Operation;

crate::operation::call! {
    /// Encrypts the tokens of every connection under a contract under `encryptionKey` that are still under one of `previousEncryptionKeys`,
    /// once every process seals with it. Calls go on meanwhile, in this process and others. A record that cannot be read, since it is damaged
    /// or under a key that is not there, is named in `failed` and left as it is. Interrupted, it is called again and does what is left. Previous
    /// keys may go from the configuration a day after it has ended for every contract with nothing in `failed`: attempts to connect, which
    /// last that long, are not touched.
    Client::rotate_keys: RotateKeys(RotateKeysOptions) -> RotateKeysResponse
}

/// The options of `rotateKeys`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "RotateConnectionKeysOptions")
)]
pub struct RotateKeysOptions {
    /// The contract.
    pub contract_id: NonEmptyString,
}
crate::operation::unseen!(RotateKeysOptions);

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "RotateConnectionKeysResponse")
)]
pub struct RotateKeysResponse {
    /// How many connections there are.
    pub connections: u64,
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

    async fn run(client: &Client, options: RotateKeysOptions) -> Result<RotateKeysResponse, Error> {
        let connections = client.connections(&options.contract_id)?;
        let rotated = rotate(&connections, client.world()).await?;
        Ok(RotateKeysResponse {
            connections: rotated.records,
            resealed: rotated.resealed,
            failed: rotated.failed,
        })
    }
}
