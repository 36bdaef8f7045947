//! `uploadFileToStorage`: a file into a storage, encrypted while it is sent.

use std::thread;

use bon::Builder;
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::beside::{beside, broke_off};
use super::storage_path::{PATTERN, StoragePath};
use super::{ByteSource, Contract, ContractDetails, FileSource, NonEmptyString};
use crate::crypto::buffer::Buffers;
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

/// How much is sealed at least before it is sent, where there is so much.
const ENOUGH: usize = 192 * 1024;
/// For how much there is room.
const CHUNK: usize = 256 * 1024;
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

/// The envelope of the content, sealed beside the sending of what is sealed already.
fn sealed(client: &Client, contract: &Contract, content: ByteSource) -> Result<Chunks, Error> {
    let sealer = Sealer::new(client.world(), contract.key())?;
    let content = content.into_chunks();
    let runtime = Handle::current();
    let envelope = beside(WAITING, |outgoing| async move {
        let (ended, end) = oneshot::channel();
        // A thread of its own, and none of tokio's: those are limited, and what this waits for may need one.
        thread::Builder::new()
            .name("digime-sdk-upload".to_owned())
            .spawn(move || ended.send(seal(content, sealer, &outgoing, &runtime)))
            .map_err(|_| Error::sdk("no thread could be started for the upload"))?;
        end.await.unwrap_or_else(|_| Err(broke_off()))
    });
    let chunks = stream::unfold(envelope, |mut envelope| async move {
        envelope.recv().await.map(|chunk| (chunk, envelope))
    });
    Ok(chunks.boxed())
}

fn seal(
    mut content: Chunks,
    mut sealer: Sealer,
    outgoing: &mpsc::Sender<Result<Bytes, Error>>,
    runtime: &Handle,
) -> Result<(), Error> {
    // The application's stream may need it.
    let _entered = runtime.enter();
    let buffers = Buffers::new(Sealer::room_for(CHUNK), WAITING + 2);
    let mut part = buffers.take();
    loop {
        // Small chunks are sent together, unless there is one to wait for.
        let ready = if part.len() < ENOUGH {
            content.next().now_or_never()
        } else {
            None
        };
        let next = if let Some(next) = ready {
            next
        } else {
            if !part.is_empty() {
                let full = std::mem::replace(&mut part, buffers.take());
                if outgoing.blocking_send(Ok(buffers.lend(full))).is_err() {
                    return Ok(());
                }
            }
            runtime.block_on(async {
                tokio::select! {
                    next = content.next() => next,
                    // Whoever sends has given up: the rest of the content is not to be waited for.
                    () = outgoing.closed() => Some(Err(broke_off())),
                }
            })
        };
        match next {
            Some(chunk) => sealer.update(&chunk?, &mut part)?,
            None => break,
        }
    }
    sealer.finish(&mut part)?;
    // Whoever sends may have given up.
    let _ = outgoing.blocking_send(Ok(buffers.lend(part)));
    Ok(())
}
