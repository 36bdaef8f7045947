//! `unlink`: the end of a link.

use bon::Builder;
use serde::Deserialize;

use crate::connections::keeping::{Keeper, Told};
use crate::connections::making::remove;
use crate::operation::Operation;
use crate::pkb::Client;
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// Removes a user's link, its tokens with it; no harm is done if there is none. PKB documents no call by which it could be told.
    Client::unlink: Unlink(UnlinkOptions) -> ()
}

/// The options of `unlink`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
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
        let removed = remove(client.links(), client.world(), &options.app_user_id);
        match removed.await? {
            Some(record) => client.tell(Told::Removed(&record)).await,
            None => Ok(()),
        }
    }
}
