//! `importConnections`: many users who consented before their connections were kept.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::{Imported, Many, Newcomer, import};
use crate::digime::connection::{Missing, tokens_to_import};
use crate::digime::{Client, NonEmptyString, UserAccessToken};
use crate::operation::Operation;

crate::operation::call! {
    /// Brings in many users whose tokens your application has kept itself, however many there are: some hundreds are taken and written in one step, and
    /// no more are in memory. Those who are connected already stay as they are, so that it can be called again with the same; those who cannot be
    /// brought in are named in `refused`, and the others are. Where what is given fails on the way, or the store does, those stay who were brought in
    /// before. The platform is not asked.
    Client::import_connections: ImportConnections(ImportConnectionsOptions) -> Imported
}

/// The options of `importConnections`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ImportConnectionsOptions {
    /// The contract that they have consented to.
    pub contract_id: NonEmptyString,
    /// The users: whatever can be iterated over, a list or the rows of a table. A list is looked through before anybody is brought in.
    #[builder(into)]
    pub connections: Many<ImportedConnection>,
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
        let newcomer = |connection: ImportedConnection| {
            let token = connection.user_access_token;
            let user = token.user.as_ref().and_then(|user| user.id.clone());
            Newcomer {
                app_user_id: connection.app_user_id.to_string(),
                public_id: user.unwrap_or_default(),
                tokens: tokens_to_import(token).map_err(Missing::of_many),
            }
        };
        let (many, path) = (options.connections, "options.connections");
        import(&connections, client.world(), many, path, newcomer, true).await
    }
}
