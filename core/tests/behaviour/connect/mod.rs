//! Users whose connections with digi.me are kept: clients, people and stores for the tests of them.

mod cached_tokens;
mod calling;
mod connecting;
mod importing;
mod key_service;
mod overtaken;
mod refreshing;
mod settings;
mod wrapped_keys;

use std::sync::Arc;

use digime_sdk::connections::{LinkStore, MemoryStore};
use digime_sdk::digime::{
    Client, CompleteConnectOptions, CompleteConnectResponse, Config, Connection, Failure,
    GetConnectUrlOptions, GetConnectionOptions, LinkStatus, ReadAccountsOptions, Store,
};
use digime_sdk::{Error, World};

use crate::clock::TestClock;
use crate::sandbox::{CONTRACT_KEY, Sandbox, contract_with};

pub const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
pub const CONTRACT: &str = "push";

/// Records in memory that several clients share, as they would a database.
pub fn shared() -> (Store, Arc<MemoryStore>) {
    let store = Arc::new(MemoryStore::default());
    (Store::Own(Arc::clone(&store) as Arc<dyn LinkStore>), store)
}

pub fn config(sandbox: &Sandbox, store: Store) -> Config {
    let mut config = sandbox.config();
    config.store = Some(store);
    config.encryption_key = Some(KEY.into());
    config
}

pub fn client(sandbox: &Sandbox, store: Store) -> Client {
    Client::new(config(sandbox, store)).unwrap()
}

pub fn at(config: Config, clock: &Arc<TestClock>) -> Client {
    let world = World {
        clock: Arc::clone(clock) as Arc<_>,
        ..World::real().unwrap()
    };
    Client::in_world(config, world).unwrap()
}

pub fn connect_url(user: &str) -> GetConnectUrlOptions {
    GetConnectUrlOptions::builder()
        .app_user_id(user.parse().unwrap())
        .contract_details(contract_with(CONTRACT_KEY))
        .callback("http://127.0.0.1/return".parse().unwrap())
        .build()
}

pub fn complete(callback: &str, user: &str) -> CompleteConnectOptions {
    CompleteConnectOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .callback_url(callback.parse().unwrap())
        .app_user_id(user.parse().unwrap())
        .build()
}

/// Where a person comes back to who was sent away for this user.
pub async fn callback(sandbox: &Sandbox, client: &Client, user: &str) -> String {
    let sent = client.get_connect_url(connect_url(user)).await.unwrap();
    sandbox.answer(sent.url.expose(), "accept").await.into()
}

pub async fn connect(sandbox: &Sandbox, client: &Client, user: &str) -> CompleteConnectResponse {
    let callback = callback(sandbox, client, user).await;
    let completed = client.complete_connect(complete(&callback, user)).await;
    completed.unwrap()
}

pub async fn connection(client: &Client, user: &str) -> Option<Connection> {
    let options = GetConnectionOptions::builder()
        .app_user_id(user.parse().unwrap())
        .contract_id(CONTRACT.parse().unwrap());
    client.get_connection(options.build()).await.unwrap()
}

pub async fn status(client: &Client, user: &str) -> LinkStatus {
    connection(client, user).await.unwrap().status
}

/// Makes a call for this user, and says why it failed if it did.
pub async fn call(client: &Client, user: &str) -> Result<(), Error> {
    let read = client.read_accounts(accounts_of(user)).await?;
    assert_eq!(read.user_access_token, None);
    Ok(())
}

pub fn accounts_of(user: &str) -> ReadAccountsOptions {
    ReadAccountsOptions::builder()
        .contract_details(contract_with(CONTRACT_KEY))
        .app_user_id(user.parse().unwrap())
        .build()
}

/// What digi.me's own errors say of the connection.
pub fn failure(error: &Error) -> &Failure {
    Failure::of(error).unwrap_or_else(|| panic!("{error}"))
}
