//! `check`: whether the client is ready to act for patients who are linked.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::{Readiness, check};
use crate::operation::Operation;
use crate::pkb::Client;

crate::operation::call! {
    /// Looks whether the store can be reached, has the form that this version knows, and is under keys that are there: for the start of an
    /// application and for probes of readiness. PKB is not asked.
    Client::check: Check(CheckOptions) -> Readiness
}

/// The options of `check`: none of its own.
#[derive(Default, Deserialize, Builder)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CheckOptions {}
crate::operation::unseen!(CheckOptions);

impl Operation for Check {
    type Client = Client;
    const NAME: &'static str = "check";
    type Options = CheckOptions;
    type Response = Readiness;

    async fn run(client: &Client, _: CheckOptions) -> Result<Readiness, Error> {
        Ok(check(client.links()).await)
    }
}
