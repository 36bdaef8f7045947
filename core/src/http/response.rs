//! An answer, and how its parts are read.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::attempt::transport_error;
use super::{Asked, Chunks};

use super::transport::ResponseBody;
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

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The status in words: what the protocol calls it, since HTTP/2 sends none.
    pub(crate) fn status_message(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("")
    }
}

/// The error of an answer that is no success and explains nothing.
pub(crate) fn failed_response(response: &Response) -> Error {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = response.headers.iter();
    ErrorKind::Http(FailedResponse {
        status_code: response.status.as_u16(),
        status_message: response.status_message().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: text(&response.body),
    })
    .into()
}
