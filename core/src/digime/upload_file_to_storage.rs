//! `uploadFileToStorage`: a file into a storage, encrypted while it is sent.

use bon::Builder;
use futures_util::{StreamExt, stream};
use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::storage_path::{PATTERN, StoragePath};
use super::{ByteSource, Contract, ContractDetails, FileSource, NonEmptyString};
use crate::crypto::envelope::Sealer;
use crate::operation::Operation;
use crate::request::{Chunks, Request, send};
use crate::{Client, Error};

/// Writes a file into a storage. It is encrypted for the contract's key while it is sent, in memory that does not grow with its
/// size, and sent once.
#[derive(JsonSchema)]
pub struct UploadFileToStorage;

/// The options of `uploadFileToStorage`.
#[derive(Debug, Deserialize, JsonSchema, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
pub struct UploadFileToStorageOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// The storage.
    pub storage_id: NonEmptyString,
    /// The file's name.
    pub file_name: NonEmptyString,
    /// Its content: bytes, or a stream of them.
    #[builder(into)]
    pub file_data: FileSource,
    /// The folder. Default: the application's own.
    pub path: Option<String>,
}

/// The file is there.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadFileToStorageResponse {
    /// Always `true`; a failure is an error.
    pub uploaded: bool,
    /// The HTTP status.
    pub status_code: u16,
    /// The HTTP status in words.
    pub status_message: String,
}

/// How many sealed chunks wait to be sent.
const WAITING: usize = 2;

impl Operation for UploadFileToStorage {
    type Client = Client;
    const NAME: &'static str = "uploadFileToStorage";
    const HEADLINE: &'static str = "Parameters failed validation. Props should be a plain object that contains contractDetails, storageId and fileName.";
    type Options = UploadFileToStorageOptions;
    type Response = UploadFileToStorageResponse;

    async fn run(
        client: &Client,
        options: UploadFileToStorageOptions,
    ) -> Result<UploadFileToStorageResponse, Error> {
        let contract = client.contract(&options.contract_details)?;
        let folder = options
            .path
            .as_deref()
            .filter(|path| !path.is_empty())
            .unwrap_or("/");
        let path = StoragePath::parse(folder, "options.path")?
            .file(&options.file_name, "options.fileName")?;
        let request = Request::to_address(
            Method::POST,
            path.address(client, &options.storage_id)?,
            PATTERN,
        )
        .signed_for_cloud(&contract)
        .accept_json()
        .stream_once(sealed(client, &contract, options.file_data.into_source())?);
        let response = send(client, request).await?;
        Ok(UploadFileToStorageResponse {
            uploaded: true,
            status_code: response.status.as_u16(),
            status_message: response.status_message().to_owned(),
        })
    }
}

/// The envelope of the content, sealed as it is read, and beside the sending of what is sealed already.
fn sealed(client: &Client, contract: &Contract, content: ByteSource) -> Result<Chunks, Error> {
    let mut sealer = Sealer::new(client.world(), contract.key())?;
    let mut content = content.into_chunks();
    let (outgoing, incoming) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let sealing = async {
            while let Some(chunk) = content.next().await.transpose()? {
                if outgoing.send(Ok(sealer.update(&chunk)?)).await.is_err() {
                    return Ok(None);
                }
            }
            sealer.finish().map(Some)
        };
        let end = tokio::select! {
            end = sealing => end,
            // Whoever sends has given up: the rest of the content is not to be waited for.
            () = outgoing.closed() => Ok(None),
        };
        if let Some(end) = end.transpose() {
            // Whoever sends may have given up.
            let _ = outgoing.send(end).await;
        }
    });
    let chunks = stream::unfold(incoming, |mut chunks| async move {
        chunks.recv().await.map(|chunk| (chunk, chunks))
    });
    Ok(chunks.boxed())
}
