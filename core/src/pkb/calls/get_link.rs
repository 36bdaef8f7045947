//! `getLink`: the link of a user, if they have one.

use bon::Builder;
use serde::Deserialize;

use crate::operation::Operation;
use crate::pkb::{Client, Link};
use crate::{Error, NonEmptyString};

crate::operation::call! {
    /// The link of a user, or nothing. PKB is not asked.
    Client::get_link: GetLink(GetLinkOptions) -> Option<Link>
}

/// The options of `getLink`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetLinkOptions {
    /// Your own id of the user.
    pub app_user_id: NonEmptyString,
}
crate::operation::unseen!(GetLinkOptions);

impl Operation for GetLink {
    type Client = Client;
    const NAME: &'static str = "getLink";
    type Options = GetLinkOptions;
    type Response = Option<Link>;

    async fn run(client: &Client, options: GetLinkOptions) -> Result<Option<Link>, Error> {
        let record = client.links().record(&options.app_user_id).await?;
        Ok(record.map(Link::from))
    }
}
