//! `check`: whether the client is ready to act for users whose connections are kept.

use bon::Builder;
use serde::Deserialize;

use crate::Error;
use crate::connections::{Readiness, check};
use crate::digime::{Client, NonEmptyString};
use crate::operation::Operation;

crate::operation::call! {
    /// Looks whether the store can be reached, has the form that this version knows, and is under keys that are there: for the start of an
    /// application and for probes of readiness. The platform is not asked.
    Client::check: Check(CheckOptions) -> Readiness
}

/// The options of `check`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "CheckConnectionsOptions")
)]
pub struct CheckOptions {
    /// The contract whose connections are looked at.
    pub contract_id: NonEmptyString,
}
crate::operation::unseen!(CheckOptions);

impl Operation for Check {
    type Client = Client;
    const NAME: &'static str = "check";
    type Options = CheckOptions;
    type Response = Readiness;

    async fn run(client: &Client, options: CheckOptions) -> Result<Readiness, Error> {
        Ok(check(&client.connections(&options.contract_id)?).await)
    }
}
