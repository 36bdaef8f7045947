//! The way to a server: TCP, a proxy where one stands between, and TLS.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderValue, Uri, header};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
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
    let to_proxy = Arc::new(to_proxy);
    let direct = |is_proxied| Direct {
        tcp: tcp.clone(),
        is_proxied,
    };
    let dialling = Dialling {
        to_who_hands_on: HttpsConnector::from((direct(true), Arc::clone(&to_proxy))),
        to_who_tunnels: HttpsConnector::from((direct(false), to_proxy)),
        direct: direct(false),
        proxies,
    };
    InTime(HttpsConnector::from((dialling, Arc::clone(tls))))
}

/// Makes connections that last.
#[derive(Clone)]
struct Direct {
    tcp: HttpConnector,
    /// Whether who is there hands on what is sent.
    is_proxied: bool,
}

impl Service<Uri> for Direct {
    type Response = TokioIo<Lasting>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let (connecting, is_proxied) = (self.tcp.call(to), self.is_proxied);
        Box::pin(async move { Ok(Lasting::new(connecting.await?, is_proxied)) })
    }
}

/// Makes connections, through a proxy where one is set.
#[derive(Clone)]
pub(super) struct Dialling {
    direct: Direct,
    to_who_hands_on: HttpsConnector<Direct>,
    to_who_tunnels: HttpsConnector<Direct>,
    proxies: Arc<Proxies>,
}

impl Service<Uri> for Dialling {
    type Response = MaybeHttpsStream<TokioIo<Lasting>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let Some(proxy) = self.proxies.by(&to) else {
            let connecting = self.direct.call(to);
            return Box::pin(async move { Ok(connecting.await?.into()) });
        };
        if to.scheme() != Some(&http::uri::Scheme::HTTPS) {
            let connecting = self.to_who_hands_on.call(proxy.uri().clone());
            return Box::pin(async move { Ok(connecting.await.map_err(AtProxy)?) });
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        let mut tunnel =
            Tunnel::new(proxy.uri().clone(), self.to_who_tunnels.clone()).with_headers(headers);
        if let Some(own) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(own.clone());
        }
        let tunnelling = tunnel.call(to);
        Box::pin(async move { Ok(tunnelling.await.map_err(|error| AtProxy(error.into()))?) })
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
