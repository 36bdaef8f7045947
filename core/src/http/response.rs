//! An answer, and how its parts are read.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;

use super::attempt::transport_error;
use super::transport::ResponseBody;
use super::{Asked, Chunks};
use crate::Error;
use crate::document;
use crate::error::{ErrorKind, FailedResponse, shown};

/// An answer of the platform.
pub(crate) struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// Empty where the body is read as a stream.
    pub body: Bytes,
    /// The body, where the call reads it itself.
    pub stream: Option<ResponseBody>,
    /// After how long it may be asked again, if the platform says so.
    pub retry_after: Option<Duration>,
    /// What it answers.
    pub asked: Asked,
}

impl Response {
    /// The body as JSON. An error names the place that does not fit, never what stands there.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        document::read(&self.body).map_err(|place| {
            let place = shown(&place.to_string());
            self.unexpected(&format!("does not have the form that was expected{place}"))
        })
    }

    /// The error of an answer that makes no sense: what is wrong with it, in words that quote nothing of it.
    pub(crate) fn unexpected(&self, how: &str) -> Error {
        let (request, status) = (&self.asked, self.status.as_u16());
        Error::unexpected_response(format!(
            "{request}: the platform's answer (status {status}) {how}."
        ))
    }

    /// The body as the chunks in which it comes; `request` is what errors call the request.
    pub(crate) fn into_chunks(self, request: &'static str) -> Chunks {
        let whole = stream::once(std::future::ready(Ok(self.body)));
        match self.stream {
            Some(stream) => stream
                .map(|chunk| chunk.map_err(|failure| transport_error(failure, request)))
                .boxed(),
            None => whole.boxed(),
        }
    }

    /// The headers as text, names in lower case. Those that stand there more than once are one list (RFC 9110 section 5.3).
    pub(crate) fn headers_as_text(&self) -> Vec<(String, String)> {
        let names = self.headers.keys();
        names
            .map(|name| {
                let values = self.headers.get_all(name).iter();
                let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
                (name.to_string(), values.collect::<Vec<_>>().join(", "))
            })
            .collect()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The status in words: what the protocol calls it, since HTTP/2 sends none.
    pub(crate) fn status_message(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("")
    }
}

/// The media type of a body, in lower case and without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let value = String::from_utf8_lossy(value.unwrap_or_default());
    let kind = value.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

/// Whether a body is said to be JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    let kind = media_type(headers);
    kind.ends_with("/json") || kind.ends_with("+json")
}

/// The error of an answer that is no success and explains nothing.
pub(crate) fn failed_response(response: &Response) -> Error {
    let error = Error::from(ErrorKind::Http(FailedResponse {
        status_code: response.status.as_u16(),
        status_message: response.status_message().to_owned(),
        headers: response.headers_as_text(),
        body: String::from_utf8_lossy(&response.body).into_owned(),
    }));
    error.retrying_after(response.retry_after)
}
