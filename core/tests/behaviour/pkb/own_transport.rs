//! What is good once, by a transport of the application's own: it leaves in time or not at all, and is not lost with the call.

use std::sync::Arc;
use std::time::Duration;

use digime_sdk::binding::{self, BrokenOff, Call, Exchange, Step, Value};
use digime_sdk::connections::LinkStatus;
use digime_sdk::pkb::Client;
use digime_sdk::transport::{Body, HttpTransport, Sent, Transport};
use futures_util::{StreamExt, stream};
use serde_json::json;

use super::linked::{read, status};
use super::sandbox::{BOBBY, Pkb, at, shared};
use crate::clock::TestClock;
use crate::skin::{carried, failure, going_on, start, text_at, value};

/// Carries a request over the real network.
async fn carry(exchange: Exchange) {
    let exchange = Arc::new(exchange);
    let mut request = http::Request::builder()
        .method(exchange.method())
        .uri(exchange.url());
    for (name, value) in exchange.headers() {
        request = request.header(name, value);
    }
    let body = exchange.body().map_or(Body::Empty, |body| Body::Stream {
        length: body.length,
        chunks: stream::unfold(Arc::clone(&exchange), |exchange| async move {
            let chunk = exchange
                .chunk()
                .await
                .map_err(|BrokenOff| std::io::Error::other("broken off"));
            Some((chunk.transpose()?, exchange))
        })
        .boxed(),
    });
    let network = HttpTransport::new().unwrap();
    let sent = network
        .send(request.body(body).unwrap(), Duration::from_secs(5))
        .await;
    let Ok(answer) = sent else {
        return exchange.fail(None, Sent::Maybe);
    };
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| json!([name.as_str(), value.to_str().unwrap()]));
    let headers = headers.collect::<Vec<_>>();
    exchange.answer(&value(
        json!({ "status": answer.status().as_u16(), "headers": headers }),
    ));
    let mut body = answer.into_body();
    while let Some(chunk) = body.next().await {
        exchange.give(Value::Bytes(chunk.unwrap())).await;
    }
    exchange.end();
}

/// Carries what there is to carry as long as there is something, unless the test does so itself.
async fn carry_all(call: Arc<Call>) {
    while let Some(exchange) = call.exchange().await {
        tokio::spawn(carry(exchange));
    }
}

/// A user whose access token has expired, and two clients: one over the network, and one whose requests are carried.
async fn expired(clock: &Arc<TestClock>) -> (Pkb, Client, binding::Client) {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let direct = at(pkb.config(store.clone()), clock);
    pkb.link(&direct, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let own = Client::in_world(pkb.config(store), carried(clock)).unwrap();
    (pkb, direct, binding::Client::Pkb(own))
}

fn reading(pkb: &Pkb, client: &binding::Client) -> Arc<Call> {
    let id = pkb.public_id(BOBBY);
    let options = json!({ "appUserId": "user-1", "resourceType": "Patient", "id": id });
    start(client, "fhirRead", value(options))
}

/// The request for new tokens, after that which was refused.
async fn refresh_of(call: &Arc<Call>) -> Exchange {
    carry(call.exchange().await.unwrap()).await;
    let refresh = call.exchange().await.unwrap();
    assert!(
        refresh.url().ends_with("/apiToken.action"),
        "{}",
        refresh.url()
    );
    let body = refresh.body().unwrap();
    assert!(body.length.is_some() && !body.may_be_read_ahead, "{body:?}");
    refresh
}

#[tokio::test]
async fn a_link_is_refreshed_and_read_through_a_transport_of_ones_own() {
    let (pkb, _, own) = expired(&TestClock::new()).await;
    let call = reading(&pkb, &own);
    tokio::spawn(carry_all(Arc::clone(&call)));
    assert!(matches!(going_on(&call).await.unwrap(), Step::Done(_)));
    assert_eq!(pkb.tally("refreshes").await, 1);
}

#[tokio::test]
async fn what_is_asked_for_too_late_is_withheld_and_spends_nothing() {
    let clock = TestClock::new();
    let (pkb, direct, own) = expired(&clock).await;
    let call = reading(&pkb, &own);
    let going_on = going_on(&call);
    let refresh = refresh_of(&call).await;
    // A third of the lease.
    clock.advance(Duration::from_secs(10));
    assert_eq!(refresh.chunk().await, Err(BrokenOff));
    refresh.fail(None, Sent::Maybe);
    // The lease is taken anew, and serves.
    tokio::spawn(carry_all(Arc::clone(&call)));
    assert!(matches!(going_on.await.unwrap(), Step::Done(_)));
    assert_eq!(status(&direct).await, LinkStatus::Active);
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn a_refresh_of_whose_body_nothing_was_taken_has_spent_nothing() {
    let (pkb, direct, own) = expired(&TestClock::new()).await;
    let call = reading(&pkb, &own);
    let going_on = going_on(&call);
    refresh_of(&call)
        .await
        .fail(Some("ECONNREFUSED"), Sent::Maybe);
    let error = failure(going_on.await.unwrap());
    assert_eq!(text_at(&error, &["fields", "sent"]), "nothing");
    assert_eq!(status(&direct).await, LinkStatus::Active);
}

#[tokio::test]
async fn a_refresh_whose_body_was_taken_is_uncertain_when_it_fails() {
    let (pkb, direct, own) = expired(&TestClock::new()).await;
    let call = reading(&pkb, &own);
    let going_on = going_on(&call);
    let refresh = refresh_of(&call).await;
    let body = refresh.chunk().await.unwrap().unwrap_or_default();
    assert!(body.starts_with(b"grant_type=refresh_token"), "{body:?}");
    refresh.fail(Some("ECONNRESET"), Sent::Maybe);
    let error = failure(going_on.await.unwrap());
    assert_eq!(text_at(&error, &["fields", "sent"]), "maybe");
    assert_eq!(status(&direct).await, LinkStatus::Uncertain);
}

#[tokio::test]
async fn a_refresh_is_carried_on_when_its_call_is_closed_and_its_pair_is_stored() {
    let (pkb, direct, own) = expired(&TestClock::new()).await;
    let call = reading(&pkb, &own);
    let stepping = going_on(&call);
    let refresh = refresh_of(&call).await;
    call.close();
    assert!(!refresh.is_over());
    carry(refresh).await;
    assert!(call.exchange().await.is_none());
    assert!(matches!(stepping.await.unwrap(), Step::Closed));
    // The pair that it brought serves others.
    read(&pkb, &direct).await.unwrap();
    assert_eq!(
        (pkb.tally("refreshes").await, pkb.tally("reuses").await),
        (1, 0)
    );
}

#[tokio::test]
async fn a_request_that_was_given_up_before_anybody_took_it_is_not_handed_over() {
    let clock = TestClock::new();
    let (pkb, _, own) = expired(&clock).await;
    let call = reading(&pkb, &own);
    let first = going_on(&call);
    tokio::task::yield_now().await;
    clock.advance(Duration::from_mins(3));
    let error = failure(first.await.unwrap());
    assert_eq!(text_at(&error, &["class"]), "TimeoutError");
    assert!(call.exchange().await.is_none());
}
