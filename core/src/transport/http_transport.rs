//! The real network: HTTP/1.1 and HTTP/2 over TCP and TLS, by reqwest.

use std::error::Error as StdError;
use std::io::ErrorKind as Io;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryFutureExt};
use reqwest::{Certificate, Client, redirect};

use super::{Body, ResponseBody, Timeouts, Transport, TransportFailure};
use crate::Error;

/// The transport of [`crate::World::real`]. Connections are pooled; the system's proxy settings and certificates are used.
#[derive(Debug)]
pub struct HttpTransport {
    client: Client,
    timeouts: Timeouts,
}

impl HttpTransport {
    /// Connects nowhere yet.
    pub fn new(timeouts: Timeouts) -> Result<Self, Error> {
        let builder = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .connect_timeout(timeouts.connect)
                .read_timeout(timeouts.idle)
                .user_agent(concat!("digime-sdk/", env!("CARGO_PKG_VERSION")))
        };
        let client = builder().build().or_else(|_| {
            // Slim containers have no certificate store of their own, and then not even plain HTTP can be had: bring one along.
            let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
            let roots = roots
                .map(|root| Certificate::from_der(root))
                .collect::<Result<Vec<_>, _>>()?;
            builder().tls_certs_only(roots).build()
        });
        let client = client.map_err(|error| {
            Error::sdk(format!(
                "the HTTP client cannot start: {}",
                innermost(&error)
            ))
        })?;
        Ok(Self { client, timeouts })
    }

    fn failure(timeouts: Timeouts, error: &reqwest::Error) -> TransportFailure {
        if error.is_timeout() {
            return if error.is_connect() {
                TransportFailure::Timeout {
                    phase: "connect",
                    after: timeouts.connect,
                }
            } else {
                TransportFailure::Timeout {
                    phase: "idle",
                    after: timeouts.idle,
                }
            };
        }
        TransportFailure::Network {
            cause: cause(error),
            message: innermost(error),
        }
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let timeouts = self.timeouts;
        let (parts, body) = request.into_parts();
        let mut request = self
            .client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers);
        request = match body {
            Body::Empty => request,
            Body::Bytes(bytes) => request.body(bytes),
            Body::Stream(stream) => request.body(reqwest::Body::wrap_stream(stream)),
        };
        let response = request
            .send()
            .map_err(move |error| Self::failure(timeouts, &error));
        Box::pin(async move {
            let response = response.await?;
            let mut head = http::Response::new(());
            *head.status_mut() = response.status();
            *head.headers_mut() = response.headers().clone();
            let body = response
                .bytes_stream()
                .map(move |chunk| chunk.map_err(|error| Self::failure(timeouts, &error)));
            Ok(head.map(|()| body.boxed()))
        })
    }
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error| (*error).source())
}

/// The last link of the chain says what happened; those before it repeat the URL, which may hold what is secret.
fn innermost(error: &reqwest::Error) -> String {
    chain(error).last().map_or_else(
        || "the request cannot be sent".to_owned(),
        ToString::to_string,
    )
}

/// The name that Node gives to what happened, which `retryOptions.errorCodes` lists.
fn cause(error: &reqwest::Error) -> &'static str {
    let io = chain(error).find_map(|link| {
        link.downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind)
    });
    match io {
        Some(Io::ConnectionRefused) => "ECONNREFUSED",
        Some(Io::ConnectionReset | Io::ConnectionAborted | Io::UnexpectedEof) => "ECONNRESET",
        Some(Io::BrokenPipe) => "EPIPE",
        Some(Io::TimedOut) => "ETIMEDOUT",
        Some(Io::AddrInUse) => "EADDRINUSE",
        Some(Io::NetworkUnreachable | Io::HostUnreachable) => "ENETUNREACH",
        _ if chain(error).any(|link| link.to_string().contains("dns error")) => "ENOTFOUND",
        // The server closed the connection before it answered, or in the middle of its answer.
        _ if error.is_request() || error.is_body() || error.is_decode() => "ECONNRESET",
        _ => "EUNKNOWN",
    }
}
