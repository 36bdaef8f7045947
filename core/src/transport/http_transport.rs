//! The real network: HTTP/1.1 and HTTP/2 over TCP and TLS, by reqwest.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind as Io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use reqwest::{Certificate, Client, redirect};
use tokio::time::timeout;

use super::outgoing::{Activity, Outgoing};
use super::{Body, ResponseBody, Timeouts, Transport, TransportFailure};
use crate::Error;

/// How many time-outs for connecting have a client of their own, each with its own connections.
const CLIENTS_KEPT: usize = 8;

/// The transport of [`crate::World::real`]. Connections are pooled; the system's proxy settings and certificates are used.
pub struct HttpTransport {
    /// By the time-out for connecting, which reqwest knows per client alone.
    clients: Mutex<HashMap<Duration, Client>>,
}

impl HttpTransport {
    /// Connects nowhere yet.
    pub fn new() -> Result<Self, Error> {
        let connect = Timeouts::default().connect;
        let client = client(connect).map_err(|error| {
            let reason = innermost(&error);
            Error::sdk(format!("the HTTP client cannot start: {reason}"))
        })?;
        Ok(Self {
            clients: Mutex::new(HashMap::from([(connect, client)])),
        })
    }

    fn client(&self, connect: Duration) -> Result<Client, TransportFailure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&connect) {
            return Ok(client.clone());
        }
        if clients.len() >= CLIENTS_KEPT {
            clients.clear();
        }
        let client = client(connect).map_err(|error| network(&error))?;
        clients.insert(connect, client.clone());
        Ok(client)
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}

fn client(connect: Duration) -> Result<Client, reqwest::Error> {
    let builder = || {
        Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(connect)
            .user_agent(concat!("digime-sdk/", env!("CARGO_PKG_VERSION")))
    };
    builder().build().or_else(|_| {
        // Slim containers have no certificate store of their own, and then not even plain HTTP can be had: bring one along.
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        let roots = roots
            .map(|root| Certificate::from_der(root))
            .collect::<Result<Vec<_>, _>>()?;
        builder().tls_certs_only(roots).build()
    })
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        timeouts: Timeouts,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let activity = Activity::default();
            let mut request = self
                .client(timeouts.connect)?
                .request(parts.method, parts.uri.to_string());
            request = request.headers(parts.headers);
            if let Some(body) = Outgoing::new(body, &activity) {
                request = request.body(reqwest::Body::wrap(body));
            }
            let response = activity.watch(request.send(), timeouts.idle).await?;
            let response = response.map_err(|error| {
                if error.is_timeout() {
                    TransportFailure::Timeout {
                        phase: "connect",
                        after: timeouts.connect,
                    }
                } else {
                    network(&error)
                }
            })?;
            let mut head = http::Response::new(());
            *head.status_mut() = response.status();
            *head.headers_mut() = response.headers().clone();
            Ok(head.map(|()| incoming(response, timeouts.idle)))
        })
    }
}

fn incoming(response: reqwest::Response, idle: Duration) -> ResponseBody {
    stream::unfold(
        Some(response.bytes_stream().boxed()),
        move |body| async move {
            let mut body = body?;
            match timeout(idle, body.next()).await {
                Ok(chunk) => Some((chunk?.map_err(|error| network(&error)), Some(body))),
                Err(_) => Some((
                    Err(TransportFailure::Timeout {
                        phase: "idle",
                        after: idle,
                    }),
                    None,
                )),
            }
        },
    )
    .boxed()
}

fn network(error: &reqwest::Error) -> TransportFailure {
    TransportFailure::Network {
        cause: cause(error),
        message: innermost(error),
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
