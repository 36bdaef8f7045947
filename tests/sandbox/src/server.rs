//! Binding, the routers with their layers, and serving.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request};
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
use crate::pkb::CustomerAddresses;
use crate::route::Surface;
use crate::state::Platform;
use crate::{api, cloud, control, drain, faults, notice, pages, pkb, tally};

const LARGEST_BODY: usize = 1024 * 1024 * 1024;

/// The sandbox, bound to ports of the loopback address.
pub struct Server {
    listener: TcpListener,
    /// Of Patients Know Best: the token endpoint for the other two, Aggregated, and Customer.
    apart: [TcpListener; 3],
    platform: Arc<Platform>,
}

impl Server {
    /// Takes the port, and those that the settings of Patients Know Best say; 0 takes any free one.
    pub async fn bind(config: Config, port: u16) -> io::Result<Self> {
        let listener = at(port).await?;
        let first = config.pkb.settings.customer_port;
        let next = |by| {
            if first == 0 {
                0
            } else {
                first.saturating_add(by)
            }
        };
        let apart = [at(first).await?, at(next(1)).await?, at(next(2)).await?];
        let [token, aggregated, customer] = &apart;
        let customer =
            CustomerAddresses::at(&origin(token)?, &origin(aggregated)?, &origin(customer)?);
        let addresses = Addresses::at(origin(&listener)?);
        Ok(Self {
            listener,
            apart,
            platform: Arc::new(Platform::new(config, addresses, customer)),
        })
    }

    /// What a client must be told to use this sandbox.
    #[must_use]
    pub fn announcement(&self) -> Announcement {
        Announcement::new(&self.platform)
    }

    /// Serves until the future is dropped.
    pub async fn run(self) -> io::Result<()> {
        let Self {
            listener,
            apart,
            platform,
        } = self;
        let [token, aggregated, customer] = apart;
        let pkb = || Arc::clone(&platform.pkb);
        tokio::try_join!(
            serve(listener, router(&platform)),
            serve(token, layered(pkb::customer_token_routes(pkb()), &platform)),
            serve(
                aggregated,
                named(
                    "aggregated",
                    layered(pkb::aggregated_routes(pkb()), &platform)
                ),
            ),
            serve(
                customer,
                named("customer", layered(pkb::customer_routes(pkb()), &platform)),
            ),
        )?;
        Ok(())
    }
}

async fn at(port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.map_err(|error| io::Error::new(error.kind(), format!("port {port}: {error}")))
}

fn origin(listener: &TcpListener) -> io::Result<String> {
    Ok(format!("http://{}", listener.local_addr()?))
}

async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<Breaker>();
    axum::serve(Breakable(listener), service).await
}

fn router(platform: &Arc<Platform>) -> Router {
    let routes = Router::new()
        .merge(api::routes())
        .merge(cloud::routes())
        .merge(pages::routes())
        .merge(pkb::routes(Arc::clone(&platform.pkb)))
        .merge(control::routes())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown);
    layered(routes, platform)
}

/// What holds at every address.
fn layered(routes: Router<Arc<Platform>>, platform: &Arc<Platform>) -> Router {
    routes
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(
            Arc::clone(platform),
            faults::faults,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(platform),
            tally::tally,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(platform),
            notice::notice,
        ))
        .layer(middleware::from_fn(drain::drain))
        .with_state(Arc::clone(platform))
}

/// The same where the names of calls begin with that of their surface.
fn named(surface: &'static str, router: Router) -> Router {
    router.layer(middleware::map_request(
        move |mut request: Request| async move {
            request.extensions_mut().insert(Surface(surface));
            request
        },
    ))
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
