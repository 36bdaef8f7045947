//! `listConnections`: who is connected, one after the other.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::{LinkFilter, Listing};
use crate::digime::{Callback, Client, Connection, LinkStatus, NonEmptyString};
use crate::operation::{Operation, PlatformClient};

crate::operation::call! {
    /// The connections under a contract, in the order of your users' ids, however many there are: they are read from the store a page at a time, and
    /// the list may be left early. One that cannot be read, since it is under a key that is not there, is told with what is not encrypted of it.
    /// The platform is not asked.
    Client::list_connections: ListConnections(ListConnectionsOptions) -> ()
}

/// The options of `listConnections`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ListConnectionsOptions {
    /// The contract.
    pub contract_id: NonEmptyString,
    /// Only those that stand so.
    pub status: Option<LinkStatus>,
    /// Only those whose tokens were last refreshed before this time, in milliseconds since 1970.
    pub refreshed_before: Option<i64>,
    /// Only those of users whose id is greater, to go on where a list was left.
    #[builder(into)]
    pub after: Option<String>,
    /// Is given each connection and awaited.
    #[cfg_attr(feature = "__binding", schemars(extend("x-skin" = "iterator")))]
    pub on_connection: Option<Callback<Connection>>,
}
crate::operation::unseen!(ListConnectionsOptions);

impl Operation for ListConnections {
    type Client = Client;
    const NAME: &'static str = "listConnections";
    const ITERATES: bool = true;
    const GOES_ON: bool = true;
    type Options = ListConnectionsOptions;
    type Response = ();

    async fn run(client: &Client, options: ListConnectionsOptions) -> Result<(), Error> {
        let mut counted = client.under_way().begin()?;
        let connections = client.connections(&options.contract_id)?;
        let filter = LinkFilter {
            status: options.status,
            refreshed_before: options.refreshed_before,
        };
        let mut listing = Listing::new(filter, options.after);
        while let Some(record) = listing.next(&connections).await? {
            if let Some(hook) = &options.on_connection {
                let contract_id = &options.contract_id;
                let connection = Connection::read_from(contract_id, &connections, record);
                let handed_out = hook.hand_out(connection, client.under_way(), counted);
                counted = handed_out.await?;
            }
        }
        Ok(())
    }
}
