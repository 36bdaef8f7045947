//! `downloadStorageFile`: a file out of a storage, decrypted while it is read.

use bon::Builder;
use http::Method;
use serde::{Deserialize, Serialize};

use crate::digime::files::file_opening::open_envelope;
use crate::digime::files::session_file;
use crate::digime::storage::storage_path::{PATTERN, StoragePath};
use crate::digime::{ByteStream, Client, ContractDetails, NonEmptyString};
use crate::error::Invalid;
use crate::http::Request;
use crate::operation::Operation;

use crate::Error;

crate::operation::call! {
    /// A file of a storage as a stream, decrypted while it is read, in memory that does not grow with its size. An error in its midst
    /// reaches whoever reads the stream; what was read before is then not to be trusted.
    Client::download_storage_file: DownloadStorageFile(DownloadStorageFileOptions) -> DownloadStorageFileResponse
}

/// The options of `downloadStorageFile`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DownloadStorageFileOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// The storage.
    pub storage_id: NonEmptyString,
    /// The file's path.
    pub path: String,
}
crate::operation::unseen!(DownloadStorageFileOptions);

/// A file being read.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct DownloadStorageFileResponse {
    /// Its content.
    pub body: ByteStream,
    /// How many bytes it has, if the platform says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_length: Option<u64>,
}

impl Operation for DownloadStorageFile {
    type Client = Client;
    const NAME: &'static str = "downloadStorageFile";
    const HEADLINE: &'static str = "Parameters failed validation. Props should be a plain object that contains contractDetails, storageId and file path.";
    type Options = DownloadStorageFileOptions;
    type Response = DownloadStorageFileResponse;

    async fn run(
        client: &Client,
        options: DownloadStorageFileOptions,
    ) -> Result<DownloadStorageFileResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let path = StoragePath::parse(&options.path, "options.path")?;
        if path.is_folder() {
            return Err(Invalid::new(
                "options.path",
                "must be the path of a file, not of a folder",
            )
            .into());
        }
        let request = Request::to_address(
            Method::GET,
            path.address(client, &options.storage_id)?,
            PATTERN,
        )
        .signed_for_cloud(&contract)
        .accept("application/octet-stream")
        .reading_as_stream();
        let response = client.send(request).await?;
        let content_length = session_file::size(&response);
        let sealed = response.into_chunks("GET clouds/{storageId}/files/apps/{applicationId}/…");
        Ok(DownloadStorageFileResponse {
            body: open_envelope(client.world(), sealed, contract.shared_key()),
            content_length,
        })
    }
}
