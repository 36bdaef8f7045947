//! A network in which something happens elsewhere while requests are under way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use digime_sdk::World;
use digime_sdk::transport::{Body, HttpTransport, ResponseBody, Transport, TransportFailure};
use futures_util::future::BoxFuture;

/// What happens while the requests for one path are under way, the first of them with the last of these.
pub struct Meanwhile {
    network: HttpTransport,
    path: &'static str,
    happens: Mutex<Vec<BoxFuture<'static, ()>>>,
}

impl Meanwhile {
    pub fn of(path: &'static str, happens: Vec<BoxFuture<'static, ()>>) -> World {
        let network = Self {
            network: HttpTransport::new().unwrap(),
            path,
            happens: Mutex::new(happens),
        };
        World {
            transport: Arc::new(network),
            ..World::real().unwrap()
        }
    }
}

impl Transport for Meanwhile {
    fn send(
        &self,
        request: http::Request<Body>,
        connect: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        Box::pin(async move {
            let happens = if request.uri().path() == self.path {
                self.happens.lock().unwrap().pop()
            } else {
                None
            };
            if let Some(happens) = happens {
                happens.await;
            }
            self.network.send(request, connect).await
        })
    }
}
