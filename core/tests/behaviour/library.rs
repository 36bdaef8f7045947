//! A platform with a session of files that a test puts there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use digime_sdk::digime::Config;
use digime_sdk::digime::{ReadAllFilesOptions, ReadFileOptions};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};

use crate::sandbox::CONTRACT_KEY;
use crate::scripted::token;

/// The chunks of a file, an error breaking the connection off, and how it is compressed.
pub type Stored = (Vec<Result<Bytes, std::io::Error>>, Option<&'static str>);

#[derive(Default)]
pub struct Shelf {
    pub files: HashMap<String, Stored>,
    /// What is answered to one question for the list after another; the last for ever.
    pub lists: Vec<Value>,
    /// How often the list was asked for.
    pub polls: usize,
    /// How many files were on their way at once, at most.
    pub most_at_once: usize,
    at_once: usize,
}

/// The platform.
pub struct Library {
    pub shelf: Arc<Mutex<Shelf>>,
    /// Files wait here before they are sent: a test that wants them to takes the permits away.
    pub gate: Arc<Semaphore>,
    /// A connection that is to break off waits for this.
    pub break_off: Arc<Notify>,
    origin: String,
}

type Shared = State<(Arc<Mutex<Shelf>>, Arc<Semaphore>, Arc<Notify>)>;

impl Library {
    pub async fn open() -> Self {
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let gate = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
        let break_off = Arc::new(Notify::new());
        let router = Router::new()
            .route("/v1.7/permission-access/query/{session}", get(list))
            .route("/v1.7/permission-access/query/{session}/{file}", get(file))
            .with_state((
                Arc::clone(&shelf),
                Arc::clone(&gate),
                Arc::clone(&break_off),
            ));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            shelf,
            gate,
            break_off,
            origin,
        }
    }

    pub fn config(&self) -> Config {
        let mut config = Config::new("test-application-id".parse().unwrap());
        config.base_url = Some(format!("{}/v1.7/", self.origin));
        config
    }

    pub fn put(&self, name: &str, body: Vec<u8>, compression: Option<&'static str>) {
        self.put_chunks(name, vec![Ok(body.into())], compression);
    }

    pub fn put_chunks(
        &self,
        name: &str,
        chunks: Vec<Result<Bytes, std::io::Error>>,
        compression: Option<&'static str>,
    ) {
        self.shelf
            .lock()
            .unwrap()
            .files
            .insert(name.to_owned(), (chunks, compression));
    }

    pub fn lists(&self, lists: Vec<Value>) {
        self.shelf.lock().unwrap().lists = lists;
    }
}

async fn list(State((shelf, ..)): Shared) -> Response {
    let mut shelf = shelf.lock().unwrap();
    let position = shelf.polls.min(shelf.lists.len() - 1);
    shelf.polls += 1;
    match &shelf.lists[position] {
        Value::Number(status) => {
            StatusCode::from_u16(u16::try_from(status.as_u64().unwrap()).unwrap())
                .unwrap()
                .into_response()
        }
        list => axum::Json(list.clone()).into_response(),
    }
}

async fn file(
    State((shelf, gate, break_off)): Shared,
    Path((_, name)): Path<(String, String)>,
) -> Response {
    let (chunks, compression) = {
        let mut shelf = shelf.lock().unwrap();
        shelf.at_once += 1;
        shelf.most_at_once = shelf.most_at_once.max(shelf.at_once);
        shelf.files.remove(&name).unwrap_or_default()
    };
    let permit = gate.acquire().await.unwrap();
    drop(permit);
    shelf.lock().unwrap().at_once -= 1;
    if chunks.is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let metadata = json!({ "metadata": { "mimetype": "text/plain" }, "compression": compression });
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-metadata",
        URL_SAFE_NO_PAD
            .encode(metadata.to_string())
            .parse()
            .unwrap(),
    );
    let chunks = stream::iter(chunks).then(move |chunk| {
        let break_off = Arc::clone(&break_off);
        async move {
            if chunk.is_err() {
                break_off.notified().await;
            }
            chunk
        }
    });
    (headers, Body::from_stream(chunks)).into_response()
}

/// A list of files as the platform answers it, each changed at the time given.
pub fn list_of(state: &str, files: &[(&str, i64)]) -> Value {
    let files: Vec<Value> = files
        .iter()
        .map(|(name, updated)| json!({ "name": name, "updatedDate": updated }))
        .collect();
    json!({ "status": { "state": state }, "fileList": files })
}

pub fn read_file(name: &str) -> ReadFileOptions {
    read_file_with(name, CONTRACT_KEY)
}

pub fn read_file_with(name: &str, private_key: &str) -> ReadFileOptions {
    ReadFileOptions::builder()
        .session_key("session-1".parse().unwrap())
        .file_name(name.parse().unwrap())
        .contract_id("test-contract-id".parse().unwrap())
        .private_key(private_key.parse().unwrap())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}

pub fn read_all_files() -> ReadAllFilesOptions {
    ReadAllFilesOptions::builder()
        .session_key("session-1".parse().unwrap())
        .contract_id("test-contract-id".parse().unwrap())
        .private_key(CONTRACT_KEY.parse().unwrap())
        .user_access_token(token("access-1", "refresh-1"))
        .build()
}
