//! `listLinks`: who is linked, one after the other.

use bon::Builder;
use serde::Deserialize;

use crate::connections::LinkStatus;
use crate::operation::Operation;
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
    const GOES_ON: bool = true;
    type Options = ListLinksOptions;
    type Response = ();

    async fn run(client: &Client, options: ListLinksOptions) -> Result<(), Error> {
        let mut after = options.after.unwrap_or_default();
        loop {
            let page = client.links().after(&after).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after.clone_from(&last.app_user_id);
            for record in page {
                let is_wanted = options.status.is_none_or(|status| record.status == status)
                    && options
                        .refreshed_before
                        .is_none_or(|before| record.refreshed_at < before);
                if let (Some(hook), true) = (&options.on_link, is_wanted) {
                    hook.tell(Link::from(record)).await?;
                }
            }
        }
    }
}
