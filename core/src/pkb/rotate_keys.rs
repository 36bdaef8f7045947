//! `rotateKeys`: all links under the current encryption key.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Client;
use crate::Error;
use crate::operation::Operation;

/// How many links are read at once.
const PAGE: u32 = 100;

/// Encrypts the tokens of every link under `encryptionKey` that are still under one of `previousEncryptionKeys`. Calls go on
/// meanwhile, in this process and others. Interrupted, it is called again and does what is left. Previous keys may go from the
/// configuration a day after it has ended: attempts to link, which last that long, are not touched.
#[derive(JsonSchema)]
pub struct RotateKeys;

/// The options of `rotateKeys`: none of its own.
#[derive(Debug, Default, Deserialize, JsonSchema, Builder)]
pub struct RotateKeysOptions {}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RotateKeysResponse {
    /// How many links there are.
    pub links: u64,
    /// How many of them were encrypted anew.
    pub resealed: u64,
}

impl Operation for RotateKeys {
    type Client = Client;
    const NAME: &'static str = "rotateKeys";
    type Options = RotateKeysOptions;
    type Response = RotateKeysResponse;

    async fn run(client: &Client, _: RotateKeysOptions) -> Result<RotateKeysResponse, Error> {
        let mut done = RotateKeysResponse {
            links: 0,
            resealed: 0,
        };
        let mut after = String::new();
        loop {
            let page = client.links().after(&after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(done);
            };
            after.clone_from(&last.app_user_id);
            for record in page {
                done.links += 1;
                if client.links().reseal(record, client.world()).await? {
                    done.resealed += 1;
                }
            }
        }
    }
}
