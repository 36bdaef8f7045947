//! Storage: nothing leaves the application's folder, and what goes in comes out.

use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use digime_sdk::digime::{
    ByteStream, DeleteStorageFilesOptions, DownloadStorageFileOptions, FileSource,
    ListStorageFilesOptions, UploadFileToStorageOptions,
};
use digime_sdk::digime::{Client, Config};
use digime_sdk::{Error, ErrorKind};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::envelope::seal;
use crate::files::peak_memory;
use crate::sandbox::CONTRACT_KEY;
use crate::scripted::{Platform, TestClock, client_at, contract};

const FOLDER: &str = "/cloud/v1/clouds/s/files/apps/test-application-id";

async fn cloud(http: Value) -> (Platform, Client) {
    let platform = Platform::start(http).await;
    let client = client_at(platform.config(), &TestClock::new());
    (platform, client)
}

async fn download(client: &Client, path: &str) -> Result<ByteStream, Error> {
    let options = DownloadStorageFileOptions::builder()
        .contract_details(contract())
        .storage_id("s".parse().unwrap())
        .path(path)
        .build();
    client
        .download_storage_file(options)
        .await
        .map(|file| file.body)
}

async fn delete(client: &Client, path: &str) -> Result<(), Error> {
    let options = DeleteStorageFilesOptions::builder()
        .contract_details(contract())
        .storage_id("s".parse().unwrap())
        .path(path)
        .build();
    client.delete_storage_files(options).await.map(drop)
}

async fn upload(
    client: &Client,
    path: Option<&str>,
    name: &str,
    data: FileSource,
) -> Result<(), Error> {
    let options = UploadFileToStorageOptions::builder()
        .contract_details(contract())
        .storage_id("s".parse().unwrap())
        .file_name(name.parse().unwrap())
        .file_data(data)
        .maybe_path(path)
        .build();
    client.upload_file_to_storage(options).await.map(drop)
}

