//! `getConnection`: how the connection of a user stands.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::digime::{Client, Connection, NonEmptyString};
use crate::operation::Operation;

crate::operation::call! {
    /// The connection of a user under a contract, or nothing. The platform is not asked.
    Client::get_connection: GetConnection(GetConnectionOptions) -> Option<Connection>
}

/// The options of `getConnection`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetConnectionOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
    /// The contract that they may have consented to.
    pub contract_id: NonEmptyString,
}
crate::operation::unseen!(GetConnectionOptions);

impl Operation for GetConnection {
    type Client = Client;
    const NAME: &'static str = "getConnection";
    type Options = GetConnectionOptions;
    type Response = Option<Connection>;

    async fn run(
        client: &Client,
        options: GetConnectionOptions,
    ) -> Result<Option<Connection>, Error> {
        let connections = client.connections(&options.contract_id)?;
        let kept = connections.get(&options.app_user_id).await?;
        Ok(kept.map(|kept| Connection::of(&options.contract_id, kept)))
    }
}
