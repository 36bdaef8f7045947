//! `importConnections`: many users who consented before their connections were kept.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::{Imported, Newcomer, import};
use crate::digime::connection::{Missing, tokens_to_import};
use crate::digime::{Client, NonEmptyString, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// Brings in many users whose tokens your application has kept itself, hundreds in one step of the store: a table of any size in portions of some
    /// thousands. Those who are connected already stay as they are, so that it can be called again with the same; those who cannot be brought in are
    /// named in `refused`, and the others are. The platform is not asked.
    Client::import_connections: ImportConnections(ImportConnectionsOptions) -> Imported
}

/// The options of `importConnections`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportConnectionsOptions {
    /// The contract that they have consented to.
    pub contract_id: NonEmptyString,
    /// The users.
    pub connections: Vec<ImportedConnection>,
}
crate::operation::unseen!(ImportConnectionsOptions);

/// A user who consented before their connection was kept.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportedConnection {
    /// Your own id of the user: at most 1,000 bytes, without NUL.
    pub app_user_id: NonEmptyString,
    /// Their token, as it is now, with its expiry.
    pub user_access_token: UserAccessToken,
}
crate::operation::unseen!(ImportedConnection);

impl Operation for ImportConnections {
    type Client = Client;
    const NAME: &'static str = "importConnections";
    const GOES_ON: bool = true;
    type Options = ImportConnectionsOptions;
    type Response = Imported;

    async fn run(client: &Client, options: ImportConnectionsOptions) -> Result<Imported, Error> {
        let connections = client.connections(&options.contract_id)?;
        let newcomers = options.connections.into_iter().map(|connection| {
            let token = connection.user_access_token;
            let user = token.user.as_ref().and_then(|user| user.id.clone());
            Newcomer {
                app_user_id: connection.app_user_id.to_string(),
                public_id: user.unwrap_or_default(),
                tokens: tokens_to_import(token).map_err(Missing::of_many),
            }
        });
        import(&connections, client.world(), newcomers.collect(), true).await
    }
}