fn refused(outcome: Result<(), Error>, option: &str) {
    let error = outcome.unwrap_err();
    let ErrorKind::TypeValidation { path, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(path, option);
}

#[tokio::test]
async fn paths_with_empty_parts_or_dots_are_refused_by_every_call_before_anything_is_sent() {
    let (platform, client) = cloud(json!([])).await;
    for path in ["", "a//b", "/a//b", "..", "/../..", "a/../b", "a/.", "//"] {
        refused(delete(&client, path).await, "options.path");
        refused(download(&client, path).await.map(drop), "options.path");
    }
    for path in ["a//b", "../other", "a/./b"] {
        refused(
            upload(&client, Some(path), "f", "x".into()).await,
            "options.path",
        );
        let list = ListStorageFilesOptions::builder()
            .contract_details(contract())
            .storage_id("s".parse().unwrap())
            .path(path)
            .build();
        refused(
            client.list_storage_files(list).await.map(drop),
            "options.path",
        );
    }
    for name in ["..", ".", "a/b"] {
        refused(
            upload(&client, None, name, "x".into()).await,
            "options.fileName",
        );
    }
    refused(download(&client, "folder/").await.map(drop), "options.path");
    platform.finish().await;
}

#[tokio::test]
async fn names_are_percent_encoded_whatever_is_in_them() {
    let on = format!("DELETE {FOLDER}/a%3Fb%23c%25/d%20e%C3%A9.txt");
    let (platform, client) =
        cloud(json!([{ "on": on, "response": { "status": 204, "text": "" } }])).await;
    delete(&client, "a?b#c%/d eé.txt").await.unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn a_folder_keeps_its_slash_and_a_slash_alone_means_everything() {
    let deleted = |path: &str| json!({ "on": format!("DELETE {FOLDER}{path}"), "response": { "status": 204, "text": "" } });
    let (platform, client) = cloud(json!([deleted("/docs/"), deleted("/")])).await;
    delete(&client, "docs/").await.unwrap();
    delete(&client, "/").await.unwrap();
    platform.finish().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_had_is_an_error_however_long_the_answer() {
    let long = "x".repeat(1000);
    let answers = [
        json!({ "status": 404, "text": "" }),
        json!({ "status": 404, "text": long }),
    ];
    for answer in answers {
        let (platform, client) =
            cloud(json!([{ "on": format!("GET {FOLDER}/a"), "response": answer }])).await;
        assert_eq!(
            download(&client, "a").await.unwrap_err().code(),
            "ERR_NON_2XX_3XX_RESPONSE"
        );
        platform.finish().await;
    }
}

#[tokio::test]
async fn a_download_that_is_not_whole_reaches_who_reads_it_as_an_error() {
    use base64::Engine;
    let mut sealed = seal(CONTRACT_KEY, &[1; 1000]);
    sealed.truncate(sealed.len() - 8);
    let bytes = base64::engine::general_purpose::STANDARD.encode(sealed);
    let answer = json!({ "status": 200, "bytes": bytes });
    let (platform, client) =
        cloud(json!([{ "on": format!("GET {FOLDER}/a"), "response": answer }])).await;
    let body = download(&client, "a").await.unwrap();
    let mut last = Ok(Bytes::new());
    while let Some(chunk) = body.next().await {
        last = chunk;
    }
    assert_eq!(last.unwrap_err().code(), "ERR_FILE_DECRYPTION");
    platform.finish().await;
}

#[tokio::test]
async fn a_source_that_fails_fails_the_upload_with_its_own_reason() {
    // The platform may see the begin of it: it is asked, and the connection then breaks off.
    let (_platform, client) = cloud(json!([])).await;
    let chunks = vec![Ok(Bytes::from_static(b"part")), Err("the disk is gone")];
    let error = upload(&client, None, "f", FileSource::stream(stream::iter(chunks)))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stream of the file failed: the disk is gone"
    );
}

#[tokio::test]
async fn a_source_may_spawn_tasks_of_its_own() {
    let client = client_of(sink(|length, _| assert_eq!(length, 256 + 16 + 16)).await);
    let chunk = async { tokio::spawn(async { Bytes::from_static(b"part") }).await };
    upload(&client, None, "f", FileSource::stream(stream::once(chunk)))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_source_that_panics_fails_the_upload_instead_of_ending_it() {
    let client = client_of(sink(|_, _| ()).await);
    let chunks = (0..3).map(|index| {
        assert!(index < 2, "the disk is gone");
        Ok::<_, std::io::Error>(Bytes::from_static(b"part"))
    });
    let uploaded = upload(&client, None, "f", FileSource::stream(stream::iter(chunks))).await;
    assert_eq!(
        uploaded.unwrap_err().to_string(),
        "work of this call broke off"
    );
}

/// A storage that takes what comes, keeps nothing, and has the length of what came whole checked, and which was announced.
async fn sink(check: fn(usize, Option<usize>)) -> String {
    let take = async move |headers: HeaderMap, body: axum::body::Body| {
        let mut length = 0;
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            match chunk {
                Ok(chunk) => length += chunk.len(),
                Err(_) => return StatusCode::BAD_REQUEST,
            }
        }
        let announced = headers.get("content-length");
        check(
            length,
            announced.map(|length| length.to_str().unwrap().parse().unwrap()),
        );
        StatusCode::CREATED
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(take)).await });
    address
}

fn client_of(sink: String) -> Client {
    let mut config = Config::new("test-application-id".parse().unwrap());
    config.cloud_base_url = Some(sink);
    Client::new(config).unwrap()
}

#[tokio::test]
async fn an_upload_takes_memory_that_does_not_grow_with_the_file() {
    // The head of the envelope, and padding to whole blocks.
    let whole = |length, announced| {
        assert_eq!(
            (length, announced),
            (256 + 16 + 256 * 1024 * 1024 + 16, None)
        );
    };
    let client = client_of(sink(whole).await);
    let chunks = (0..1024).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![1; 256 * 1024])));
    let before = peak_memory();
    upload(&client, None, "f", FileSource::stream(stream::iter(chunks)))
        .await
        .unwrap();
    let grown = peak_memory() - before;
    assert!(grown < 32 * 1024, "{grown} KiB");
}

#[tokio::test]
async fn an_upload_of_bytes_announces_how_long_it_is() {
    // Some gateways take no body of an unknown length.
    let client = client_of(sink(|length, announced| assert_eq!(announced, Some(length))).await);
    for length in [0, 1, 15, 16, 17, 1_000_000] {
        let uploaded = upload(&client, None, "f", Bytes::from(vec![1; length]).into()).await;
        uploaded.unwrap();
    }
}
