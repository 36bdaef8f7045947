//! `uploadFileToStorage`: a file into a storage, encrypted while it is sent.

use crate::Error;
use crate::crypto::buffer::Buffers;
use crate::crypto::envelope::Sealer;
use crate::digime::storage::storage_path::{PATTERN, StoragePath};
use crate::digime::{Client, Contract, ContractDetails, FileSource, NonEmptyString};
use crate::http::ByteSource;
use crate::http::{Chunks, Request};
use crate::operation::Operation;
use bon::Builder;
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::Method;
use serde::{Deserialize, Serialize};

crate::operation::call! {
    /// Writes a file into a storage. It is encrypted for the contract's key while it is sent, in memory that does not grow with its
    /// size, and sent once.
    Client::upload_file_to_storage: UploadFileToStorage(UploadFileToStorageOptions) -> UploadFileToStorageResponse
}

/// The options of `uploadFileToStorage`.
#[derive(Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(on(String, into))]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct UploadFileToStorageOptions {
    /// The contract.
    pub contract_details: ContractDetails,
    /// The storage.
    pub storage_id: NonEmptyString,
    /// The file's name. The platform takes none with blanks.
    pub file_name: NonEmptyString,
    /// Its content: bytes, or a stream of them.
    #[builder(into)]
    pub file_data: FileSource,
    /// The folder. Default: the application's own.
    pub path: Option<String>,
}
crate::operation::unseen!(UploadFileToStorageOptions);

/// The file is there.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
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
        let content = options.file_data.into_source();
        let length = content.length();
        let length = length.and_then(|length| Sealer::sealed_length(contract.key(), length));
        let request = Request::to_address(
            Method::POST,
            path.address(client, &options.storage_id)?,
            PATTERN,
        )
        .signed_for_cloud(&contract)
        .accept_json()
        .stream_once(sealed(client, &contract, content)?, length);
        let response = client.send(request).await?;
        Ok(UploadFileToStorageResponse {
            uploaded: true,
            status_code: response.status.as_u16(),
            status_message: response.status_message().to_owned(),
        })
    }
}

/// The envelope of the content, sealed beside the sending of what is sealed already, and elsewhere: it takes as long as the sending.
fn sealed(client: &Client, contract: &Contract, content: ByteSource) -> Result<Chunks, Error> {
    let world = client.world();
    let mut sealer = Sealer::new(world, contract.key())?;
    let mut content = content.into_chunks();
    let work = world.clone();
    let envelope = world.beside(WAITING, |outgoing| async move {
        let buffers = Buffers::new(Sealer::room_for(CHUNK), WAITING + 2);
        loop {
            let (parts, ended) = gather(&mut content).await?;
            let mut part = buffers.take();
            let sealing = work.block(move || {
                for piece in &parts {
                    sealer.update(piece, &mut part)?;
                }
                if ended {
                    sealer.finish(&mut part)?;
                    return Ok((None, part));
                }
                Ok::<_, Error>((Some(sealer), part))
            });
            let (rest, part) = sealing.await??;
            if !part.is_empty() && outgoing.send(Ok(buffers.lend(part))).await.is_err() {
                // Whoever sends has given up.
                return Ok(());
            }
            match rest {
                Some(rest) => sealer = rest,
                None => return Ok(()),
            }
        }
    });
    let chunks = stream::unfold(envelope, |mut envelope| async move {
        envelope.recv().await.map(|chunk| (chunk, envelope))
    });
    Ok(chunks.boxed())
}

/// The next chunks, and whether they are the last: small ones together, unless there is one to wait for.
async fn gather(content: &mut Chunks) -> Result<(Vec<Bytes>, bool), Error> {
    let mut parts = Vec::new();
    let mut size = 0;
    let mut next = content.next().await;
    while let Some(chunk) = next.transpose()? {
        size += chunk.len();
        parts.push(chunk);
        if size >= ENOUGH {
            return Ok((parts, false));
        }
        match content.next().now_or_never() {
            Some(ready) => next = ready,
            None => return Ok((parts, false)),
        }
    }
    Ok((parts, true))
}
