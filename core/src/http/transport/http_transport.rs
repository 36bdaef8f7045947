//! The real network: HTTP/1.1 and HTTP/2 over TCP and TLS, by reqwest.

use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind as Io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use reqwest::{Certificate, Client, redirect};
use rustls::CertificateError as Refused;

use super::connecting::{self, InTime, TooSlow};
use super::outgoing::Outgoing;
use super::shared_clients::{Clients, Environment, Owner, clients_of, forget_unused};
use super::{
    Body, FreshConnection, NetworkCause, Phase, ResponseBody, Sent, Transport, TransportFailure,
};
use crate::Error;

/// How long a connection is kept that nobody uses. Balancers close them after a minute, some servers after a few seconds, and what is sent in
/// that moment is lost.
const IDLE: Duration = Duration::from_secs(15);

/// The transport of [`crate::World::real`]. Connections are pooled, for all who send in the same runtime of a process; the system's proxy settings
/// and certificates are used, as they are when it is made.
pub struct HttpTransport {
    /// Those that it sent by last, unless they were let go.
    clients: Mutex<Option<(Owner, Arc<Clients>)>>,
    environment: Arc<Environment>,
}

impl HttpTransport {
    /// Connects nowhere yet.
    pub fn new() -> Result<Self, Error> {
        let (owner, environment) = (Owner::current(), Environment::current());
        let clients = clients_of(owner, &environment).map_err(|error| {
            let reason = innermost(&error);
            Error::sdk(format!("the HTTP client cannot start: {reason}"))
        })?;
        Ok(Self {
            clients: Mutex::new(Some((owner, clients))),
            environment,
        })
    }

    fn clients(&self) -> Result<Arc<Clients>, TransportFailure> {
        let owner = Owner::current();
        let mut last = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, clients)) = last.as_ref().filter(|(of, _)| *of == owner) {
            return Ok(Arc::clone(clients));
        }
        let clients =
            clients_of(owner, &self.environment).map_err(|error| TransportFailure::Network {
                cause: NetworkCause::Unknown,
                message: innermost(&error),
                sent: Sent::Nothing,
            })?;
        *last = Some((owner, Arc::clone(&clients)));
        Ok(clients)
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}

/// A client that keeps so many connections to a host.
pub(super) fn client(idle_connections: usize) -> Result<Client, reqwest::Error> {
    let builder = || {
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connector_layer(InTime)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(idle_connections)
            // What is repeated is signed anew, and counted: not here.
            .retry(reqwest::retry::never())
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
        drop(
            self.clients
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        forget_unused();
    }

    fn send(
        &self,
        request: http::Request<Body>,
        connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let clients = self.clients()?;
            let client = match parts.extensions.get() {
                Some(FreshConnection) => &clients.fresh,
                None => &clients.pooled,
            };
            let mut request = client.request(parts.method, parts.uri.to_string());
            request = request.headers(parts.headers);
            if let Some(body) = Outgoing::new(body) {
                request = request.body(reqwest::Body::wrap(body));
            }
            let response = connecting::within(connect, request.send())
                .await
                .map_err(|error| failure(&error, connect))?;
            let mut head = http::Response::new(());
            *head.version_mut() = response.version();
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
    let sent = if error.is_connect() || was_refused_unread(error) {
        Sent::Nothing
    } else {
        Sent::Maybe
    };
    if chain(error).any(<dyn StdError>::is::<TooSlow>) {
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

/// Whether an HTTP/2 server says that it has not looked at the request (RFC 9113 sections 6.8 and 8.7).
fn was_refused_unread(error: &reqwest::Error) -> bool {
    let error = chain(error).find_map(|link| link.downcast_ref::<h2::Error>());
    error.is_some_and(|error| {
        let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let leaves = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (refused || leaves)
    })
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
    if was_refused_unread(error) {
        return NetworkCause::Unprocessed;
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
