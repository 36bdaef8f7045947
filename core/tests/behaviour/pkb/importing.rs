//! Links that were made before they were kept: brought in one by one and many at once, taken out again, counted, and told of as they change.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;

use digime_sdk::Callback;
use digime_sdk::connections::{LinkStore as _, MemoryStore};
use digime_sdk::pkb::{
    Client, ConnectionChange, CountLinksOptions, ExportLinkOptions, ExportedLink, Failure,
    ImportLinkOptions, ImportLinksOptions, ImportedLink, Link, LinkEvent, LinkTokens, OnConflict,
    Store, UnlinkOptions,
};
use digime_sdk::{Error, Secret};
use serde_json::json;

use super::linked::{read, token};
use super::sandbox::{BOBBY, MORAG, Pkb, complete, public_id, shared};

async fn export(client: &Client, user: &str) -> Result<ExportedLink, Error> {
    let options = ExportLinkOptions::builder().app_user_id(user.parse().unwrap());
    client.export_link(options.build()).await
}

async fn import(
    client: &Client,
    user: &str,
    public_id: &str,
    tokens: LinkTokens,
) -> Result<Link, Error> {
    let options = ImportLinkOptions::builder()
        .app_user_id(user.parse().unwrap())
        .public_id(public_id.parse().unwrap())
        .tokens(tokens);
    client.import_link(options.build()).await
}

async fn unlink(client: &Client, user: &str) {
    let options = UnlinkOptions::builder().app_user_id(user.parse().unwrap());
    client.unlink(options.build()).await.unwrap();
}

fn tokens(number: u32) -> LinkTokens {
    LinkTokens::builder()
        .access_token(Secret::from(
            format!("access-{number}")
                .parse::<digime_sdk::NonEmptyString>()
                .unwrap(),
        ))
        .refresh_token(Secret::from(
            format!("refresh-{number}")
                .parse::<digime_sdk::NonEmptyString>()
                .unwrap(),
        ))
        .expires_at(4_102_444_800_000)
        .build()
}

#[tokio::test]
async fn a_link_is_taken_out_of_one_store_and_goes_on_in_another() {
    let pkb = Pkb::start().await;
    let (from, to) = (pkb.client(), pkb.client());
    pkb.link(&from, "user-1", BOBBY).await;
    let exported = export(&from, "user-1").await.unwrap();
    assert_eq!(exported.public_id, pkb.public_id(BOBBY));
    unlink(&from, "user-1").await;
    let imported = import(&to, "user-1", &exported.public_id, exported.tokens).await;
    assert_eq!(imported.unwrap().public_id, exported.public_id);
    pkb.expire_access_tokens().await;
    read(&pkb, &to).await.unwrap();
    assert!(matches!(
        Failure::of(&export(&from, "user-1").await.map(drop).unwrap_err()),
        Some(Failure::NotLinked)
    ));
}

#[tokio::test]
async fn who_is_linked_stays_as_they_are_and_nobody_gets_the_record_of_another() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    pkb.link(&client, "user-1", BOBBY).await;
    let before = token(&client).await.unwrap();
    let bobby = pkb.public_id(BOBBY);
    import(&client, "user-1", bobby, tokens(1)).await.unwrap();
    assert_eq!(token(&client).await.unwrap(), before);
    let conflict = import(&client, "user-2", bobby, tokens(2)).await;
    assert!(matches!(
        Failure::of(&conflict.unwrap_err()),
        Some(Failure::LinkConflict { .. })
    ));
    let links = [("user-1", bobby), ("user-2", bobby), ("user-3", "3f6cad4f")];
    let links = links.map(|(user, public_id)| {
        ImportedLink::builder()
            .app_user_id(user.parse().unwrap())
            .public_id(public_id.parse().unwrap())
            .tokens(tokens(3))
            .build()
    });
    let options = ImportLinksOptions::builder().links(links).build();
    let done = client.import_links(options).await.unwrap();
    assert_eq!((done.imported, done.present), (1, 1));
    assert_eq!(done.refused.len(), 1);
    assert_eq!(done.refused[0].app_user_id, "user-2");
    assert_eq!(
        done.refused[0].reason,
        "another user has the same public id"
    );
    let counts = client.count_links(CountLinksOptions {}).await.unwrap();
    assert_eq!((counts.active, counts.uncertain, counts.expired), (2, 0, 0));
}

