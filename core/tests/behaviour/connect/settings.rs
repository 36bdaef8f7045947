//! Where connections are kept: in any store, under a key, and beside the links of another platform and the connections under other contracts.

use std::sync::{Arc, Mutex};

use digime_sdk::Error;
use digime_sdk::connections::{LinkStore, PostgresStore, SqliteStore};
use digime_sdk::digime::{
    Callback, CheckOptions, Client, CloseOptions, Config, Connection, ExportConnectionOptions,
    ImportConnectionOptions, LinkStatus, ListConnectionsOptions, RotateKeysOptions, SourceType,
    Store, UserAccessToken,
};

use super::{CONTRACT, call, client, config, connect, connection, shared};
use crate::pkb::store::{postgres, schema};
use crate::sandbox::Sandbox;

const OTHER_KEY: &str = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=";

/// Opens a store, as each process does.
type Opens = Box<dyn Fn() -> Arc<dyn LinkStore>>;

#[tokio::test]
async fn connections_are_kept_in_every_store_and_found_there_by_another_client() {
    let sandbox = Sandbox::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("connections.db");
    let schema = schema();
    let stores: [(_, Opens); 2] = [
        (
            "SQLite",
            Box::new(move || Arc::new(SqliteStore::new(file.clone()))),
        ),
        (
            "PostgreSQL",
            Box::new(move || Arc::new(PostgresStore::new(&postgres(), Some(&schema)).unwrap())),
        ),
    ];
    for (name, open) in stores {
        let first = client(&sandbox, Store::Own(open()));
        connect(&sandbox, &first, "user-1").await;
        let second = client(&sandbox, Store::Own(open()));
        call(&second, "user-1")
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(connection(&second, "user-2").await, None);
    }
}

#[tokio::test]
async fn two_users_may_be_connected_to_one_library() {
    let sandbox = Sandbox::start().await;
    let (store, records) = shared();
    let client = client(&sandbox, store);
    let first = connect(&sandbox, &client, "user-1").await.connection;
    let platform = format!("digime:{}:{CONTRACT}", sandbox.announcement.application_id);
    let mut record = records
        .links_after(&platform, "", 1)
        .await
        .unwrap()
        .remove(0);
    assert!(record.shares_public_id);
    assert_eq!(Some(&record.public_id), first.user_id.as_ref());
    record.app_user_id = "user-2".to_owned();
    assert!(records.put_link(&record, None).await.unwrap());
}

fn refused(change: impl FnOnce(&mut Config), sandbox: &Sandbox) -> Error {
    let mut config = sandbox.config();
    change(&mut config);
    Client::new(config).map(drop).unwrap_err()
}

#[tokio::test]
async fn settings_that_keep_nothing_are_refused_at_once() {
    let sandbox = Sandbox::start().await;
    let file = || Store::Sqlite("connections.db".into());
    for (error, at) in [
        (
            refused(|config| config.store = Some(file()), &sandbox),
            "config.encryptionKey: is missing",
        ),
        (
            refused(
                |config| config.encryption_key = Some(OTHER_KEY.into()),
                &sandbox,
            ),
            "config.encryptionKey: has no meaning without store",
        ),
        (
            refused(|config| config.cache_tokens_for = Some(1), &sandbox),
            "config.cacheTokensFor: has no meaning without store",
        ),
        (
            refused(
                |config| {
                    config.store = Some(Store::Memory);
                    config.refresh_lease = Some(10);
                },
                &sandbox,
            ),
            "config.refreshLease",
        ),
    ] {
        assert!(error.to_string().contains(at), "{error}");
    }
}

#[tokio::test]
async fn keys_are_rotated_for_the_connections_under_a_contract() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let before = client(&sandbox, store.clone());
    for user in ["user-1", "user-2", "user-3"] {
        connect(&sandbox, &before, user).await;
    }
    let mut rotating = config(&sandbox, store.clone());
    rotating.previous_encryption_keys = rotating.encryption_key.take().map(|key| vec![key]);
    rotating.encryption_key = Some(OTHER_KEY.into());
    let rotating = Client::new(rotating).unwrap();
    let options = || {
        RotateKeysOptions::builder()
            .contract_id(CONTRACT.parse().unwrap())
            .build()
    };
    let rotated = rotating.rotate_keys(options()).await.unwrap();
    assert_eq!((rotated.connections, rotated.resealed), (3, 3));
    assert!(rotated.failed.is_empty());
    let again = rotating.rotate_keys(options()).await.unwrap();
    assert_eq!((again.connections, again.resealed), (3, 0));
    let mut after = config(&sandbox, store);
    after.encryption_key = Some(OTHER_KEY.into());
    call(&Client::new(after).unwrap(), "user-2").await.unwrap();
}

fn import(user: &str, token: UserAccessToken) -> ImportConnectionOptions {
    ImportConnectionOptions::builder()
        .app_user_id(user.parse().unwrap())
        .contract_id(CONTRACT.parse().unwrap())
        .user_access_token(token)
        .build()
}

