//! `disconnect`: the end of a connection.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::keeping::Told;
use crate::connections::making::remove;
use crate::digime::connection::tell;
use crate::digime::{Client, NonEmptyString};
use crate::operation::Operation;

crate::operation::call! {
    /// Removes a user's connection under a contract, its tokens with it; no harm is done if there is none. The platform has no call by which it
    /// could be told: the person's library stays (`deleteUser` deletes it), and so do accounts (`deleteAccount`).
    Client::disconnect: Disconnect(DisconnectOptions) -> ()
}

/// The options of `disconnect`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DisconnectOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
    /// The contract that they had consented to.
    pub contract_id: NonEmptyString,
}
crate::operation::unseen!(DisconnectOptions);

impl Operation for Disconnect {
    type Client = Client;
    const NAME: &'static str = "disconnect";
    type Options = DisconnectOptions;
    type Response = ();

    async fn run(client: &Client, options: DisconnectOptions) -> Result<(), Error> {
        let connections = client.connections(&options.contract_id)?;
        let removed = remove(&connections, client.world(), &options.app_user_id).await?;
        match removed {
            Some(record) => {
                let removed = Told::Removed(&record);
                tell(client, &options.contract_id, &connections, removed).await
            }
            None => Ok(()),
        }
    }
}
