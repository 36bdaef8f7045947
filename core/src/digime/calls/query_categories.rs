//! `queryCategories`: the categories that sources belong to.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Client, ContractDetails, DiscoveryBodyParams, DiscoveryResource};
use crate::document::if_understood;
use crate::operation::Operation;

use crate::{Described, Error, Open};

crate::operation::call! {
    /// The categories that sources belong to.
    Client::query_categories: QueryCategories(QueryCategoriesOptions) -> QueryCategoriesResponse
}

/// The options of `queryCategories`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QueryCategoriesOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// Which of them, and what of them. Default: all.
    #[builder(into)]
    pub categories_body_params: Option<Open<DiscoveryBodyParams>>,
}
crate::operation::unseen!(QueryCategoriesOptions);

/// Categories.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QueryCategoriesResponse {
    /// The categories.
    pub data: Vec<Described<Category>>,
}

/// A category as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct Category {
    /// Its id, which the filters of `querySources` take.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What stands below its title.
    #[serde(default, deserialize_with = "if_understood")]
    pub sub_title: Option<String>,
    /// Its title where there is room for more.
    #[serde(default, deserialize_with = "if_understood")]
    pub expanded_title: Option<String>,
    /// What stands below that.
    #[serde(default, deserialize_with = "if_understood")]
    pub expanded_sub_title: Option<String>,
    /// The platform's own word for it.
    #[serde(default, deserialize_with = "if_understood")]
    pub reference: Option<String>,
    /// The kind of category.
    #[serde(default, deserialize_with = "if_understood")]
    pub category_type_id: Option<i64>,
    /// Its picture.
    #[serde(default, deserialize_with = "if_understood")]
    pub resource: Option<Described<DiscoveryResource>>,
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
