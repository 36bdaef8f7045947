//! Tokens that a client uses without reading them again, where PKB does not take them any more.

use std::sync::Arc;

use digime_sdk::pkb::{Client, HttpMethod};
use futures_util::future::pending;
use serde_json::json;
use tokio::sync::Notify;

use super::cached_tokens::{LASTS, Linked, SELF, ask, config, counted, reads};
use super::closing::Hook;
use super::linked::{read, token};
use super::sandbox::{BOBBY, Pkb, shared};

#[tokio::test]
async fn a_token_that_pkb_refuses_is_read_again_and_the_one_that_another_has_stored_serves_from_then_on()
 {
    let linked = Linked::for_so_long(LASTS).await;
    let first = linked.token().await;
    linked.other_refreshes().await;
    assert_eq!(linked.token().await, first);
    read(&linked.pkb, &linked.client).await.unwrap();
    assert_eq!(linked.token().await, linked.others_token().await);
    reads(&linked.store);
    read(&linked.pkb, &linked.client).await.unwrap();
    assert_eq!(reads(&linked.store), 0);
    assert_eq!(linked.pkb.tally("refreshes").await, 1);
}

#[tokio::test]
async fn one_that_pkb_refuses_without_saying_why_is_not_used_again_either() {
    for (method, name) in [(HttpMethod::Get, "GET"), (HttpMethod::Post, "POST")] {
        let linked = Linked::for_so_long(LASTS).await;
        linked.token().await;
        linked.other_refreshes().await;
        let route = format!("{name} {SELF}");
        linked.pkb.fault(&route, json!({ "status": 403 }), 1).await;
        let answer = ask(&linked.client, method).await;
        // What is not only read is not sent twice.
        assert_eq!(answer.is_ok(), method == HttpMethod::Get);
        assert_eq!(linked.token().await, linked.others_token().await);
    }
}

#[tokio::test]
async fn one_that_pkb_refuses_although_it_is_new_is_not_used_again_either() {
    let pkb = Pkb::start().await;
    let (_, records) = shared();
    let (store, hook) = (counted(&records), Hook::new());
    let mut config = config(&pkb, &store, LASTS);
    config.on_tokens_changed = Some(hook.callback.clone());
    let client = Client::new(config).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    let call = {
        let client = client.clone();
        tokio::spawn(async move { ask(&client, HttpMethod::Get).await })
    };
    hook.entered.acquire().await.unwrap().forget();
    // Another call reads the new token while the application is told of it.
    token(&client).await.unwrap();
    let route = format!("GET {SELF}");
    pkb.fault(&route, json!({ "status": 401 }), 1).await;
    hook.may_go_on.add_permits(1);
    call.await.unwrap().unwrap_err();
    reads(&store);
    token(&client).await.unwrap();
    assert_eq!(reads(&store), 1);
}

#[tokio::test]
async fn one_whose_session_is_over_is_not_used_again_while_that_is_being_stored() {
    let linked = Linked::for_so_long(LASTS).await;
    linked.token().await;
    linked.pkb.turn("expire-sessions", json!({})).await;
    let storing = Arc::new(Notify::new());
    let begun = Arc::clone(&storing);
    *linked.store.happening.meanwhile.lock().unwrap() = Some(Box::pin(async move {
        begun.notify_one();
        pending::<()>().await;
    }));
    let call = {
        let client = linked.client.clone();
        tokio::spawn(async move { ask(&client, HttpMethod::Get).await })
    };
    storing.notified().await;
    reads(&linked.store);
    linked.token().await;
    assert_eq!(reads(&linked.store), 1);
    call.abort();
}
