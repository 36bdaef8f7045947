//! What a store gives away, which is no token, and to whom.

use std::sync::Arc;

use digime_sdk::ErrorKind;
use digime_sdk::binding::{Dialect, Value};
use digime_sdk::connections::{LinkKey, LinkRecord, LinkStore, MemoryStore};
use digime_sdk::pkb::{Client, Failure, RotateKeysOptions, Store};

use super::linked::token;
use super::sandbox::{BOBBY, KEY, MORAG, Pkb, complete, file, parameter, public_id, shared};
use super::store::{postgres, schema};

const OTHER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[tokio::test]
async fn a_store_that_cannot_be_reached_is_a_store_error_without_the_password() {
    let pkb = Pkb::start().await;
    let client =
        Client::new(pkb.config(Store::from("postgres://me:hunter2@127.0.0.1:9/db"))).unwrap();
    let error = public_id(&client, "user-1").await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Store {
                operation: "read",
                ..
            }
        ),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

#[tokio::test]
async fn a_link_outlasts_its_process_in_sqlite_and_postgresql() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let schema = schema();
    for store in [
        Store::Sqlite(file(&folder)),
        Store::from(postgres().as_str()),
    ] {
        let process = || {
            let mut config = pkb.config(store.clone());
            config.store_schema = Some(schema.clone());
            Client::new(config).unwrap()
        };
        pkb.link(&process(), "user-1", BOBBY).await;
        assert_eq!(
            public_id(&process(), "user-1").await.unwrap(),
            pkb.public_id(BOBBY)
        );
    }
}

#[tokio::test]
async fn nothing_secret_can_be_read_in_a_file() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(pkb.config(Store::Sqlite(file(&folder)))).unwrap();
    let callback = pkb.callback(&client, "user-1", BOBBY).await;
    client.complete_link(complete(&callback)).await.unwrap();
    let token = token(&client).await.unwrap();
    let state = parameter(&callback, "state").unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let content = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(!content.contains(&token), "{path:?}");
        assert!(!content.contains(&state), "{path:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(
                path.metadata().unwrap().permissions().mode() & 0o077,
                0,
                "{path:?}"
            );
        }
    }
}

/// Links two users in memory, and gives the records.
async fn two_links(pkb: &Pkb) -> (Client, Arc<MemoryStore>, [LinkRecord; 2]) {
    let (store, records) = shared();
    let client = Client::new(pkb.config(store)).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    pkb.link(&client, "user-2", MORAG).await;
    let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
    let of = async |user| {
        let key = LinkKey {
            platform: &platform,
            app_user_id: user,
        };
        records.link(key).await.unwrap().unwrap()
    };
    let both = [of("user-1").await, of("user-2").await];
    (client, records, both)
}

