//! `countLinks`: how many users are linked, by how their links stand.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::LinkCounts;
use crate::operation::Operation;
use crate::pkb::Client;

crate::operation::call! {
    /// How many links there are, by status. PKB is not asked.
    Client::count_links: CountLinks(CountLinksOptions) -> LinkCounts
}

/// The options of `countLinks`: there are none.
#[derive(Default, Deserialize, Builder)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CountLinksOptions {}
crate::operation::unseen!(CountLinksOptions);

impl Operation for CountLinks {
    type Client = Client;
    const NAME: &'static str = "countLinks";
    type Options = CountLinksOptions;
    type Response = LinkCounts;

    async fn run(client: &Client, _: CountLinksOptions) -> Result<LinkCounts, Error> {
        client.links().count().await
    }
}
