//! How a user is connected: once, for the user who asked, however often and wherever the callback is loaded.

use digime_sdk::digime::{
    Client, CompleteConnectOptions, ConnectionChange, DisconnectOptions, Failure,
    GetReauthorizeUrlOptions, ImportConnectionOptions, LinkStatus, OnConflict, SourceType, Store,
};
use digime_sdk::{Document, Error};
use futures_util::future::join_all;
use serde_json::json;

use super::refreshing::listener;
use super::{
    CONTRACT, call, callback, client, complete, config, connect, connect_url, connection, failure,
    shared,
};
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with, read_contract};

fn reason(error: &Error) -> &'static str {
    match failure(error) {
        Failure::ConnectState { reason, .. } => reason,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_person_who_consents_is_connected_and_the_session_and_the_account_come_with_it() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let mut options = connect_url("user-1");
    options.context = Some(r#"{"page":"/next"}"#.parse::<Document>().unwrap());
    let sent = client.get_connect_url(options).await.unwrap();
    assert_eq!(connection(&client, "user-1").await, None);
    let back = sandbox.answer(sent.url.expose(), "accept").await;
    let completed = client
        .complete_connect(complete(back.as_str(), "user-1"))
        .await
        .unwrap();
    let connected = completed.connection;
    assert_eq!(connected.app_user_id, "user-1");
    assert_eq!(connected.contract_id, CONTRACT);
    assert_eq!(connected.status, LinkStatus::Active);
    assert!(connected.user_id.is_some() && connected.consent_id.is_some());
    assert!(connected.access_token_expires_at < connected.refresh_token_expires_at);
    assert_eq!(completed.session, sent.session);
    assert!(completed.account_reference.is_some());
    assert_eq!(completed.context.unwrap().text(), r#"{"page":"/next"}"#);
    assert_eq!(connection(&client, "user-1").await, Some(connected));
    call(&client, "user-1").await.unwrap();
}

#[tokio::test]
async fn a_callback_that_is_loaded_again_on_any_machine_gives_the_same_connection_of_one_exchange()
{
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let machines = [1, 2, 3].map(|_| client(&sandbox, store.clone()));
    let back = callback(&sandbox, &machines[0], "user-1").await;
    let loads = machines
        .iter()
        .cycle()
        .take(9)
        .map(|machine| machine.complete_connect(complete(&back, "user-1")));
    let completed: Vec<_> = join_all(loads).await;
    let first = &completed[0].as_ref().unwrap().connection;
    for again in &completed {
        assert_eq!(&again.as_ref().unwrap().connection, first);
    }
    assert_eq!(sandbox.granted("authorization_code").await, 1);
}

#[tokio::test]
async fn nobody_is_connected_by_the_callback_of_another_user() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let back = callback(&sandbox, &client, "user-1").await;
    let refused = client.complete_connect(complete(&back, "user-2")).await;
    assert_eq!(reason(&refused.unwrap_err()), "mismatch");
    assert_eq!(sandbox.granted("authorization_code").await, 0);
    client
        .complete_connect(complete(&back, "user-1"))
        .await
        .unwrap();
}

#[tokio::test]
async fn who_must_have_asked_is_said_before_anything_is_looked_at() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let back = callback(&sandbox, &client, "user-1").await;
    let options = |user: Option<&str>, any: Option<bool>| {
        CompleteConnectOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .callback_url(back.parse().unwrap())
            .maybe_app_user_id(user.map(|user| user.parse().unwrap()))
            .maybe_any_user(any)
            .build()
    };
    let neither = client.complete_connect(options(None, None)).await;
    let message = neither.unwrap_err().to_string();
    assert!(
        message.contains("options.appUserId: is missing"),
        "{message}"
    );
    let both = client.complete_connect(options(Some("user-1"), Some(true)));
    let message = both.await.unwrap_err().to_string();
    assert!(message.contains("options.anyUser"), "{message}");
    let any = client.complete_connect(options(None, Some(true))).await;
    assert_eq!(any.unwrap().connection.app_user_id, "user-1");
}

#[tokio::test]
async fn a_person_who_declines_is_told_of_by_the_code_that_they_came_back_with() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let sent = client.get_connect_url(connect_url("user-1")).await.unwrap();
    let back = sandbox.answer(sent.url.expose(), "decline").await;
    for _ in 0..2 {
        let denied = client
            .complete_connect(complete(back.as_str(), "user-1"))
            .await
            .unwrap_err();
        match failure(&denied) {
            Failure::ConnectDenied { error_code } => assert!(error_code.is_some()),
            other => panic!("{other}"),
        }
    }
    assert_eq!(connection(&client, "user-1").await, None);
}

#[tokio::test]
async fn a_callback_that_is_none_says_what_it_lacks() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    for (back, expected) in [
        ("/return?code=c&success=true", "missing"),
        ("/return?state=s&success=true", "missing"),
        ("/return?state=made-up&code=c&success=true", "unknown"),
        ("/return?state=made-up&success=false&errorCode=x", "unknown"),
    ] {
        let refused = client.complete_connect(complete(back, "user-1")).await;
        assert_eq!(reason(&refused.unwrap_err()), expected, "{back}");
    }
}

#[tokio::test]
async fn who_connects_again_keeps_one_library_and_the_newest_consent() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let first = connect(&sandbox, &client, "user-1").await.connection;
    let second = connect(&sandbox, &client, "user-1").await.connection;
    assert_eq!(first.user_id, second.user_id);
    assert_ne!(first.consent_id, second.consent_id);
    assert_eq!(connection(&client, "user-1").await, Some(second));
}

