//! Many users brought in at once, and how many there are.

use digime_sdk::connections::{PostgresStore, SqliteStore};
use digime_sdk::digime::{
    Client, CountConnectionsOptions, ImportConnectionsOptions, Imported, ImportedConnection,
    LinkCounts, SourceType, Store, UserAccessToken,
};

use super::{CONTRACT, call, client, connection};
use crate::pkb::store::{postgres, schema};
use crate::sandbox::Sandbox;

async fn import(client: &Client, users: &[(String, UserAccessToken)]) -> Imported {
    let connections = users.iter().map(|(user, token)| {
        ImportedConnection::builder()
            .app_user_id(user.parse().unwrap())
            .user_access_token(token.clone())
            .build()
    });
    let options = ImportConnectionsOptions::builder()
        .contract_id(CONTRACT.parse().unwrap())
        .connections(connections.collect::<Vec<_>>())
        .build();
    client.import_connections(options).await.unwrap()
}

async fn counts(client: &Client) -> LinkCounts {
    let options = CountConnectionsOptions::builder().contract_id(CONTRACT.parse().unwrap());
    client.count_connections(options.build()).await.unwrap()
}

#[tokio::test]
async fn a_table_of_users_is_brought_in_once_however_often_it_is_given_into_every_store() {
    let sandbox = Sandbox::start().await;
    let (token, _) = {
        let client = client(&sandbox, Store::Memory);
        sandbox.consent(&client, SourceType::Pull).await
    };
    let folder = tempfile::tempdir().unwrap();
    let stores: [(_, Store); 3] = [
        ("memory", Store::Memory),
        (
            "SQLite",
            Store::Own(std::sync::Arc::new(SqliteStore::new(
                folder.path().join("connections.db"),
            ))),
        ),
        (
            "PostgreSQL",
            Store::Own(std::sync::Arc::new(
                PostgresStore::new(&postgres(), Some(&schema())).unwrap(),
            )),
        ),
    ];
    // More than are written in one step, and names that JSON and SQL write in their own ways.
    let mut users: Vec<_> = (0..1203).map(|n| format!("user-{n:04}")).collect();
    users.extend([r#"a "quoted" \ one"#, "it's", "null", "1e3", "Zoë 😀"].map(str::to_owned));
    let users: Vec<_> = users
        .into_iter()
        .map(|user| (user, token.clone()))
        .collect();
    for (name, store) in stores {
        let client = client(&sandbox, store);
        let first = import(&client, &users[..2]).await;
        assert_eq!((first.imported, first.present), (2, 0), "{name}");
        let all = import(&client, &users).await;
        assert_eq!((all.imported, all.present), (1206, 2), "{name}");
        assert!(all.refused.is_empty(), "{name}");
        let again = import(&client, &users).await;
        assert_eq!((again.imported, again.present), (0, 1208), "{name}");
        for (user, _) in &users[1200..] {
            call(&client, user).await.unwrap();
            let kept = connection(&client, user).await.unwrap();
            assert_eq!(Some(kept.user_id), token.user.clone().map(|user| user.id));
        }
        let counts = counts(&client).await;
        assert_eq!((counts.active, counts.all()), (1208, 1208), "{name}");
    }
}

#[tokio::test]
async fn of_a_user_who_is_given_twice_the_first_token_is_kept() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let (token, _) = sandbox.consent(&client, SourceType::Pull).await;
    let mut other = token.clone();
    other.access_token.value = "another".into();
    let user = || "user-1".to_owned();
    let done = import(&client, &[(user(), token), (user(), other)]).await;
    assert_eq!((done.imported, done.present), (1, 1));
    call(&client, "user-1").await.unwrap();
    assert_eq!(sandbox.refreshes().await, 0);
}

#[tokio::test]
async fn who_cannot_be_brought_in_is_named_with_the_reason_and_the_others_are() {
    let sandbox = Sandbox::start().await;
    let client = client(&sandbox, Store::Memory);
    let token = || crate::scripted::token("access-1", "refresh-1");
    let mut endless = token();
    endless.access_token.expiry = 0;
    let mut spent = token();
    spent.refresh_token.value = "".into();
    let mut early = token();
    early.access_token.expiry *= 1000;
    let long = "x".repeat(1001);
    let users = [
        ("user-1".to_owned(), endless),
        ("user-2".to_owned(), spent),
        ("user-3".to_owned(), early),
        (long.clone(), token()),
        ("user-4".to_owned(), token()),
    ];
    let done = import(&client, &users).await;
    assert_eq!((done.imported, done.present), (1, 0));
    let refused: Vec<_> = done
        .refused
        .iter()
        .map(|refused| (refused.app_user_id.as_str(), refused.reason.as_str()))
        .collect();
    assert_eq!(
        refused,
        [
            ("user-1", "it is not said when the access token expires"),
            ("user-2", "there is no refresh token"),
            (
                "user-3",
                "the expiry of its access token is beyond the year 9999: it must be in seconds since 1970"
            ),
            (
                long.as_str(),
                "must have at most 1,000 bytes and no NUL: not every store can keep it otherwise"
            ),
        ]
    );
    assert!(connection(&client, "user-4").await.is_some());
}
