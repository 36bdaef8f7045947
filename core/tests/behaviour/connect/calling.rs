//! Calls for a user whose connection is kept: no token goes in, and none comes out.

use std::sync::{Arc, Mutex};

use super::{accounts_of, client, complete, connect, connect_url, shared};
use crate::push::receipt;
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with, read_contract};
use crate::scripted;
use digime_sdk::NonEmptyString;
use digime_sdk::digime::{
    Callback, CreateProvisionalStorageOptions, FileData, GetUserStorageOptions, PushDataOptions,
    PushDataToLibraryOptions, ReadAccountsOptions, ReadAllFilesOptions, ReadSessionOptions, Store,
    TokenHook,
};

#[tokio::test]
async fn a_whole_session_is_read_for_a_user_and_no_token_is_in_what_is_told_and_given() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let client = client(&sandbox, store);
    let mut connecting = connect_url("user-1");
    connecting.contract_details = read_contract();
    let sent = client.get_connect_url(connecting).await.unwrap();
    let back = sandbox.answer(sent.url.expose(), "accept").await;
    let mut completing = complete(back.as_str(), "user-1");
    completing.contract_details = read_contract();
    client.complete_connect(completing).await.unwrap();
    let options = ReadSessionOptions::builder()
        .contract_details(read_contract())
        .app_user_id("user-1".parse().unwrap());
    let read = client.read_session(options.build()).await.unwrap();
    assert_eq!(read.user_access_token, None);
    sandbox.expire_access_tokens().await;
    let told: Arc<Mutex<Vec<bool>>> = Arc::default();
    let tells = Arc::clone(&told);
    let on_file_data = Callback::new(move |event: FileData| {
        tells
            .lock()
            .unwrap()
            .push(event.user_access_token.is_none());
        std::future::ready(Ok(()))
    });
    let options = ReadAllFilesOptions::builder()
        .session_key(
            read.session
                .key
                .expose()
                .parse::<NonEmptyString>()
                .unwrap()
                .into(),
        )
        .contract_id(read_contract().contract_id)
        .private_key(read_contract().private_key)
        .app_user_id("user-1".parse().unwrap())
        .polling_interval(10)
        .on_file_data(on_file_data);
    let all = client.read_all_files(options.build()).await.unwrap();
    assert_eq!(all.user_access_token, None);
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), all.file_list.len());
    assert!(!told.is_empty() && told.iter().all(|is_absent| *is_absent));
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_push_for_a_user_whose_token_has_expired_arrives_once() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let client = client(&sandbox, store);
    connect(&sandbox, &client, "user-1").await;
    sandbox.expire_access_tokens().await;
    let options = PushDataToLibraryOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .app_user_id("user-1".parse().unwrap())
        .data(receipt("a receipt"))
        .build();
    client
        .push_data(PushDataOptions::Library(options))
        .await
        .unwrap();
    assert_eq!(sandbox.pushed().await.len(), 1);
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn the_storage_of_a_user_is_given_without_a_token() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let provisional = CreateProvisionalStorageOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .build();
    let storage = client
        .create_provisional_storage(provisional)
        .await
        .unwrap();
    let mut connecting = connect_url("user-1");
    connecting.storage_id = Some(storage.storage.id.clone());
    let sent = client.get_connect_url(connecting).await.unwrap();
    let back = sandbox.answer(sent.url.expose(), "accept").await;
    let completing = complete(back.as_str(), "user-1");
    client.complete_connect(completing).await.unwrap();
    sandbox.expire_access_tokens().await;
    let options = GetUserStorageOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .app_user_id("user-1".parse().unwrap());
    let given = client.get_user_storage(options.build()).await.unwrap();
    assert_eq!(given.user_access_token, None);
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_call_takes_a_token_or_a_user_and_neither_both_nor_none() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let hook = TokenHook::new(|_| std::future::ready(Ok(())));
    let with = |token: bool, user: bool, hook: Option<TokenHook>| {
        ReadAccountsOptions::builder()
            .contract_details(contract_with(CONTRACT_KEY))
            .maybe_user_access_token(token.then(|| scripted::token("access-1", "refresh-1")))
            .maybe_app_user_id(user.then(|| "user-1".parse().unwrap()))
            .maybe_on_access_token_change(hook)
            .build()
    };
    for (options, at) in [
        (with(true, true, None), "options.appUserId: cannot"),
        (
            with(false, false, None),
            "options.userAccessToken: is missing",
        ),
        (
            with(false, true, Some(hook)),
            "options.onAccessTokenChange: cannot",
        ),
    ] {
        let refused = client.read_accounts(options).await.unwrap_err();
        assert_eq!(refused.code(), "ERR_TYPE_VALIDATION");
        assert!(refused.to_string().contains(at), "{refused}");
    }
}

#[tokio::test]
async fn a_client_without_a_store_says_that_it_has_none() {
    let sandbox = Sandbox::start().await;
    let client = sandbox.client();
    let refused = client.read_accounts(accounts_of("user-1")).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), "ERR_TYPE_VALIDATION");
    assert!(
        refused.to_string().contains("config.store: is missing"),
        "{refused}"
    );
}