#[tokio::test]
async fn what_is_added_under_another_contract_goes_to_the_library_that_the_user_has() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let first = connect(&sandbox, &client, "user-1").await.connection;
    let mut options = connect_url("user-1");
    options.library_contract = Some(options.contract_details);
    options.contract_details = read_contract();
    let sent = client.get_connect_url(options).await.unwrap();
    let back = sandbox.answer(sent.url.expose(), "accept").await;
    let mut completing = complete(back.as_str(), "user-1");
    completing.contract_details = read_contract();
    let second = client
        .complete_connect(completing)
        .await
        .unwrap()
        .connection;
    assert_eq!(second.contract_id, "read");
    assert_eq!(second.user_id, first.user_id);
}

#[tokio::test]
async fn a_user_who_is_connected_to_another_persons_library_is_left_there_unless_it_is_to_be_replaced()
 {
    let sandbox = Sandbox::start().await;
    let (hook, heard) = listener();
    let mut listening = config(&sandbox, Store::Memory);
    listening.on_connection_change = Some(hook);
    let client = Client::new(listening).unwrap();
    // Two attempts that begin before either is completed: the platform makes a library for each.
    let first = callback(&sandbox, &client, "user-1").await;
    let second = callback(&sandbox, &client, "user-1").await;
    let first = client.complete_connect(complete(&first, "user-1")).await;
    let first = first.unwrap().connection;
    let refused = client.complete_connect(complete(&second, "user-1")).await;
    assert!(matches!(
        failure(&refused.unwrap_err()),
        Failure::ConnectionConflict
    ));
    assert_eq!(connection(&client, "user-1").await, Some(first.clone()));
    let mut replacing = complete(&second, "user-1");
    replacing.on_conflict = Some(OnConflict::Replace);
    let replaced = client.complete_connect(replacing).await.unwrap().connection;
    assert_ne!(replaced.user_id, first.user_id);
    assert_eq!(sandbox.granted("authorization_code").await, 2);
    let told = [ConnectionChange::Connected, ConnectionChange::Replaced];
    assert_eq!(*heard.lock().unwrap(), told);
}

#[tokio::test]
async fn a_connection_is_renewed_on_the_page_of_consent_and_completed_as_any_other() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let first = connect(&sandbox, &client, "user-1").await.connection;
    let options = || {
        GetReauthorizeUrlOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .callback("http://127.0.0.1/return".parse().unwrap())
            .app_user_id("user-1".parse().unwrap())
    };
    let given = client.get_reauthorize_url(options().state("mine").build());
    let message = given.await.unwrap_err().to_string();
    assert!(message.contains("options.state"), "{message}");
    let sent = client.get_reauthorize_url(options().build()).await.unwrap();
    assert!(sent.code_verifier.is_none());
    let back = sandbox.answer(sent.url.expose(), "accept").await;
    let renewed = client
        .complete_connect(complete(back.as_str(), "user-1"))
        .await
        .unwrap()
        .connection;
    assert_eq!(renewed.user_id, first.user_id);
    call(&client, "user-1").await.unwrap();
}

#[tokio::test]
async fn a_person_whose_token_the_platform_refuses_is_asked_all_the_same() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let first = connect(&sandbox, &client, "user-1").await.connection;
    sandbox.expire_access_tokens().await;
    // The clock says that it serves, and the platform that it does not: it is refreshed, and the library is the same.
    let second = connect(&sandbox, &client, "user-1").await.connection;
    assert_eq!(second.user_id, first.user_id);
    sandbox.expire_access_tokens().await;
    let over = json!({ "error": { "code": "InvalidGrant", "message": "no" } });
    sandbox
        .fault(
            "POST /v1.7/oauth/token",
            json!({ "status": 400, "body": over }),
            1,
        )
        .await;
    let third = connect(&sandbox, &client, "user-1").await.connection;
    assert_ne!(third.user_id, first.user_id);
    call(&client, "user-1").await.unwrap();
}

#[tokio::test]
async fn a_user_who_was_brought_in_without_the_persons_id_can_consent_again() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let (mut token, _) = sandbox.consent(&client, SourceType::Pull).await;
    token.user = None;
    let import = ImportConnectionOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .contract_id(CONTRACT.parse().unwrap())
        .user_access_token(token);
    client.import_connection(import.build()).await.unwrap();
    let again = connect(&sandbox, &client, "user-1").await.connection;
    assert!(again.user_id.is_some());
}

#[tokio::test]
async fn nothing_of_a_user_is_left_when_they_are_disconnected_attempts_included() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let client = client(&sandbox, store);
    let completed = callback(&sandbox, &client, "user-1").await;
    let pending = callback(&sandbox, &client, "user-1").await;
    let of_another = callback(&sandbox, &client, "user-2").await;
    let complete = |back: &str, user| client.complete_connect(complete(back, user));
    complete(&completed, "user-1").await.unwrap();
    let options = DisconnectOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .contract_id(CONTRACT.parse().unwrap());
    client.disconnect(options.build()).await.unwrap();
    for back in [&completed, &pending] {
        let gone = complete(back, "user-1").await.map(drop).unwrap_err();
        assert_eq!(reason(&gone), "unknown");
    }
    assert_eq!(sandbox.granted("authorization_code").await, 1);
    complete(&of_another, "user-2").await.unwrap();
}
