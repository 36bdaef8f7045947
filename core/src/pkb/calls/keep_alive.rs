//! `keepAlive`: links that nobody uses, refreshed before they end unused.

use bon::Builder;
use serde::Deserialize;

use crate::connections::KeptAlive;
use crate::connections::keeping::alive::{Alive, keep_alive};
use crate::operation::Operation;
use crate::pkb::Client;
use crate::{Callback, Error};

crate::operation::call! {
    /// Refreshes the links whose tokens were not refreshed for so long, before their sessions end unused. Call it
    /// from a job of yours, more often than sessions live. Several machines may do so at once: each link is refreshed by one of them.
    /// Interrupted, it is called again and does what is left.
    Client::keep_alive: KeepAlive(KeepAliveOptions) -> KeptAlive
}

/// The options of `keepAlive`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct KeepAliveOptions {
    /// For how long tokens must not have been refreshed, in milliseconds: a part of how long sessions live.
    pub idle_for: u64,
    /// How many are refreshed at once. Default 4.
    pub concurrency: Option<u16>,
    /// How many in a second at most. Default 10.
    pub per_second: Option<u16>,
    /// Learns how far it is, from time to time and at the end.
    pub on_progress: Option<Callback<KeptAlive>>,
}
crate::operation::unseen!(KeepAliveOptions);

impl Operation for KeepAlive {
    type Client = Client;
    const NAME: &'static str = "keepAlive";
    const GOES_ON: bool = true;
    type Options = KeepAliveOptions;
    type Response = KeptAlive;

    async fn run(client: &Client, options: KeepAliveOptions) -> Result<KeptAlive, Error> {
        let alive = Alive::new(
            options.idle_for,
            options.concurrency,
            options.per_second,
            options.on_progress,
        )?;
        keep_alive(client, &alive).await
    }
}
