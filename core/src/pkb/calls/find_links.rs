//! `findLinks`: who of your users is linked to a PKB record.

use bon::Builder;
use serde::Deserialize;

use crate::operation::Operation;
use crate::pkb::{Client, Link};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// The links to a PKB record: one or none. PKB is not asked.
    Client::find_links: FindLinks(FindLinksOptions) -> Vec<Link>
}

/// The options of `findLinks`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FindLinksOptions {
    /// The patient's PKB public id.
    pub public_id: NonEmptyString,
}
crate::operation::unseen!(FindLinksOptions);

impl Operation for FindLinks {
    type Client = Client;
    const NAME: &'static str = "findLinks";
    type Options = FindLinksOptions;
    type Response = Vec<Link>;

    async fn run(client: &Client, options: FindLinksOptions) -> Result<Vec<Link>, Error> {
        let records = client.links().of(&options.public_id).await?;
        Ok(records.into_iter().map(Link::from).collect())
    }
}
