//! The transport that an application wrote, or chose, in its own language: what it is asked to send, and what it cannot tell.

use std::time::Duration;

use futures_util::future::BoxFuture;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, USER_AGENT as USER_AGENT_HEADER};
use http::{HeaderValue, request};
#[cfg(feature = "__binding")]
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer};

use super::exchange::Exchange;
use super::{Body, NetworkCause, ResponseBody, Sent, Transport, TransportFailure, USER_AGENT};
use crate::binding::{self, HostFunction};

/// The coding of a body that has none.
const IDENTITY: HeaderValue = HeaderValue::from_static("identity");

/// A transport of an application in another language: WHATWG's `fetch` in JavaScript, a callable in Python. A binding has it carry the
/// [`Exchange`]s of each call (`binding::Call::exchange`); Rust applications implement [`Transport`].
#[derive(Debug, Clone)]
pub struct HostTransport {
    path: String,
}

impl HostTransport {
    /// The one that a binding knows by this path: `config.fetch`.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into() }
    }
}

impl Transport for HostTransport {
    /// How long it takes to connect is its own matter: it cannot be told, and does not say.
    fn send(
        &self,
        mut request: http::Request<Body>,
        _connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let headers = request.headers_mut();
        // It tells the length by itself.
        headers.remove(CONTENT_LENGTH);
        headers.insert(USER_AGENT_HEADER, HeaderValue::from_static(USER_AGENT));
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static("*/*"));
        // Otherwise it asks for codings of its own, and decodes what is a file's own bytes.
        headers.entry(ACCEPT_ENCODING).or_insert(IDENTITY);
        let (exchange, awaited) = Exchange::new(request, &self.path);
        Box::pin(async move {
            if !binding::carries(exchange) {
                return Err(TransportFailure::Network {
                    cause: NetworkCause::Unknown,
                    message: format!("{}: the call is over that would use it", self.path),
                    sent: Sent::Nothing,
                });
            }
            awaited.response().await
        })
    }

    fn sends_what_it_takes(&self) -> bool {
        false
    }
}

/// Whether the answer to a request may come coded, and then, decoded, have another length than it says.
pub(super) fn may_be_coded(request: &request::Parts) -> bool {
    request.headers.get(ACCEPT_ENCODING) != Some(&IDENTITY)
}

impl<'de> Deserialize<'de> for HostTransport {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let function = HostFunction::deserialize(deserializer)?;
        Ok(Self::new(function.path()))
    }
}

#[cfg(feature = "__binding")]
impl JsonSchema for HostTransport {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Transport".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "x-host": "transport" })
    }

    fn inline_schema() -> bool {
        true
    }
}
