//! The real network: HTTP/1.1 and HTTP/2 over TCP and TLS, by reqwest.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind as Io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use reqwest::{Certificate, Client, redirect};
use rustls::CertificateError as Refused;

use super::outgoing::Outgoing;
use super::{Body, NetworkCause, Phase, ResponseBody, Sent, Transport, TransportFailure};
use crate::Error;
use crate::http::timeouts;

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
        let connect = timeouts::CONNECT;
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
        let client = client(connect).map_err(|error| TransportFailure::Network {
            cause: NetworkCause::Unknown,
            message: innermost(&error),
            sent: Sent::Nothing,
        })?;
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
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(connect)
            .user_agent(concat!("digime-sdk/", env!("CARGO_PKG_VERSION")));
        // Left on, the system cuts an upload to a server that reads slowly, and says that a time was up.
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        let builder = builder.tcp_user_timeout(None);
        builder
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
    fn close(&self) {
        self.clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn send(
        &self,
        request: http::Request<Body>,
        connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let mut request = self
                .client(connect)?
                .request(parts.method, parts.uri.to_string());
            request = request.headers(parts.headers);
            if let Some(body) = Outgoing::new(body) {
                request = request.body(reqwest::Body::wrap(body));
            }
            let response = request
                .send()
                .await
                .map_err(|error| failure(&error, connect))?;
            let mut head = http::Response::new(());
            *head.status_mut() = response.status();
            *head.headers_mut() = response.headers().clone();
            let chunks = response
                .bytes_stream()
                .map(move |chunk| chunk.map_err(|error| failure(&error, connect)));
            Ok(head.map(|()| chunks.boxed()))
        })
    }
}

fn failure(error: &reqwest::Error, connect: Duration) -> TransportFailure {
    // Before there is a connection nothing is sent: names, TCP, TLS with its certificates, and what a proxy says to the wish for a tunnel.
    let sent = if error.is_connect() {
        Sent::Nothing
    } else {
        Sent::Maybe
    };
    if error.is_connect() && error.is_timeout() && io(error) != Some(Io::TimedOut) {
        return TransportFailure::Timeout {
            phase: Phase::Connect,
            after: connect,
            sent,
        };
    }
    TransportFailure::Network {
        cause: cause(error),
        message: innermost(error),
        sent,
    }
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |error: &&(dyn StdError + 'static)| {
        let error: &(dyn StdError + 'static) = *error;
        // What an `io::Error` wraps is not its source, but that one's.
        match error.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

/// The last link of the chain says what happened; those before it repeat the URL, which may hold what is secret.
fn innermost(error: &reqwest::Error) -> String {
    chain(error).last().map_or_else(
        || "the request cannot be sent".to_owned(),
        ToString::to_string,
    )
}

fn io(error: &reqwest::Error) -> Option<Io> {
    chain(error).find_map(|link| {
        link.downcast_ref::<std::io::Error>()
            .map(std::io::Error::kind)
    })
}

fn cause(error: &reqwest::Error) -> NetworkCause {
    let tls = chain(error).find_map(|link| link.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(
            Refused::Expired | Refused::ExpiredContext { .. },
        )) => {
            return NetworkCause::CertificateExpired;
        }
        Some(rustls::Error::InvalidCertificate(
            Refused::NotValidForName | Refused::NotValidForNameContext { .. },
        )) => return NetworkCause::CertificateName,
        Some(rustls::Error::InvalidCertificate(_)) => return NetworkCause::CertificateUntrusted,
        Some(_) => return NetworkCause::Protocol,
        None => {}
    }
    match io(error) {
        Some(Io::ConnectionRefused) => NetworkCause::ConnectionRefused,
        Some(Io::ConnectionReset | Io::ConnectionAborted | Io::UnexpectedEof) => {
            NetworkCause::ConnectionReset
        }
        Some(Io::BrokenPipe) => NetworkCause::BrokenPipe,
        Some(Io::TimedOut) => NetworkCause::TimedOut,
        Some(Io::AddrInUse | Io::AddrNotAvailable) => NetworkCause::AddressInUse,
        Some(Io::NetworkUnreachable | Io::HostUnreachable) => NetworkCause::NetworkUnreachable,
        _ if chain(error).any(|link| link.to_string().contains("dns error")) => {
            NetworkCause::NotFound
        }
        _ if error.is_connect() => NetworkCause::Protocol,
        // The server closed the connection before it answered, or in the middle of its answer.
        _ if error.is_request() || error.is_body() || error.is_decode() => {
            NetworkCause::ConnectionReset
        }
        _ => NetworkCause::Unknown,
    }
}
