//! `deleteStorageFiles`: a file, a folder or everything out of a storage.

use bon::Builder;
use http::Method;
use serde::{Deserialize, Serialize};

use crate::digime::storage::storage_path::{PATTERN, StoragePath};
use crate::digime::{Client, ContractDetails, NonEmptyString};
use crate::http::Request;
use crate::operation::Operation;

use crate::Error;

crate::operation::call! {
    /// Deletes a file; with a slash at the end of its path a folder; with `/` all that the application has in the storage.
    Client::delete_storage_files: DeleteStorageFiles(DeleteStorageFilesOptions) -> DeleteStorageFilesResponse
}

/// The options of `deleteStorageFiles`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeleteStorageFilesOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// The storage.
    pub storage_id: NonEmptyString,
    /// What to delete.
    pub path: String,
}
crate::operation::unseen!(DeleteStorageFilesOptions);

/// It is gone.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DeleteStorageFilesResponse {
    /// Always `true`; a failure is an error.
    pub deleted: bool,
    /// The HTTP status.
    pub status_code: u16,
    /// The HTTP status in words.
    pub status_message: String,
}

impl Operation for DeleteStorageFiles {
    type Client = Client;
    const NAME: &'static str = "deleteStorageFiles";
    const HEADLINE: &'static str = "Parameters failed validation. Props should be a plain object that contains contractDetails, storageId and file path to delete.";
    type Options = DeleteStorageFilesOptions;
    type Response = DeleteStorageFilesResponse;

    async fn run(
        client: &Client,
        options: DeleteStorageFilesOptions,
    ) -> Result<DeleteStorageFilesResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let address = StoragePath::parse(&options.path, "options.path")?
            .address(client, &options.storage_id)?;
        let request =
            Request::to_address(Method::DELETE, address, PATTERN).signed_for_cloud(&contract);
        let response = client.send(request).await?;
        Ok(DeleteStorageFilesResponse {
            deleted: true,
            status_code: response.status.as_u16(),
            status_message: response.status_message().to_owned(),
        })
    }
}
