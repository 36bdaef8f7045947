//! Binding, the router with its layers, and serving.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tokio::net::TcpListener;

use crate::addresses::Addresses;
use crate::announcement::Announcement;
use crate::cloud::CloudError;
use crate::config::Config;
use crate::connection::{Breakable, Breaker};
use crate::error::ApiError;
use crate::pages::Problem;
use crate::state::Platform;
use crate::{api, cloud, control, drain, faults, notice, pages, pkb, tally};

const LARGEST_BODY: usize = 1024 * 1024 * 1024;

/// The sandbox, bound to a port of the loopback address.
pub struct Server {
    listener: TcpListener,
    platform: Arc<Platform>,
}

impl Server {
    /// Takes the port; 0 takes any free one.
    pub async fn bind(config: Config, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let addresses = Addresses::at(format!("http://{}", listener.local_addr()?));
        Ok(Self {
            listener,
            platform: Arc::new(Platform::new(config, addresses)),
        })
    }

    /// What a client must be told to use this sandbox.
    #[must_use]
    pub fn announcement(&self) -> Announcement {
        Announcement::new(&self.platform)
    }

    /// Serves until the future is dropped.
    pub async fn run(self) -> io::Result<()> {
        let service = router(self.platform).into_make_service_with_connect_info::<Breaker>();
        axum::serve(Breakable(self.listener), service).await
    }
}

fn router(platform: Arc<Platform>) -> Router {
    Router::new()
        .merge(api::routes())
        .merge(cloud::routes())
        .merge(pages::routes())
        .merge(pkb::routes(Arc::clone(&platform.pkb)))
        .merge(control::routes())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&platform),
            faults::faults,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&platform),
            tally::tally,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&platform),
            notice::notice,
        ))
        .layer(middleware::from_fn(drain::drain))
        .with_state(platform)
}

async fn unknown(uri: Uri) -> Response {
    if uri.path().starts_with(Addresses::API) {
        ApiError::not_found("There is no such call").into_response()
    } else if uri.path().starts_with(Addresses::CLOUD) {
        CloudError::not_found("There is no such call").into_response()
    } else {
        pkb::unknown(uri.path()).unwrap_or_else(|| Problem::not_found().into_response())
    }
}
