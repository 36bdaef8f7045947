//! How an answer is read: how much of it, undone of its coding, and whether it came whole.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use futures_util::{StreamExt, stream};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, Version};
use serde::de::IgnoredAny;

use super::attempt::Failed;
use super::patience::Patience;
use super::progress::Progress;
use super::request::Reading;
use super::response::is_json;
use super::retry::retry_after;
use super::transport::{NetworkCause, ResponseBody, Sent, TransportFailure};
use super::{Asked, Request, Response, Sending};
use crate::Error;
use crate::error::ErrorKind;

const MEBIBYTE: u64 = 1024 * 1024;
/// How long an answer may be that is read whole.
const LONGEST: u64 = 64 * MEBIBYTE;
/// How much is read of what explains a failure.
const LONGEST_EXPLANATION: u64 = MEBIBYTE;

/// Reads an answer as far as the call wants it read.
pub(super) async fn read(
    via: Sending<'_>,
    answer: http::Response<ResponseBody>,
    request: &Request,
    patience: &Patience,
    progress: &Progress,
) -> Result<Response, Failed> {
    let (head, body) = answer.into_parts();
    let (status, version, mut headers) = (head.status, head.version, head.headers);
    let mut stream = None;
    let body = match request.reading {
        // A failure is explained in its body, however the body of a success is to be read.
        _ if !status.is_success() => {
            let sends = || request.has_body() && !progress.was_taken();
            let said = explanation(body, progress, sends).await?;
            let inflating = inflated(via, &headers, &said, LONGEST_EXPLANATION);
            match progress.working(inflating).await? {
                Some((text, _)) if !text.is_empty() => {
                    undone(&mut headers);
                    text
                }
                _ => said,
            }
        }
        Reading::Stream => {
            stream = Some(watched(body, patience, progress));
            Bytes::new()
        }
        Reading::UpTo(limit) => within(body, limit, progress).await?.ok_or_else(|| {
            let limit = "fileLimits.size";
            Error::from(ErrorKind::FileLimit { limit })
        })?,
        Reading::Whole => {
            let body = within(body, LONGEST, progress).await?;
            let body = body.ok_or_else(too_long)?;
            let inflating = inflated(via, &headers, &body, LONGEST);
            match progress.working(inflating).await? {
                Some((text, End::Whole)) => {
                    undone(&mut headers);
                    text
                }
                Some((_, End::TooLong)) => return Err(too_long().into()),
                Some((_, End::Broken)) => return Err(broken_coding().into()),
                None if breaks_off(version, &headers, &body) => return Err(cut_short().into()),
                None => body,
            }
        }
    };
    Ok(Response {
        retry_after: retry_after(via.world, &headers),
        status,
        headers,
        body,
        stream,
        asked: Asked::default(),
    })
}

/// The whole body; none if it is longer than the limit.
async fn within(
    mut body: ResponseBody,
    limit: u64,
    progress: &Progress,
) -> Result<Option<Bytes>, TransportFailure> {
    let mut whole = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk?;
        progress.moves();
        if (whole.len() + chunk.len()) as u64 > limit {
            return Ok(None);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(Some(whole.into()))
}

/// As much of a body as explains a failure.
async fn explanation(
    mut body: ResponseBody,
    progress: &Progress,
    sends: impl Fn() -> bool,
) -> Result<Bytes, TransportFailure> {
    let mut said = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = match chunk {
            Ok(chunk) => chunk,
            // Who refuses a request may close its connection before it has come: what was said until then is the answer.
            Err(_) if sends() => break,
            Err(failure) => return Err(failure),
        };
        progress.moves();
        let room = usize::try_from(LONGEST_EXPLANATION).unwrap_or(usize::MAX) - said.len();
        said.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
    Ok(said.into())
}

/// A body that the call reads itself, as patiently as the rest of the attempt.
fn watched(body: ResponseBody, patience: &Patience, progress: &Progress) -> ResponseBody {
    let (patience, progress) = (patience.clone(), progress.clone());
    stream::unfold(Some(body), move |body| {
        let (patience, progress) = (patience.clone(), progress.clone());
        async move {
            let mut body = body?;
            // Whoever reads may have taken their time since the last chunk.
            progress.moves();
            match patience.with(body.next()).await {
                Ok(chunk) => {
                    let failed = matches!(chunk, Some(Err(_)));
                    Some((chunk?, (!failed).then_some(body)))
                }
                Err(failure) => Some((Err(failure), None)),
            }
        }
    })
    .map(|chunk| chunk.map_err(|failure| failure.having_sent(Sent::Whole)))
    .boxed()
}

/// How the undoing of a coding ended.
enum End {
    Whole,
    TooLong,
    Broken,
}

/// What the body says where it came compressed with gzip, as far as the limit; none where it did not.
async fn inflated(
    via: Sending<'_>,
    headers: &HeaderMap,
    body: &Bytes,
    limit: u64,
) -> Result<Option<(Bytes, End)>, Error> {
    let coding = headers
        .get(CONTENT_ENCODING)
        .map(|coding| coding.as_bytes().trim_ascii());
    let gzip = coding.is_some_and(|coding| {
        [&b"gzip"[..], b"x-gzip"]
            .iter()
            .any(|name| coding.eq_ignore_ascii_case(name))
    });
    if !gzip || body.is_empty() {
        return Ok(None);
    }
    let body = body.clone();
    let inflating = via.world.block(move || {
        let mut text = Vec::new();
        let mut content = MultiGzDecoder::new(&body[..]).take(limit + 1);
        let mut end = match content.read_to_end(&mut text) {
            Ok(_) => End::Whole,
            Err(_) => End::Broken,
        };
        if text.len() as u64 > limit {
            text.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            end = End::TooLong;
        }
        (Bytes::from(text), end)
    });
    inflating.await.map(Some)
}

/// The headers of a body whose coding was undone.
fn undone(headers: &mut HeaderMap) {
    headers.remove(CONTENT_ENCODING);
    headers.remove(CONTENT_LENGTH);
}

/// Whether JSON has no end, where nothing but the end of the connection says that it came whole.
fn breaks_off(version: Version, headers: &HeaderMap, body: &[u8]) -> bool {
    let marked = headers.contains_key(CONTENT_LENGTH) || headers.contains_key(TRANSFER_ENCODING);
    version <= Version::HTTP_11
        && !marked
        && !body.is_empty()
        && is_json(headers)
        && serde_json::from_slice::<IgnoredAny>(body).is_err_and(|error| error.is_eof())
}

fn cut_short() -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::ConnectionReset,
        message: "the connection was closed in the midst of the answer".to_owned(),
        sent: Sent::Whole,
    }
}

fn too_long() -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::TooLong,
        message: format!(
            "the answer is longer than {} MiB, so it was not read to its end",
            LONGEST / MEBIBYTE
        ),
        sent: Sent::Whole,
    }
}

fn broken_coding() -> TransportFailure {
    TransportFailure::Network {
        cause: NetworkCause::Protocol,
        message: "the answer's content-encoding is gzip, and its body is not".to_owned(),
        sent: Sent::Whole,
    }
}
