//! `countConnections`: how many users are connected under a contract, by how their connections stand.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::LinkCounts;
use crate::digime::{Client, NonEmptyString};
use crate::operation::Operation;

crate::operation::call! {
    /// How many connections there are under a contract, by status. The platform is not asked.
    Client::count_connections: CountConnections(CountConnectionsOptions) -> LinkCounts
}

/// The options of `countConnections`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CountConnectionsOptions {
    /// The contract.
    pub contract_id: NonEmptyString,
}
crate::operation::unseen!(CountConnectionsOptions);

impl Operation for CountConnections {
    type Client = Client;
    const NAME: &'static str = "countConnections";
    type Options = CountConnectionsOptions;
    type Response = LinkCounts;

    async fn run(client: &Client, options: CountConnectionsOptions) -> Result<LinkCounts, Error> {
        client.connections(&options.contract_id)?.count().await
    }
}
