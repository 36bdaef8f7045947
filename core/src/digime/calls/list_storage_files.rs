//! `listStorageFiles`: what is in a storage.

use bon::Builder;
use http::Method;
use serde::{Deserialize, Serialize};

use crate::digime::storage::storage_path::{PATTERN, StoragePath};
use crate::digime::{Client, ContractDetails, NonEmptyString};
use crate::http::Request;
use crate::operation::Operation;

use crate::{Described, Error};

crate::operation::call! {
    /// The files in a folder of a storage.
    Client::list_storage_files: ListStorageFiles(ListStorageFilesOptions) -> ListStorageFilesResponse
}

/// The options of `listStorageFiles`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ListStorageFilesOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// The storage.
    pub storage_id: NonEmptyString,
    /// The folder. Default: all of them, the application's own.
    pub path: Option<String>,
    /// Whether folders inside it are listed too. Default `false`.
    pub recursive: Option<bool>,
}
crate::operation::unseen!(ListStorageFilesOptions);

/// The files.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ListStorageFilesResponse {
    /// The files.
    pub files: Vec<Described<StorageFile>>,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// A file in a storage. What this SDK does not know of is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema), schemars(extend("x-document" = true, "additionalProperties" = true)))]
pub struct StorageFile {
    /// Its id.
    pub id: Option<String>,
    /// Its name, in lower case.
    pub name: Option<String>,
    /// Its name.
    pub original_name: Option<String>,
    /// Its folder.
    pub original_path: Option<String>,
    /// Its folder, in lower case.
    pub path: Option<String>,
}

impl Operation for ListStorageFiles {
    type Client = Client;
    const NAME: &'static str = "listStorageFiles";
    const HEADLINE: &'static str = "Parameters failed validation. Props should be a plain object that contains contractDetails and storageId.";
    type Options = ListStorageFilesOptions;
    type Response = ListStorageFilesResponse;

    async fn run(
        client: &Client,
        options: ListStorageFilesOptions,
    ) -> Result<ListStorageFilesResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let path = options
            .path
            .as_deref()
            .filter(|path| !path.is_empty())
            .unwrap_or("/");
        let address = StoragePath::parse(path, "options.path")?
            .folder()
            .address(client, &options.storage_id)?;
        let request = Request::to_address(Method::GET, address, PATTERN)
            .query("recursive", Some(options.recursive.unwrap_or(false)))
            .signed_for_cloud(&contract)
            .accept_json();
        let mut response: ListStorageFilesResponse = client.send(request).await?.json()?;
        let own = format!("/apps/{}", client.settings().application_id);
        for file in &mut response.files {
            let original = within(file.original_path.as_deref(), &own);
            if let Some(path) = original {
                file.replace("originalPath", path, |file| &mut file.original_path);
            }
            let lower = within(file.path.as_deref(), &own.to_lowercase());
            if let Some(path) = lower {
                file.replace("path", path, |file| &mut file.path);
            }
        }
        Ok(response)
    }
}

/// Paths begin at the application's folder, as those that the application gives do.
fn within(path: Option<&str>, folder: &str) -> Option<String> {
    path?.strip_prefix(folder).map(str::to_owned)
}
