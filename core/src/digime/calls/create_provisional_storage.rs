//! `createProvisionalStorage`: a storage that is nobody's yet.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::digime::{Client, ContractDetails, Storage};
use crate::operation::Operation;

use crate::{Described, Error};

crate::operation::call! {
    /// Creates a storage. It becomes a person's when they consent by a `getAuthorizeUrl` that names it as `storageId`.
    Client::create_provisional_storage: CreateProvisionalStorage(CreateProvisionalStorageOptions) -> CreateProvisionalStorageResponse
}

/// The options of `createProvisionalStorage`.
#[derive(Deserialize, Builder)]
#[builder(on(String, into))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CreateProvisionalStorageOptions {
    /// The contract.
    pub contract_details: ContractDetails,
}
crate::operation::unseen!(CreateProvisionalStorageOptions);

/// The new storage.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct CreateProvisionalStorageResponse {
    /// The storage.
    pub storage: Described<Storage>,
}

impl Operation for CreateProvisionalStorage {
    type Client = Client;
    const NAME: &'static str = "createProvisionalStorage";
    const HEADLINE: &'static str = "Parameters failed validation. props should be a plain object that contains contractDetails.";
    type Options = CreateProvisionalStorageOptions;
    type Response = CreateProvisionalStorageResponse;

    async fn run(
        client: &Client,
        options: CreateProvisionalStorageOptions,
    ) -> Result<CreateProvisionalStorageResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let request = client
            .post("storage")?
            .signed(&contract, json!({}))
            .accept_json()
            .content_type("application/json");
        let response = client.send(request).await?;
        let storage = response
            .json()
            .map_err(|_| Error::sdk("Problem with creating storage"))?;
        Ok(CreateProvisionalStorageResponse { storage })
    }
}
