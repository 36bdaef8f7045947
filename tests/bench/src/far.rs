//! The platform from afar: the same answers over TLS 1.3, in one version of HTTP, with a distance between it and its clients.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use digime_bench::{BenchError, Place, tls};
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::distance::{WINDOW, far_end};

/// A version of HTTP.
#[derive(Clone, Copy)]
pub enum Version {
    Http1,
    Http2,
}

impl Version {
    pub const ALL: [Self; 2] = [Self::Http1, Self::Http2];

    /// As it is announced.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http1 => "http1",
            Self::Http2 => "http2",
        }
    }

    /// As it is agreed on in TLS (RFC 7301).
    fn protocol(self) -> &'static [u8] {
        match self {
            Self::Http1 => b"http/1.1",
            Self::Http2 => b"h2",
        }
    }
}

/// A port that speaks one version and no other.
pub struct Far {
    version: Version,
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Far {
    /// On a free port.
    pub async fn bind(version: Version) -> Result<Self, BenchError> {
        Ok(Self {
            version,
            listener: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
            acceptor: Arc::new(tls(version.protocol())?).into(),
        })
    }

    /// Where it is.
    pub fn place(&self) -> Result<Place, BenchError> {
        let origin = format!("https://{}", self.listener.local_addr()?);
        Place::far(&origin, matches!(self.version, Version::Http2))
    }

    /// Serves until the process is ended.
    pub async fn serve(self, router: Router) -> Result<(), BenchError> {
        loop {
            let (connection, _) = self.listener.accept().await?;
            let (acceptor, router) = (self.acceptor.clone(), router.clone());
            tokio::spawn(async move {
                // What becomes of a connection is its client's matter.
                let _ = converse(self.version, connection, acceptor, router).await;
            });
        }
    }
}

async fn converse(
    version: Version,
    connection: TcpStream,
    acceptor: TlsAcceptor,
    router: Router,
) -> io::Result<()> {
    let connection = TokioIo::new(acceptor.accept(far_end(connection)?).await?);
    let service = TowerToHyperService::new(router);
    let served = match version {
        Version::Http1 => {
            let server = http1::Builder::new();
            server.serve_connection(connection, service).await
        }
        Version::Http2 => {
            // It has to be opened again over the whole round trip, the one on the way over half of it.
            let window = u32::try_from(2 * WINDOW).map_err(io::Error::other)?;
            let mut server = http2::Builder::new(TokioExecutor::new());
            server.initial_stream_window_size(window);
            server.initial_connection_window_size(window);
            server.serve_connection(connection, service).await
        }
    };
    served.map_err(io::Error::other)
}
