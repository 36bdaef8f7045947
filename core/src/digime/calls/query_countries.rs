//! `queryCountries`: the countries that sources are in.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Client, ContractDetails, DiscoveryBodyParams, DiscoveryResource};
use crate::document::if_understood;
use crate::operation::Operation;

use crate::{Described, Error, Open};

crate::operation::call! {
    /// The countries that sources are in.
    Client::query_countries: QueryCountries(QueryCountriesOptions) -> QueryCountriesResponse
}

/// The options of `queryCountries`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QueryCountriesOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// Which of them, and what of them. Default: all.
    #[builder(into)]
    pub countries_body_params: Option<Open<DiscoveryBodyParams>>,
}
crate::operation::unseen!(QueryCountriesOptions);

/// Countries.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct QueryCountriesResponse {
    /// The countries.
    pub data: Vec<Described<Country>>,
}

/// A country as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct Country {
    /// Its id, which the filters of `querySources` take.
    pub id: Option<i64>,
    /// Its name.
    pub name: Option<String>,
    /// Its ISO 3166-1 code.
    pub code: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "if_understood")]
    pub resource: Option<Described<DiscoveryResource>>,
}

impl Operation for QueryCountries {
    type Client = Client;
    const NAME: &'static str = "queryCountries";
    const HEADLINE: &'static str = "Parameters failed validation. Params should be defined as outlined in QueryCountriesOptions type.";
    type Options = QueryCountriesOptions;
    type Response = QueryCountriesResponse;

    async fn run(
        client: &Client,
        options: QueryCountriesOptions,
    ) -> Result<QueryCountriesResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let mut request = client
            .post("discovery/countries")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json")
            .repeatable();
        if let Some(params) = options.countries_body_params {
            request = request.json(&params)?;
        }
        client.send(request).await?.json()
    }
}
