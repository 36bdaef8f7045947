//! `querySources`: the sources that a person can be offered.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::shapes::sources_criteria;
use crate::digime::{Client, ContractDetails, DiscoveryResource, SourceProxy, SourceStatus};
use crate::document::if_understood;
use crate::operation::Operation;
use crate::{Described, Error, JsonObject, Open};

crate::operation::call! {
    /// The sources that the platform knows. Without a filter of their own, those to read from that are approved.
    Client::query_sources: QuerySources(QuerySourcesOptions) -> QuerySourcesResponse
}

/// The options of `querySources`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QuerySourcesOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// Which sources, and what of them.
    #[builder(into)]
    pub sources_body_params: Option<Open<SourcesBodyParams>>,
}
crate::operation::unseen!(QuerySourcesOptions);

/// Which sources, and what of them.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SourcesBodyParams {
    /// How many at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// How many to leave out first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// In which order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Open<SourcesSort>>,
    /// Which.
    #[serde(default)]
    pub query: Open<SourcesQuery>,
}

/// The order of sources.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SourcesSort {
    /// By name: `asc` or `desc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Which sources.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SourcesQuery {
    /// Words to look for, by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<JsonObject>,
    /// Words to look for in any field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_string: Option<String>,
    /// Which fields the answer is to have: `name`, or `resource.url` for one inside another; `status`, `sourceProxy.name` and
    /// `sourceProxy.status` for what is disturbed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
    /// What the sources must have, as the platform documents it. Default: `type` `{ id: [1] }`, `publishedStatus` `["approved"]`.
    #[serde(default)]
    pub filter: JsonObject,
}

/// Sources, a page of them.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QuerySourcesResponse {
    /// The sources.
    pub data: Vec<Described<Source>>,
    /// How many at most.
    pub limit: u64,
    /// How many were left out first.
    pub offset: u64,
    /// How many there are in all.
    pub total: u64,
}

/// A source as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct Source {
    /// The source's id, which `getAuthorizeUrl` takes as `serviceId`.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it is offered: `approved`, `pending`, `deprecated`, `blocked` or `sampledataonly`.
    pub published_status: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "if_understood")]
    pub resource: Option<Described<DiscoveryResource>>,
    /// That the source is disturbed, where the platform says so.
    #[serde(default, deserialize_with = "if_understood")]
    pub status: Option<Described<SourceStatus>>,
    /// What stands between the source and the platform, where something does.
    #[serde(default, deserialize_with = "if_understood")]
    pub source_proxy: Option<Described<SourceProxy>>,
}

impl Operation for QuerySources {
    type Client = Client;
    const NAME: &'static str = "querySources";
    const HEADLINE: &'static str = "Parameters failed validation. Parameters should be as described in QuerySourcesOptions type.";
    type Options = QuerySourcesOptions;
    type Response = QuerySourcesResponse;

    async fn run(
        client: &Client,
        options: QuerySourcesOptions,
    ) -> Result<QuerySourcesResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let mut params = options.sources_body_params.unwrap_or_default();
        sources_criteria::check(&params).map_err(|invalid| invalid.under(Self::HEADLINE))?;
        let query = &mut params.query;
        query.filter = query
            .filter
            .or_member("type", json!({ "id": [1] }))
            .or_member("publishedStatus", json!(["approved"]));
        let request = client
            .post("discovery/sources")?
            .signed(&contract, json!({}))
            .accept_json()
            .json(&params)?
            .repeatable();
        client.send(request).await?.json()
    }
}
