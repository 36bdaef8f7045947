//! The way to a server: TCP, a proxy where one stands between, and TLS.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Uri, header};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tower_service::Service;

use super::USER_AGENT;
use super::connecting::{BoxError, InTime};
use super::lasting::Lasting;
use super::proxies::Proxies;

/// How often a connection is asked whether there is still somebody.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_TRIES: u32 = 3;

/// Makes connections that speak TLS where the address says so, within the time of the attempt.
pub(super) type Connector = InTime<HttpsConnector<Dialling>>;

/// A connector that speaks TLS so.
pub(super) fn connector(tls: &Arc<ClientConfig>, proxies: Arc<Proxies>) -> Connector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE));
    tcp.set_keepalive_retries(Some(KEEPALIVE_TRIES));
    // What proxies are told is HTTP/1.1.
    let mut to_proxy = ClientConfig::clone(tls);
    to_proxy.alpn_protocols.clear();
    let direct = Direct(tcp);
    let dialling = Dialling {
        to_proxy: HttpsConnector::from((direct.clone(), to_proxy)),
        direct,
        proxies,
    };
    InTime(HttpsConnector::from((dialling, Arc::clone(tls))))
}

/// Makes connections that last.
#[derive(Clone)]
struct Direct(HttpConnector);

impl Service<Uri> for Direct {
    type Response = TokioIo<Lasting>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connecting = self.0.call(to);
        Box::pin(async move { Ok(Lasting::new(connecting.await?)) })
    }
}

/// Makes connections, through a proxy where one is set.
#[derive(Clone)]
pub(super) struct Dialling {
    direct: Direct,
    to_proxy: HttpsConnector<Direct>,
    proxies: Arc<Proxies>,
}

impl Service<Uri> for Dialling {
    type Response = Line;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Line, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.by(&to) else {
            let connecting = self.direct.call(to);
            return Box::pin(async move {
                Ok(Line {
                    stream: connecting.await?.into(),
                    is_proxied: false,
                })
            });
        };
        let tunnels = to.scheme() == Some(&http::uri::Scheme::HTTPS);
        let connecting: BoxFuture<'static, Result<_, BoxError>> = if tunnels {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
            let mut tunnel =
                Tunnel::new(proxy.uri().clone(), self.to_proxy.clone()).with_headers(headers);
            if let Some(own) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(own.clone());
            }
            let tunnelling = tunnel.call(to);
            Box::pin(async move { Ok(tunnelling.await?) })
        } else {
            Box::pin(self.to_proxy.call(proxy.uri().clone()))
        };
        Box::pin(async move {
            Ok(Line {
                stream: connecting.await.map_err(AtProxy)?,
                is_proxied: !tunnels,
            })
        })
    }
}

/// It failed on the way to the proxy, or there.
#[derive(Debug)]
pub(super) struct AtProxy(BoxError);

impl fmt::Display for AtProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proxy gives no connection")
    }
}

impl StdError for AtProxy {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

/// A connection to a server, or to the proxy that hands on what is sent.
pub(super) struct Line {
    stream: MaybeHttpsStream<TokioIo<Lasting>>,
    is_proxied: bool,
}

impl Connection for Line {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.is_proxied)
    }
}

impl Read for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl Write for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
