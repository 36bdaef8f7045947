//! `unlink`: the end of a link.

use bon::Builder;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Client;
use crate::operation::Operation;
use crate::{Error, NonEmptyString};

/// Removes a user's link, its tokens with it; no harm is done if there is none. PKB documents no call by which it could be told.
#[derive(JsonSchema)]
pub struct Unlink;

/// The options of `unlink`.
#[derive(Debug, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
pub struct UnlinkOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}

impl Operation for Unlink {
    type Client = Client;
    const NAME: &'static str = "unlink";
    type Options = UnlinkOptions;
    type Response = ();

    async fn run(client: &Client, options: UnlinkOptions) -> Result<(), Error> {
        let links = client.links();
        // A refresh may change it in between.
        while let Some(link) = links.record(&options.app_user_id).await? {
            if links.remove(&options.app_user_id, link.version).await? {
                break;
            }
        }
        Ok(())
    }
}
