//! The real network: HTTP/1.1 and HTTP/2 by hyper, over the connections of the process.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{StreamExt, TryStreamExt};
use http::header::{ACCEPT, PROXY_AUTHORIZATION, USER_AGENT as USER_AGENT_HEADER};
use http::{HeaderValue, StatusCode};
use http_body_util::BodyExt;

use super::network::Network;
use super::outgoing::Outgoing;
use super::shared_clients::{Clients, Owner, Way, clients_of, forget_unused};
use super::{
    Body, FreshConnection, NetworkCause, ResponseBody, Sent, Transport, TransportFailure,
    USER_AGENT, connecting, diagnosis,
};
use crate::Error;
use crate::binding::Dialect;

/// The transport of [`crate::World::real`]. Connections are pooled, for all who send in the same runtime of a process; the system's proxy settings
/// and certificates are used, as they are when it is made.
pub struct HttpTransport {
    /// Those that it sent by last, unless they were let go.
    clients: Mutex<Option<(Owner, Arc<Clients>)>>,
    way: Arc<Way>,
}

impl HttpTransport {
    /// Connects nowhere yet.
    pub fn new() -> Result<Self, Error> {
        Self::over(Network::default())
    }

    /// The same where an application has its say.
    pub fn over(network: Network) -> Result<Self, Error> {
        Self::hosted(network, None)
    }

    /// The same in another language, by whose conventions it finds certificates.
    pub(crate) fn hosted(network: Network, host: Option<Dialect>) -> Result<Self, Error> {
        let (owner, way) = (Owner::current(), Arc::new(Way::of(network, host)));
        let clients = clients_of(owner, &way)?;
        Ok(Self {
            clients: Mutex::new(Some((owner, clients))),
            way,
        })
    }

    fn clients(&self) -> Result<Arc<Clients>, TransportFailure> {
        let owner = Owner::current();
        let mut last = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, clients)) = last.as_ref().filter(|(of, _)| *of == owner) {
            return Ok(Arc::clone(clients));
        }
        let clients = clients_of(owner, &self.way).map_err(|error| TransportFailure::Network {
            cause: NetworkCause::Unknown,
            message: error.to_string(),
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
        mut request: http::Request<Body>,
        connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        Box::pin(async move {
            let clients = self.clients()?;
            let client = match request.extensions().get() {
                Some(FreshConnection) => &clients.fresh,
                None => &clients.pooled,
            };
            let proxy = clients.proxies.that_hands_on(request.uri());
            let headers = request.headers_mut();
            headers.insert(USER_AGENT_HEADER, HeaderValue::from_static(USER_AGENT));
            headers
                .entry(ACCEPT)
                .or_insert(HeaderValue::from_static("*/*"));
            if let Some(own) = proxy.as_ref().and_then(|proxy| proxy.basic_auth()) {
                headers.insert(PROXY_AUTHORIZATION, own.clone());
            }
            let response = connecting::within(connect, client.request(Outgoing::request(request)))
                .await
                .map_err(|error| diagnosis::of_request(&error, connect))?;
            if proxy.is_some() && response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                return Err(diagnosis::wants_a_password());
            }
            let chunks = |body: hyper::body::Incoming| {
                let chunks = body.into_data_stream();
                chunks.map_err(|error| diagnosis::of_answer(&error)).boxed()
            };
            Ok(response.map(chunks))
        })
    }
}
