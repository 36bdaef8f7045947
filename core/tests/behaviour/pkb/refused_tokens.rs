//! Tokens that PKB does not take any more, although nobody knew: others are had, and what was asked is asked once more.

use std::sync::Arc;

use digime_sdk::Error;
use digime_sdk::pkb::{ApiResponse, Client, Failure, HttpMethod, RequestOptions, Store};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::linked::read;
use super::sandbox::{BOBBY, Pkb, shared};
use crate::meanwhile::Meanwhile;

const SELF: &str = "/json/users/self";

fn ask(pkb: &Pkb, method: HttpMethod) -> RequestOptions {
    RequestOptions::builder()
        .org_public_id(pkb.announcement.pkb.system.org_public_id.parse().unwrap())
        .path(
            format!("/fhir/Patient/{}", pkb.public_id(BOBBY))
                .parse()
                .unwrap(),
        )
        .method(method)
        .build()
}

#[tokio::test]
async fn a_system_token_that_pkb_does_not_take_any_more_is_replaced_and_the_call_made_once_more() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let asked = async || client.request(ask(&pkb, HttpMethod::Get)).await;
    asked().await.unwrap();
    let mut tokens = 1;
    for (status, body) in [
        (401, json!(null)),
        (401, json!("BAD_AUTHENTICATION")),
        (403, json!("ACC_TOKEN_EXPIRED")),
        (403, json!({ "code": "API_SESSION_INVALID" })),
    ] {
        let route = "GET /fhir/Patient/{id}";
        pkb.fault(route, json!({ "status": status, "body": body }), 1)
            .await;
        asked().await.unwrap();
        tokens += 1;
        assert_eq!(pkb.tally("systemTokens").await, tokens, "{status} {body}");
    }
    // Refused twice, it is the caller's.
    pkb.fault("GET /fhir/Patient/{id}", json!({ "status": 401 }), 2)
        .await;
    asked().await.unwrap_err();
    // What is not about the token leaves it.
    pkb.fault(
        "GET /fhir/Patient/{id}",
        json!({ "status": 403, "body": "NO_CONSENT" }),
        1,
    )
    .await;
    asked().await.unwrap_err();
    asked().await.unwrap();
    assert_eq!(pkb.tally("systemTokens").await, tokens + 1);
}

/// A client whose first requests for the user, so many, leave with a token which another process replaces meanwhile; the last time by one that may
/// have expired by then, too.
async fn overtaken_client(pkb: &Arc<Pkb>, times: usize, expires_again: bool) -> Client {
    let (store, _) = shared();
    let other = Arc::new(Client::new(pkb.config(store.clone())).unwrap());
    pkb.link(&other, "user-1", BOBBY).await;
    let happens = |left: usize| -> BoxFuture<'static, ()> {
        let (elsewhere, other) = (Arc::clone(pkb), Arc::clone(&other));
        Box::pin(async move {
            elsewhere.expire_access_tokens().await;
            read(&elsewhere, &other).await.unwrap();
            if left == 0 && expires_again {
                elsewhere.expire_access_tokens().await;
            }
        })
    };
    let world = Meanwhile::of(SELF, (0..times).map(happens).collect());
    Client::in_world(pkb.config(store), world).unwrap()
}

/// How a call fares that leaves with a token which another process replaces meanwhile, where the server then says 403 so often.
async fn overtaken(method: HttpMethod, refusals: u32) -> Result<ApiResponse, Error> {
    let pkb = Arc::new(Pkb::start().await);
    let client = overtaken_client(&pkb, 1, false).await;
    let name = if method == HttpMethod::Get {
        "GET"
    } else {
        "POST"
    };
    pkb.fault(
        &format!("{name} {SELF}"),
        json!({ "status": 403 }),
        refusals,
    )
    .await;
    client.request(ask_for_self(method)).await
}

fn ask_for_self(method: HttpMethod) -> RequestOptions {
    RequestOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .path(SELF.parse().unwrap())
        .method(method)
        .build()
}

#[tokio::test]
async fn a_read_that_is_overtaken_by_a_refresh_and_refused_is_made_once_more_with_the_newer_token()
{
    overtaken(HttpMethod::Get, 1).await.unwrap();
    let error = overtaken(HttpMethod::Get, 2).await.unwrap_err();
    assert!(
        !matches!(Failure::of(&error), Some(Failure::LinkExpired { .. })),
        "{error}"
    );
    overtaken(HttpMethod::Post, 1).await.unwrap_err();
}

#[tokio::test]
async fn a_call_whose_token_another_has_replaced_refreshes_itself_where_that_one_has_expired_too() {
    let pkb = Arc::new(Pkb::start().await);
    let client = overtaken_client(&pkb, 1, true).await;
    let asked = async || client.request(ask_for_self(HttpMethod::Get)).await;
    let refreshes = pkb.tally("refreshes").await;
    asked().await.unwrap();
    assert_eq!(pkb.tally("refreshes").await, refreshes + 2);
    // One refresh of its own is all: what is refused then is the caller's.
    pkb.fault(&format!("GET {SELF}"), json!({ "status": 401 }), 3)
        .await;
    asked().await.unwrap_err();
    assert_eq!(pkb.tally("refreshes").await, refreshes + 3);
    // The third refusal was not used up.
    asked().await.unwrap();
    assert_eq!(pkb.tally("refreshes").await, refreshes + 4);
}

#[tokio::test]
async fn a_call_refreshes_itself_however_often_others_have_replaced_its_token_before() {
    let pkb = Arc::new(Pkb::start().await);
    let client = overtaken_client(&pkb, 4, true).await;
    let refreshes = pkb.tally("refreshes").await;
    let asked = client.request(ask_for_self(HttpMethod::Get)).await;
    asked.unwrap();
    assert_eq!(pkb.tally("refreshes").await, refreshes + 5);
}

#[tokio::test]
async fn a_read_that_is_refused_with_the_token_that_is_stored_is_made_once() {
    let pkb = Pkb::start().await;
    let client = Client::new(pkb.config(Store::Memory)).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.fault(&format!("GET {SELF}"), json!({ "status": 403 }), 1)
        .await;
    let asked = client.request(ask_for_self(HttpMethod::Get)).await;
    asked.unwrap_err();
}
