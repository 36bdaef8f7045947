//! `queryCategories`: the categories that sources belong to.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Client, ContractDetails, DiscoveryBodyParams};
use crate::operation::Operation;

use crate::{Described, Error, Open};

/// The categories that sources belong to.
#[derive(JsonSchema)]
pub struct QueryCategories;

/// The options of `queryCategories`.
#[derive(Deserialize, JsonSchema, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
pub struct QueryCategoriesOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// Which of them, and what of them. Default: all.
    #[builder(into)]
    pub categories_body_params: Option<Open<DiscoveryBodyParams>>,
}
crate::operation::unseen!(QueryCategoriesOptions);

/// Categories.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
pub struct QueryCategoriesResponse {
    /// The categories.
    pub data: Vec<Described<Category>>,
}

/// A category as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(extend("x-document" = true, "additionalProperties" = true))]
pub struct Category {
    /// Its id, which the filters of `querySources` take.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Its title.
    pub title: Option<String>,
}

impl Operation for QueryCategories {
    type Client = Client;
    const NAME: &'static str = "queryCategories";
    const HEADLINE: &'static str = "Parameters failed validation. Params should be defined as outlined in QueryCategoriesOptions type.";
    type Options = QueryCategoriesOptions;
    type Response = QueryCategoriesResponse;

    async fn run(
        client: &Client,
        options: QueryCategoriesOptions,
    ) -> Result<QueryCategoriesResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let mut request = client
            .post("discovery/categories")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json")
            .repeatable();
        if let Some(params) = options.categories_body_params {
            request = request.json(&params)?;
        }
        client.send(request).await?.json()
    }
}