#[tokio::test]
async fn a_token_that_the_application_kept_is_brought_in_once_and_taken_out_as_it_is_then() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    let first = client.import_connection(import("user-1", token.clone()));
    let first = first.await.unwrap();
    assert_eq!(first.user_id, token.user.as_ref().unwrap().id);
    sandbox.expire_access_tokens().await;
    call(&client, "user-1").await.unwrap();
    // The old token comes once more: the newer one stays.
    let again = client.import_connection(import("user-1", token.clone()));
    assert!(again.await.unwrap().refreshed_at >= first.refreshed_at);
    let export = ExportConnectionOptions::builder()
        .app_user_id("user-1".parse().unwrap())
        .contract_id(CONTRACT.parse().unwrap());
    let exported = client.export_connection(export.build()).await.unwrap();
    assert_ne!(exported, token);
    assert_eq!(exported.user, token.user);
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 1);
}

#[tokio::test]
async fn a_token_without_what_it_takes_to_keep_it_is_not_brought_in() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let token = || crate::scripted::token("access-1", "refresh-1");
    let mut endless = token();
    endless.access_token.expiry = 0;
    let mut spent = token();
    spent.refresh_token.value = "".into();
    for (token, at) in [
        (endless, "options.userAccessToken.accessToken.expiry"),
        (spent, "options.userAccessToken.refreshToken.value"),
    ] {
        let refused = client.import_connection(import("user-1", token)).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(at), "{refused}");
    }
    assert_eq!(connection(&client, "user-1").await, None);
}

#[tokio::test]
async fn connections_are_listed_in_order_by_how_they_stand_and_from_where_a_list_was_left() {
    let sandbox = Sandbox::start().await;
    let (store, records) = shared();
    let client = client(&sandbox, store);
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    // More than one page of the store.
    let users: Vec<String> = (0..250).map(|number| format!("user-{number:03}")).collect();
    for user in &users {
        let imported = client.import_connection(import(user, token.clone()));
        imported.await.unwrap();
    }
    let platform = format!("digime:{}:{CONTRACT}", sandbox.announcement.application_id);
    let mut over = records
        .links_after(&platform, "user-006", 1)
        .await
        .unwrap()
        .remove(0);
    over.status = LinkStatus::Expired;
    over.sealed = "1.unreadable".to_owned();
    over.version += 1;
    let version = over.version - 1;
    assert!(records.put_link(&over, Some(version)).await.unwrap());
    assert_eq!(listed(&client, |_| {}).await, users);
    let over = listed(&client, |options| {
        options.status = Some(LinkStatus::Expired);
    })
    .await;
    assert_eq!(over, ["user-007"]);
    let rest = listed(&client, |options| {
        options.after = Some("user-247".to_owned());
    })
    .await;
    assert_eq!(rest, ["user-248", "user-249"]);
    let old = listed(&client, |options| options.refreshed_before = Some(1)).await;
    assert!(old.is_empty());
}

async fn listed(client: &Client, change: impl FnOnce(&mut ListConnectionsOptions)) -> Vec<String> {
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let tells = Arc::clone(&told);
    let hook = Callback::new(move |connection: Connection| {
        tells.lock().unwrap().push(connection.app_user_id);
        std::future::ready(Ok(()))
    });
    let mut options = ListConnectionsOptions::builder()
        .contract_id(CONTRACT.parse().unwrap())
        .on_connection(hook)
        .build();
    change(&mut options);
    client.list_connections(options).await.unwrap();
    told.lock().unwrap().clone()
}

#[tokio::test]
async fn a_file_that_several_clients_have_used_is_let_go_of_when_the_last_of_them_is_closed() {
    let sandbox = Sandbox::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("connections.db");
    let clients = [1, 2, 3].map(|_| client(&sandbox, Store::Sqlite(file.clone())));
    connect(&sandbox, &clients[0], "user-1").await;
    for client in &clients[1..] {
        call(client, "user-1").await.unwrap();
    }
    for client in &clients {
        client.close(CloseOptions::default()).await.unwrap();
    }
    // Another file of that name may take its place.
    for left in std::fs::read_dir(&folder).unwrap() {
        std::fs::remove_file(left.unwrap().path()).unwrap();
    }
    let another = client(&sandbox, Store::Sqlite(file));
    connect(&sandbox, &another, "user-1").await;
    drop(clients);
}

#[tokio::test]
async fn a_client_says_whether_its_store_and_its_key_are_there() {
    let sandbox = Sandbox::start().await;
    let (store, _) = shared();
    let ready = client(&sandbox, store.clone());
    connect(&sandbox, &ready, "user-1").await;
    let mut keyless = config(&sandbox, store);
    keyless.encryption_key = Some(OTHER_KEY.into());
    let folder = tempfile::tempdir().unwrap();
    let nowhere = Store::Sqlite(folder.path().join("nowhere/connections.db"));
    for (client, finding) in [
        (ready, None),
        (Client::new(keyless).unwrap(), Some("encryptionKey")),
        (client(&sandbox, nowhere), Some("store")),
    ] {
        let options = CheckOptions::builder().contract_id(CONTRACT.parse().unwrap());
        let said = client.check(options.build()).await.unwrap();
        assert_eq!(said.ready, finding.is_none());
        let found: Vec<_> = said.findings.iter().map(|found| found.setting).collect();
        assert_eq!(found, finding.into_iter().collect::<Vec<_>>());
    }
}
