//! `listLinks`: who is linked, one after the other.

use bon::Builder;
use serde::Deserialize;

use crate::connections::{LinkFilter, LinkStatus, Listing};
use crate::operation::{Operation, PlatformClient};
use crate::pkb::{Client, Link};
use crate::{Callback, Error};

crate::operation::call! {
    /// The links, in the order of your users' ids, however many there are: they are read from the store a page at a time, and the list may be
    /// left early. PKB is not asked.
    Client::list_links: ListLinks(ListLinksOptions) -> ()
}

/// The options of `listLinks`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ListLinksOptions {
    /// Only those that stand so.
    pub status: Option<LinkStatus>,
    /// Only those whose tokens were last refreshed before this time, in milliseconds since 1970.
    pub refreshed_before: Option<i64>,
    /// Only those of users whose id is greater, to go on where a list was left.
    #[builder(into)]
    pub after: Option<String>,
    /// Is given each link and awaited.
    #[cfg_attr(feature = "__binding", schemars(extend("x-skin" = "iterator")))]
    pub on_link: Option<Callback<Link>>,
}
crate::operation::unseen!(ListLinksOptions);

impl Operation for ListLinks {
    type Client = Client;
    const NAME: &'static str = "listLinks";
    const ITERATES: bool = true;
    const GOES_ON: bool = true;
    type Options = ListLinksOptions;
    type Response = ();

    async fn run(client: &Client, options: ListLinksOptions) -> Result<(), Error> {
        let mut counted = client.under_way().begin()?;
        let filter = LinkFilter {
            status: options.status,
            refreshed_before: options.refreshed_before,
        };
        let mut listing = Listing::new(filter, options.after);
        while let Some(record) = listing.next(client.links()).await? {
            if let Some(hook) = &options.on_link {
                let handed_out = hook.hand_out(Link::from(record), client.under_way(), counted);
                counted = handed_out.await?;
            }
        }
        Ok(())
    }
}
