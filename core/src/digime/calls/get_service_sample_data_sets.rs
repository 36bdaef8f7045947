//! `getServiceSampleDataSets`: the sample data that a source has.

use std::collections::BTreeMap;

use bon::Builder;
use serde::Deserialize;
use serde_json::json;

use crate::digime::{Client, ContractDetails};
use crate::operation::Operation;

use crate::{Described, Error};

crate::operation::call! {
    /// The sets of sample data that a source has, by their ids, which `getAuthorizeUrl` takes as `sampleData.dataSet`.
    Client::get_service_sample_data_sets: GetServiceSampleDataSets(GetServiceSampleDataSetsOptions) -> Described<GetServiceSampleDataSetsResponse>
}

/// The options of `getServiceSampleDataSets`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetServiceSampleDataSetsOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// The source, from `querySources`.
    pub source_id: i64,
}
crate::operation::unseen!(GetServiceSampleDataSetsOptions);

/// Sets of sample data by their ids.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true)))]
pub struct GetServiceSampleDataSetsResponse(pub BTreeMap<String, SampleDataSet>);

/// A set of sample data. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct SampleDataSet {
    /// Its name.
    pub name: Option<String>,
    /// What is in it.
    pub description: Option<String>,
}

impl Operation for GetServiceSampleDataSets {
    type Client = Client;
    const NAME: &'static str = "getServiceSampleDataSets";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains the properties contractDetails and sourceId.";
    type Options = GetServiceSampleDataSetsOptions;
    type Response = Described<GetServiceSampleDataSetsResponse>;

    async fn run(
        client: &Client,
        options: GetServiceSampleDataSetsOptions,
    ) -> Result<Described<GetServiceSampleDataSetsResponse>, Error> {
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .get("permission-access/sample/datasets/{sourceId}")?
            .segment(&options.source_id.to_string(), "options.sourceId")?
            .signed(&contract, json!({}))
            .accept_json();
        client.send(request).await?.json()
    }
}
