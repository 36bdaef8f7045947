//! Searches whose pages lead astray: what is there is given, and what is not is said.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use digime_sdk::pkb::{
    Client, Config, Endpoints, Environment, FhirSearchOptions, SearchPages, SurfaceEndpoint,
    SystemClient,
};
use digime_sdk::transport::{Body, ResponseBody, Transport, TransportFailure};
use digime_sdk::{NonEmptyString, World};
use futures_util::future::BoxFuture;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use super::sandbox::{BOBBY, Pkb};

/// A FHIR server that says after each page, known by its query, where the next is; and that gives every System Client a token.
struct Bundles<F>(F);

impl<F: Fn(&str) -> Value + Send + Sync> Transport for Bundles<F> {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        let answer = if request.method() == http::Method::POST {
            json!({ "access_token": "system", "expires_in": 3600 })
        } else {
            let next = (self.0)(request.uri().query().unwrap_or_default());
            json!({ "resourceType": "Bundle", "link": [{ "relation": "next", "url": next }] })
        };
        let body = ready(Ok(Bytes::from(answer.to_string())));
        Box::pin(ready(Ok(http::Response::new(stream::once(body).boxed()))))
    }
}

fn pages(next: impl Fn(&str) -> Value + Send + Sync + 'static) -> SearchPages {
    pages_of(next, |_| {})
}

fn pages_of(
    next: impl Fn(&str) -> Value + Send + Sync + 'static,
    configure: impl FnOnce(&mut Config),
) -> SearchPages {
    let system = SystemClient::builder()
        .client_id("system".parse().unwrap())
        .client_secret("secret".parse::<NonEmptyString>().unwrap().into())
        .build();
    let endpoints = Endpoints::builder()
        .base_url("http://127.0.0.1:1")
        .facade(
            SurfaceEndpoint::builder()
                .token_url("http://127.0.0.1:1/token")
                .build(),
        )
        .build();
    let mut config = Config::builder()
        .client_id("client".parse().unwrap())
        .redirect_uri("http://127.0.0.1/return".parse().unwrap())
        .environment(Environment::Sandbox)
        .endpoints(endpoints)
        .system_client(system)
        .build();
    configure(&mut config);
    let world = World {
        transport: Arc::new(Bundles(next)),
        ..World::real().unwrap()
    };
    let options = FhirSearchOptions::builder()
        .org_public_id("organisation".parse().unwrap())
        .resource_type("Questionnaire".parse().unwrap())
        .build();
    Client::in_world(config, world)
        .unwrap()
        .search(options)
        .unwrap()
}

/// The page of a query of the form `page=1`.
fn number(query: &str) -> u32 {
    query
        .strip_prefix("page=")
        .map_or(0, |page| page.parse().unwrap())
}

#[tokio::test]
async fn a_page_that_is_there_is_given_before_it_is_said_that_the_next_cannot_be() {
    for (next, expected) in [
        (
            json!("https://elsewhere.example/fhir/Questionnaire"),
            "another host",
        ),
        (json!("/fhir/Questionnaire"), "came before"),
        (json!("/fhir/Questionnaire#again"), "came before"),
        (json!("http://["), "no address"),
        (json!(5), "no address"),
        (json!(null), "no address"),
    ] {
        let given = next.clone();
        let mut pages = pages(move |_| given.clone());
        assert!(pages.next().await.unwrap().is_some(), "{next}");
        for _ in 0..2 {
            let error = pages.next().await.unwrap_err();
            assert!(error.to_string().contains(expected), "{next}: {error}");
        }
    }
}

#[tokio::test]
async fn a_search_goes_on_at_another_host_where_the_configuration_trusts_its_origin() {
    let next = |query: &str| match number(query) {
        0 => json!("https://elsewhere.example/fhir/Questionnaire?page=2"),
        _ => json!("https://third.example/fhir/Questionnaire"),
    };
    let mut pages = pages_of(next, |config| {
        config.trusted_origins = Some(vec!["https://elsewhere.example".to_owned()]);
    });
    for _ in 0..2 {
        assert!(pages.next().await.unwrap().is_some());
    }
    let error = pages.next().await.unwrap_err();
    assert!(error.to_string().contains("another host"), "{error}");
}

#[tokio::test]
async fn a_circle_of_pages_is_seen_however_long_it_is() {
    let next = |query: &str| {
        json!(format!(
            "/fhir/Questionnaire?page={}",
            number(query) % 300 + 1
        ))
    };
    let mut pages = pages(next);
    for _ in 0..301 {
        assert!(pages.next().await.unwrap().is_some());
    }
    let error = pages.next().await.unwrap_err();
    assert!(error.to_string().contains("came before"), "{error}");
}

#[tokio::test]
async fn a_search_has_ten_thousand_pages_at_most() {
    let next = |query: &str| json!(format!("/fhir/Questionnaire?page={}", number(query) + 1));
    let mut pages = pages(next);
    for _ in 0..10_000 {
        assert!(pages.next().await.unwrap().is_some());
    }
    let error = pages.next().await.unwrap_err();
    assert!(error.to_string().contains("more than 10,000"), "{error}");
}

#[tokio::test]
async fn a_page_that_could_not_be_had_can_be_asked_for_again() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let patient = [
        ("patient", pkb.public_id(BOBBY)),
        ("category", "vital-signs"),
    ];
    let options = FhirSearchOptions::builder()
        .org_public_id(pkb.announcement.pkb.system.org_public_id.parse().unwrap())
        .resource_type("Observation".parse().unwrap())
        .parameters(patient.into_iter().collect())
        .build();
    let mut pages = client.search(options).unwrap();
    assert!(pages.next().await.unwrap().is_some());
    pkb.fault("GET /fhir/Observation", json!({ "status": 400 }), 1)
        .await;
    pages.next().await.unwrap_err();
    assert!(pages.next().await.unwrap().is_some());
}
