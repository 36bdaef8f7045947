//! `watch`: the patients of whose records something has changed.

use bon::Builder;
use serde::Deserialize;

use crate::operation::{Operation, PlatformClient};
use crate::pkb::{Client, RecordChange, Watch};
use crate::{Callback, Error};

crate::operation::call! {
    /// Looks at the records of all who are linked, again and again, and gives those in which something has changed since it was last dealt with,
    /// as `getLastChange` tells it: what to extract anew. A record that was never dealt with is given once in any case. What was
    /// dealt with is kept with the link: a process that dies, or leaves, is followed by another that goes on. A change has been
    /// dealt with when the next is asked for; until then it is given again, so do what you do with it in a way that may be done twice.
    /// Several processes may watch: each record is looked at by one of them, by the clocks of their machines. It goes on until it is left, the client is
    /// closed, or no record at all could be looked at for as long as `every`.
    Client::watch: WatchRecords(WatchOptions) -> ()
}

/// The options of `watch`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct WatchOptions {
    /// How long after a look a record is looked at again, in milliseconds; at least 1,000. Whoever does not ask for the next for longer than that
    /// may see others given the same change.
    pub every: u64,
    /// How many patients are looked at in a second at most, one after the other. Default 1: 900 patients take 15 minutes.
    pub per_second: Option<u16>,
    /// Is given each change and awaited.
    #[cfg_attr(feature = "__binding", schemars(extend("x-skin" = "iterator")))]
    pub on_change: Option<Callback<RecordChange>>,
}
crate::operation::unseen!(WatchOptions);

impl Operation for WatchRecords {
    type Client = Client;
    const NAME: &'static str = "watch";
    const ITERATES: bool = true;
    const GOES_ON: bool = true;
    type Options = WatchOptions;
    type Response = ();

    async fn run(client: &Client, options: WatchOptions) -> Result<(), Error> {
        let (mut watch, on_change) = Watch::begin(client, options)?;
        loop {
            let change = watch.next().await?;
            if let Some(on_change) = &on_change {
                let counted = client.under_way().begin()?;
                let handed_out = on_change.hand_out(change, client.under_way(), counted);
                drop(handed_out.await?);
            }
        }
    }
}
