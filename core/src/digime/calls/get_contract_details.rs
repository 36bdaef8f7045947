//! `getContractDetails`: what the platform knows of a contract.

use bon::Builder;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::digime::{Client, ContractDetails};
use crate::operation::Operation;

use crate::Error;

/// What the platform knows of the contract: its application, what it may do, and until when.
#[derive(JsonSchema)]
pub struct GetContractDetails;

/// The options of `getContractDetails`.
#[derive(Debug, Deserialize, JsonSchema, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
pub struct GetContractDetailsOptions {
    /// The contract.
    pub contract_details: ContractDetails,
}

/// A contract as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("x-document" = true))]
pub struct GetContractDetailsResponse {
    /// The contract's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `r` for reading, `w` for writing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_type: Option<String>,
    /// The kind of contract.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The partner that it was made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// When it ends, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration_date: Option<i64>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Operation for GetContractDetails {
    type Client = Client;
    const NAME: &'static str = "getContractDetails";
    type Options = GetContractDetailsOptions;
    type Response = GetContractDetailsResponse;

    async fn run(
        client: &Client,
        options: GetContractDetailsOptions,
    ) -> Result<GetContractDetailsResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .get("permission-access/contract")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json");
        client.send(request).await?.json()
    }
}
