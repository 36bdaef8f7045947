//! Serving the platforms on free ports of the loopback address, in one thread, so that the other core is the client's.

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use clap::Args;
use digime_bench::{Announcement, BenchError, Endless, Place, Platform, contract};
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;

use crate::far::{Far, Version};

/// How much is made before anything is served.
#[derive(Args)]
pub struct Stock {
    /// How many files differ from one another
    #[arg(long, value_name = "N", default_value_t = 300)]
    files: u64,
    /// How many mebibytes the large file has when it is inflated
    #[arg(long, value_name = "N", default_value_t = 512)]
    large_mebibytes: usize,
}

#[derive(Clone)]
struct Served {
    platform: Arc<Platform>,
    storage: Arc<Endless>,
}

/// Prints one line of JSON, and serves until the process is ended.
pub async fn serve(stock: Stock) -> Result<(), BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let place = Place::near(&format!("http://{}", listener.local_addr()?));
    let platform = Platform::new(&place, stock.files, stock.large_mebibytes)?;
    let storage = Arc::new(Endless::new(&contract()?)?);
    let mut announcement = Announcement::new(place)?;
    for version in Version::ALL {
        let far = Far::bind(version).await?;
        let place = far.place()?;
        let platform = platform.elsewhere(&place)?;
        tokio::spawn(far.serve(router(platform, Arc::clone(&storage))));
        announcement.far.insert(version.name(), place);
    }
    let mut stdout = io::stdout();
    writeln!(stdout, "{}", serde_json::to_string(&announcement)?)?;
    stdout.flush()?;
    let listener = listener.tap_io(|connection| {
        // Where it cannot be set, the end of an answer may wait for an acknowledgement.
        let _ = connection.set_nodelay(true);
    });
    Ok(axum::serve(listener, router(platform, storage)).await?)
}

fn router(platform: Platform, storage: Arc<Endless>) -> Router {
    let platform = Arc::new(platform);
    Router::new()
        .route(
            "/cloud/v1/clouds/{storage}/files/apps/{application}/{name}",
            get(download).post(upload),
        )
        .fallback(answer)
        .with_state(Served { platform, storage })
}

async fn answer(State(served): State<Served>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    swallow(body).await;
    match served.platform.answer(&head.uri) {
        Ok(answer) => answer.map(Body::from),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn upload(body: Body) -> &'static str {
    swallow(body).await;
    "{}"
}

/// The file `256` has 256 MiB.
async fn download(
    State(served): State<Served>,
    Path((_, _, name)): Path<(String, String, String)>,
) -> Response {
    let Ok(mebibytes) = name.parse() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let parts = served.storage.parts(mebibytes).map(Ok::<_, io::Error>);
    let length = served.storage.length(mebibytes);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
    ];
    (headers, Body::from_stream(stream::iter(parts))).into_response()
}

/// Reads a body to its end, or to where its client breaks off, which is the client's loss.
async fn swallow(body: Body) {
    let mut chunks = body.into_data_stream();
    while let Some(Ok(_)) = chunks.next().await {}
}