#[tokio::test]
async fn tokens_that_were_copied_to_another_user_do_not_open() {
    let pkb = Pkb::start().await;
    let (client, records, [one, two]) = two_links(&pkb).await;
    let mut forged = one.clone();
    (forged.sealed, forged.key_id) = (two.sealed, two.key_id);
    forged.version += 1;
    assert!(records.put_link(&forged, Some(one.version)).await.unwrap());
    let error = token(&client).await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Store {
                operation: "read",
                ..
            }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_public_id_that_was_changed_in_the_store_is_noticed() {
    let pkb = Pkb::start().await;
    let (client, records, [one, _]) = two_links(&pkb).await;
    let mut forged = one.clone();
    "3f6cad4f-1aa7-4bb0-9c73-72822534b538".clone_into(&mut forged.public_id);
    forged.version += 1;
    assert!(records.put_link(&forged, Some(one.version)).await.unwrap());
    let error = token(&client).await.unwrap_err();
    assert!(error.to_string().contains("public id"), "{error}");
}

#[tokio::test]
async fn another_key_opens_nothing_and_says_which_key_it_lacks() {
    let pkb = Pkb::start().await;
    let (store, _) = shared();
    let client = Client::new(pkb.config(store.clone())).unwrap();
    pkb.link(&client, "user-1", BOBBY).await;
    let mut config = pkb.config(store);
    config.encryption_key = Some(OTHER_KEY.into());
    let error = token(&Client::new(config).unwrap()).await.unwrap_err();
    assert!(
        error.to_string().contains("previousEncryptionKeys"),
        "{error}"
    );
}

fn with_keys(pkb: &Pkb, store: &Store, current: &str, previous: &[&str]) -> Client {
    let mut config = pkb.config(store.clone());
    config.encryption_key = Some(current.into());
    config.previous_encryption_keys = Some(previous.iter().map(|key| (*key).into()).collect());
    Client::new(config).unwrap()
}

#[tokio::test]
async fn keys_rotate_while_links_are_used_and_the_old_one_can_go() {
    let pkb = Pkb::start().await;
    let (client, records, _) = two_links(&pkb).await;
    let store = Store::Own(records);
    let before = token(&client).await.unwrap();
    let rotating = with_keys(&pkb, &store, OTHER_KEY, &[KEY]);
    assert_eq!(token(&rotating).await.unwrap(), before);
    let done = rotating
        .rotate_keys(RotateKeysOptions::default())
        .await
        .unwrap();
    assert_eq!((done.links, done.resealed), (2, 2));
    let again = rotating
        .rotate_keys(RotateKeysOptions::default())
        .await
        .unwrap();
    assert_eq!((again.links, again.resealed), (2, 0));
    let later = with_keys(&pkb, &store, OTHER_KEY, &[]);
    assert_eq!(token(&later).await.unwrap(), before);
}

#[tokio::test]
async fn a_patient_links_again_when_the_key_is_gone_that_sealed_the_attempt_which_made_their_link()
{
    let pkb = Pkb::start().await;
    let (_, records, _) = two_links(&pkb).await;
    let store = Store::Own(records);
    let rotated = with_keys(&pkb, &store, OTHER_KEY, &[KEY])
        .rotate_keys(RotateKeysOptions::default())
        .await;
    assert!(rotated.unwrap().failed.is_empty());
    let later = with_keys(&pkb, &store, OTHER_KEY, &[]);
    let before = token(&later).await.unwrap();
    pkb.link(&later, "user-1", BOBBY).await;
    assert_ne!(token(&later).await.unwrap(), before);
}

#[tokio::test]
async fn links_with_one_host_are_none_with_another() {
    let (here, there) = (Pkb::start().await, Pkb::start().await);
    let (store, _) = shared();
    let client = Client::new(here.config(store.clone())).unwrap();
    here.link(&client, "user-1", BOBBY).await;
    let error = public_id(&Client::new(there.config(store)).unwrap(), "user-1")
        .await
        .unwrap_err();
    assert!(
        matches!(Failure::of(&error), Some(Failure::NotLinked)),
        "{error}"
    );
}

#[tokio::test]
async fn a_message_has_the_id_of_a_key_as_the_store_has_it_in_every_language() {
    let pkb = Pkb::start().await;
    // Some of their ids look like names.
    for number in 0..24 {
        let (store, records) = shared();
        let mut config = pkb.config(store);
        config.encryption_key = Some(format!("{number:064x}").into());
        pkb.link(&Client::new(config.clone()).unwrap(), "user-1", BOBBY)
            .await;
        let platform = format!("pkb:{}", pkb.origin().strip_prefix("http://").unwrap());
        let key = LinkKey {
            platform: &platform,
            app_user_id: "user-1",
        };
        let record = records.link(key).await.unwrap().unwrap();
        config.encryption_key = Some(OTHER_KEY.into());
        let error = token(&Client::new(config).unwrap()).await.unwrap_err();
        let message = error.to_value(Dialect::Python);
        let Some(Value::String(message)) = message.get("message") else {
            panic!("no message")
        };
        assert!(
            message.contains(&record.key_id) && message.contains("previous_encryption_keys"),
            "{message}"
        );
    }
}
