//! What HTTP must cost: the same exchanges as the SDK has, with the same server through the SDK's own transport, and nothing else.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use digime_bench::{Announcement, BenchError};
use digime_sdk::transport::{Body, HttpTransport, Transport};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use http::{Method, Request, header};
use serde::Serialize;

use crate::application::{PUSHED, UPLOAD_CHUNK};
use crate::floors::Sizes;
use crate::measurement::{Measurement, Stopwatch};

const CONNECT: Duration = Duration::from_secs(10);
const MEBIBYTE: u64 = 1024 * 1024;

/// One exchange each, or the exchange of one mebibyte.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchanges {
    /// One for a token, which has no body.
    token: Measurement,
    /// One with a push.
    push: Measurement,
    /// One for a file.
    file: Measurement,
    /// An upload's share for one mebibyte.
    upload_mebibyte: Measurement,
    /// A download's share for one mebibyte.
    download_mebibyte: Measurement,
}

impl Exchanges {
    /// Measures them.
    pub async fn measure(platform: Announcement, sizes: Sizes) -> Result<Self, BenchError> {
        let place = platform.place;
        let api = |path: &str| format!("{}{path}", place.base_url);
        let storage = |file: &str| format!("{}clouds/s/files/apps/a/{file}", place.cloud_base_url);
        let token = || (Method::POST, api("oauth/token"), Body::Empty);
        let push = || {
            let body = Body::from(Bytes::from_static(&PUSHED));
            (Method::POST, api("permission-access/import"), body)
        };
        let file = || {
            let address = api("permission-access/query/files-1/file-0");
            (Method::GET, address, Body::Empty)
        };
        let upload = |mebibytes| {
            (
                Method::POST,
                storage("upload"),
                Body::Stream {
                    length: None,
                    chunks: zeros(mebibytes),
                },
            )
        };
        let download = |mebibytes: u64| (Method::GET, storage(&mebibytes.to_string()), Body::Empty);
        let wire = Wire::new()?;
        Ok(Self {
            token: wire.repeat(sizes.count, token).await?,
            push: wire.repeat(sizes.count, push).await?,
            file: wire.repeat(sizes.count, file).await?,
            upload_mebibyte: wire.once(sizes.mebibytes, upload).await?,
            download_mebibyte: wire.once(sizes.mebibytes, download).await?,
        })
    }
}

fn zeros(mebibytes: u64) -> BoxStream<'static, Result<Bytes, io::Error>> {
    let chunks = mebibytes * MEBIBYTE / UPLOAD_CHUNK as u64;
    let chunk = Bytes::from(vec![0; UPLOAD_CHUNK]);
    stream::iter((0..chunks).map(move |_| Ok(chunk.clone()))).boxed()
}

type Message = (Method, String, Body);

/// The way to the server.
struct Wire {
    transport: HttpTransport,
    authorization: String,
}

impl Wire {
    fn new() -> Result<Self, BenchError> {
        Ok(Self {
            transport: HttpTransport::new()?,
            // As long as the tokens that the SDK signs.
            authorization: format!("Bearer {}", "t".repeat(700)),
        })
    }

    /// Measures an exchange that is made `count` times, after a tenth of them to warm up.
    async fn repeat(
        &self,
        count: u64,
        message: impl Fn() -> Message + Send,
    ) -> Result<Measurement, BenchError> {
        for _ in 0..count.div_ceil(10) {
            self.exchange(message()).await?;
        }
        let stopwatch = Stopwatch::start();
        for _ in 0..count {
            self.exchange(message()).await?;
        }
        Ok(stopwatch.stop(count))
    }

    /// Measures one exchange of so many mebibytes, after a tenth of them to warm up.
    async fn once(
        &self,
        mebibytes: u64,
        message: impl Fn(u64) -> Message + Send,
    ) -> Result<Measurement, BenchError> {
        self.exchange(message(mebibytes.div_ceil(10))).await?;
        let stopwatch = Stopwatch::start();
        self.exchange(message(mebibytes)).await?;
        Ok(stopwatch.stop(mebibytes))
    }

    async fn exchange(&self, (method, address, body): Message) -> Result<(), BenchError> {
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::AUTHORIZATION, &self.authorization)
            .body(body)?;
        let response = self.transport.send(request, CONNECT).await?;
        let mut body = response.into_body();
        while let Some(chunk) = body.next().await {
            chunk?;
        }
        Ok(())
    }
}
