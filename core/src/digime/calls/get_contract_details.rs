//! `getContractDetails`: what the platform knows of a contract.

use bon::Builder;
use serde::Deserialize;
use serde_json::json;

use crate::digime::{Client, ContractDetails};
use crate::operation::Operation;

use crate::{Described, Error};

crate::operation::call! {
    /// What the platform knows of the contract: its application, what it may do, and until when.
    Client::get_contract_details: GetContractDetails(GetContractDetailsOptions) -> Described<GetContractDetailsResponse>
}

/// The options of `getContractDetails`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct GetContractDetailsOptions {
    /// The contract.
    pub contract_details: ContractDetails,
}
crate::operation::unseen!(GetContractDetailsOptions);

/// A contract as the platform describes it. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct GetContractDetailsResponse {
    /// The contract's id.
    pub id: Option<String>,
    /// `r` for reading, `w` for writing.
    pub access_type: Option<String>,
    /// The kind of contract.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The partner that it was made with.
    pub partner_id: Option<String>,
    /// When it ends, in milliseconds since 1970.
    pub expiration_date: Option<i64>,
}

impl Operation for GetContractDetails {
    type Client = Client;
    const NAME: &'static str = "getContractDetails";
    const HEADLINE: &'static str = "Parameters failed validation. Params should be defined as outlined in GetContractDetailsOptions type.";
    type Options = GetContractDetailsOptions;
    type Response = Described<GetContractDetailsResponse>;

    async fn run(
        client: &Client,
        options: GetContractDetailsOptions,
    ) -> Result<Described<GetContractDetailsResponse>, Error> {
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .get("permission-access/contract")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json");
        client.send(request).await?.json()
    }
}
