//! `unlink`: the end of a link.

use bon::Builder;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::connections::Change;
use crate::operation::Operation;
use crate::pkb::Client;
use crate::pkb::tokens::LinkDocument;
use crate::{Error, NonEmptyString};

/// Removes a user's link, its tokens with it; no harm is done if there is none. PKB documents no call by which it could be told.
#[derive(JsonSchema)]
pub struct Unlink;

/// The options of `unlink`.
#[derive(Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
pub struct UnlinkOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(UnlinkOptions);

impl Operation for Unlink {
    type Client = Client;
    const NAME: &'static str = "unlink";
    type Options = UnlinkOptions;
    type Response = ();

    async fn run(client: &Client, options: UnlinkOptions) -> Result<(), Error> {
        let links = client.links();
        let removed = links.change(client.world(), &options.app_user_id, |_| {
            Ok(Change::<LinkDocument, _>::Remove(()))
        });
        removed.await.map(drop)
    }
}