fn linked(number: u32) -> ImportedLink {
    ImportedLink::builder()
        .app_user_id(format!("user-{number}").parse().unwrap())
        .public_id(format!("public-{number}").parse().unwrap())
        .tokens(tokens(number))
        .build()
}

/// How many links are stored.
fn stored(pkb: &Pkb, store: &MemoryStore) -> u64 {
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let count = store.count_links(&platform).now_or_never();
    count.unwrap().unwrap().all()
}

#[tokio::test]
async fn of_links_that_are_given_one_after_the_other_no_more_are_taken_than_are_written_in_one_step()
 {
    let pkb = Arc::new(Pkb::start().await);
    let (store, kept) = shared();
    let client = Client::new(pkb.config(store)).unwrap();
    let (place, written) = (Arc::clone(&pkb), Arc::clone(&kept));
    let links = (0..1234).map(move |number| {
        // What was taken before is written but for one step.
        assert!(u64::from(number) - stored(&place, &written) < 500);
        linked(number)
    });
    let options = ImportLinksOptions::builder().links(links).build();
    let done = client.import_links(options).await.unwrap();
    assert_eq!((done.imported, done.present), (1234, 0));
    assert_eq!(stored(&pkb, &kept), 1234);
    let options = ImportLinksOptions::builder().links((0..1235).map(linked));
    let done = client.import_links(options.build()).await.unwrap();
    assert_eq!((done.imported, done.present), (1, 1234));
}

#[tokio::test]
async fn a_public_id_that_no_database_keeps_is_refused_and_not_all_that_are_written_with_it() {
    let pkb = Pkb::start().await;
    let client = pkb.client();
    let unfit = ["nul-\0".to_owned(), "x".repeat(1001)].map(|public_id| {
        let mut link = linked(1);
        link.public_id = public_id.parse().unwrap();
        link
    });
    let links = unfit.into_iter().chain([linked(2)]);
    let options = ImportLinksOptions::builder().links(links).build();
    let done = client.import_links(options).await.unwrap();
    assert_eq!((done.imported, done.refused.len()), (1, 2));
    for refused in done.refused {
        assert!(refused.reason.starts_with("its public id must have"));
    }
}

/// What was told, and of whom.
type Heard = Arc<Mutex<Vec<(ConnectionChange, String)>>>;

fn listening(pkb: &Pkb, store: Store) -> (Client, Heard) {
    let heard = Heard::default();
    let ears = Arc::clone(&heard);
    let mut config = pkb.config(store);
    config.on_link_change = Some(Callback::new(move |event: LinkEvent| {
        let told = (event.change, event.link.app_user_id);
        ears.lock().unwrap().push(told);
        std::future::ready(Ok(()))
    }));
    (Client::new(config).unwrap(), heard)
}

#[tokio::test]
async fn each_change_of_a_link_is_told_in_order() {
    let pkb = Pkb::start().await;
    let (client, heard) = listening(&pkb, Store::Memory);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.expire_access_tokens().await;
    public_id(&client, "user-1").await.unwrap();
    read(&pkb, &client).await.unwrap();
    pkb.expire_access_tokens().await;
    pkb.fault("POST /apiToken.action", json!({ "status": 502 }), 1)
        .await;
    read(&pkb, &client).await.unwrap_err();
    read(&pkb, &client).await.unwrap();
    unlink(&client, "user-1").await;
    let told = [
        ConnectionChange::Connected,
        ConnectionChange::Refreshed,
        ConnectionChange::Uncertain,
        ConnectionChange::Recovered,
        ConnectionChange::Disconnected,
    ];
    let told = told.map(|change| (change, "user-1".to_owned()));
    assert_eq!(*heard.lock().unwrap(), told);
}

#[tokio::test]
async fn a_link_that_takes_the_place_of_others_is_told_with_those() {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let (client, heard) = listening(&pkb, store);
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.link(&client, "user-2", MORAG).await;
    heard.lock().unwrap().clear();
    let callback = pkb.callback(&client, "user-1", MORAG).await;
    let mut options = complete(&callback);
    options.on_conflict = Some(OnConflict::Replace);
    client.complete_link(options).await.unwrap();
    let told = [
        (ConnectionChange::Disconnected, "user-2".to_owned()),
        (ConnectionChange::Replaced, "user-1".to_owned()),
    ];
    assert_eq!(*heard.lock().unwrap(), told);
}
