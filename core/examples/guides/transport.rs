//! A test against a transport that refuses every request.

use std::env;
use std::error::Error;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::World;
use digime_sdk::digime::{Client, Config, ContractDetails, Failure, GetContractDetailsOptions};
use digime_sdk::transport::{Body, ResponseBody, Transport, TransportFailure};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use http::{Request, Response, StatusCode};

const REFUSAL: &[u8] = br#"{"error": {"code": "InvalidToken", "message": "The consent was withdrawn", "reference": "r"}}"#;

struct Refusing;

impl Transport for Refusing {
    fn send(
        &self,
        _: Request<Body>,
        _: Duration,
    ) -> BoxFuture<'_, Result<Response<ResponseBody>, TransportFailure>> {
        let body = stream::once(ready(Ok(Bytes::from_static(REFUSAL)))).boxed();
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::FORBIDDEN;
        Box::pin(ready(Ok(response)))
    }
}

/// In a test of yours this is a `#[tokio::test]`.
pub async fn a_withdrawn_consent_is_told() -> Result<(), Box<dyn Error>> {
    let mut world = World::real()?;
    world.transport = Arc::new(Refusing);
    let client = Client::in_world(Config::new("an-application".parse()?), world)?;

    let contract = ContractDetails::new(
        "a-contract".parse()?,
        env::var("DIGIME_PRIVATE_KEY")?.parse()?,
    );
    let options = GetContractDetailsOptions::builder()
        .contract_details(contract)
        .build();
    let refused = client.get_contract_details(options).await.err();
    let refused = refused.ok_or("it was not refused")?;
    assert!(
        matches!(Failure::of(&refused), Some(Failure::Server(said)) if said.code == "InvalidToken")
    );
    Ok(())
}
