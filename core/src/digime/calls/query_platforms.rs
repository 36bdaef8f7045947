//! `queryPlatforms`: the platforms that sources run on.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Client, ContractDetails, DiscoveryBodyParams};
use crate::operation::Operation;

use crate::{Described, Error, Open};

crate::operation::call! {
    /// The platforms that sources run on.
    Client::query_platforms: QueryPlatforms(QueryPlatformsOptions) -> QueryPlatformsResponse
}

/// The options of `queryPlatforms`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QueryPlatformsOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// Which of them, and what of them. Default: all.
    #[builder(into)]
    pub platforms_body_params: Option<Open<DiscoveryBodyParams>>,
}
crate::operation::unseen!(QueryPlatformsOptions);

/// Platforms.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QueryPlatformsResponse {
    /// The platforms.
    pub data: Vec<Described<Platform>>,
}

/// A platform as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct Platform {
    /// Its id, which the filters of `querySources` take.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// What the platform calls it.
    pub reference: Option<String>,
}

impl Operation for QueryPlatforms {
    type Client = Client;
    const NAME: &'static str = "queryPlatforms";
    const HEADLINE: &'static str = "Parameters failed validation. Params should be defined as outlined in QueryPlatformsOptions type.";
    type Options = QueryPlatformsOptions;
    type Response = QueryPlatformsResponse;

    async fn run(
        client: &Client,
        options: QueryPlatformsOptions,
    ) -> Result<QueryPlatformsResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let mut request = client
            .post("discovery/platforms")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json")
            .repeatable();
        if let Some(params) = options.platforms_body_params {
            request = request.json(&params)?;
        }
        client.send(request).await?.json()
    }
}
