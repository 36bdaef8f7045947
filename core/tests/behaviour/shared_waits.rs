//! What several calls wait for together: each as long as it may take itself.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use digime_sdk::digime::{Client, GetAuthorizeUrlOptions, TimeoutOptions};
use digime_sdk::transport::{Body, ResponseBody, Transport, TransportFailure};
use digime_sdk::world::Clock;
use digime_sdk::{ErrorKind, World};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use serde_json::json;

use crate::scripted::{TestClock, contract};

const ORIGIN: &str = "https://api.digime.invalid";

/// A network in which the key set never comes.
struct WithoutKeys;

impl Transport for WithoutKeys {
    fn send(
        &self,
        request: http::Request<Body>,
        _: Duration,
    ) -> BoxFuture<'_, Result<http::Response<ResponseBody>, TransportFailure>> {
        Box::pin(async move {
            if request.uri().path().ends_with("jwks") {
                std::future::pending::<()>().await;
            }
            let header =
                json!({ "alg": "PS512", "jku": format!("{ORIGIN}/v1.7/jwks"), "kid": "k" });
            let part = URL_SAFE_NO_PAD.encode(header.to_string());
            let session = json!({ "key": "session", "expiry": 0 });
            let answer = json!({ "token": format!("{part}.e30.c2ln"), "session": session });
            let body = stream::iter([Ok(Bytes::from(answer.to_string()))]).boxed();
            Ok(http::Response::new(body))
        })
    }
}

fn options() -> GetAuthorizeUrlOptions {
    GetAuthorizeUrlOptions::builder()
        .contract_details(contract())
        .callback("https://app.example/return".parse().unwrap())
        .state("state".to_owned())
        .build()
}

/// Two calls that wait for one key set, of which the one that has begun to ask for it may take so long, and the other so long; which of them
/// end within two seconds.
async fn within_two_seconds(first: u64, second: u64) -> [bool; 2] {
    let clock = TestClock::new();
    let world = World {
        transport: Arc::new(WithoutKeys),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        ..World::real().unwrap()
    };
    let mut config = digime_sdk::digime::Config::new("test-application-id".parse().unwrap());
    config.base_url = Some(format!("{ORIGIN}/v1.7/"));
    let client = Client::in_world(config, world).unwrap();
    let [first, second] = [first, second].map(|call| {
        client.with_timeouts(&TimeoutOptions {
            call: Some(call),
            ..TimeoutOptions::default()
        })
    });
    let mut first = pin!(first.get_authorize_url(options()));
    let mut second = pin!(second.get_authorize_url(options()));
    // None has anything to wait for but the key set.
    assert!(first.as_mut().now_or_never().is_none());
    for _ in 0..100 {
        tokio::task::yield_now().await;
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
    }
    clock.advance(Duration::from_secs(2));
    let mut ended = [false; 2];
    for _ in 0..100 {
        tokio::task::yield_now().await;
        for (place, outcome) in [
            (
                0,
                (!ended[0]).then(|| first.as_mut().now_or_never()).flatten(),
            ),
            (
                1,
                (!ended[1])
                    .then(|| second.as_mut().now_or_never())
                    .flatten(),
            ),
        ] {
            if let Some(outcome) = outcome {
                let error = outcome.unwrap_err();
                assert!(
                    matches!(error.kind(), ErrorKind::Timeout { phase: "call", .. }),
                    "{error}"
                );
                ended[place] = true;
            }
        }
    }
    ended
}

#[tokio::test]
async fn a_call_waits_no_longer_for_a_key_set_that_another_has_asked_for_than_it_may_take() {
    assert_eq!(within_two_seconds(60_000, 1_000).await, [false, true]);
}

#[tokio::test]
async fn a_call_goes_on_waiting_for_a_key_set_when_the_time_of_who_has_asked_for_it_is_over() {
    assert_eq!(within_two_seconds(1_000, 60_000).await, [true, false]);
}
