//! Files of SQLite's: shared by who is there, closed for a fork, and never written to when they are not the file any more.

use std::sync::Arc;

use digime_sdk::ErrorKind;
use digime_sdk::connections::{ClosedFiles, LinkStore, SqliteStore};
use digime_sdk::pkb::{Client, GetLinkUrlOptions, Store};
use serde_json::json;

use super::database::Database;
use super::sandbox::{Pkb, file};
use super::store::{key, link};

#[tokio::test]
async fn stores_for_one_file_see_what_each_has_written() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [(); 2].map(|()| SqliteStore::new(file(&folder)));
    for (number, store) in stores.iter().enumerate() {
        let (user, public_id) = (format!("user-{number}"), format!("public-{number}"));
        assert!(
            store
                .put_link(&link(&user, &public_id, 1), None)
                .await
                .unwrap()
        );
    }
    for store in &stores {
        assert_eq!(store.count_links("pkb:test").await.unwrap().all(), 2);
    }
    // One that ends takes nothing from the other.
    let [first, second] = stores;
    drop(first);
    assert!(
        second
            .put_link(&link("user-2", "public-2", 1), None)
            .await
            .unwrap()
    );
    let seen = Database::file(&file(&folder));
    assert_eq!(seen.value("SELECT COUNT(*) FROM link").await, 3);
}

#[tokio::test]
async fn a_read_waits_for_no_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::new(file(&folder)));
    assert!(store.put_link(&link("user-1", "p", 1), None).await.unwrap());
    let other = Database::file(&file(&folder));
    other.run("BEGIN IMMEDIATE").await;
    let writing = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.put_link(&link("user-2", "q", 1), None).await })
    };
    assert!(store.link(key("user-1")).await.unwrap().is_some());
    assert!(!writing.is_finished());
    other.run("COMMIT").await;
    assert!(writing.await.unwrap().unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_wait_while_files_are_closed_for_a_fork() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::new(file(&folder)));
    assert!(store.put_link(&link("user-1", "p", 1), None).await.unwrap());
    let beside = file(&folder).with_extension("db-wal");
    assert!(beside.exists());
    let reading = {
        let closed = ClosedFiles::close();
        // The last connection to a file takes what stands beside it along.
        assert!(!beside.exists());
        let store = Arc::clone(&store);
        let reading = tokio::spawn(async move { store.link(key("user-1")).await });
        for _ in 0..100 {
            std::thread::yield_now();
        }
        assert!(!reading.is_finished());
        drop(closed);
        reading
    };
    assert!(reading.await.unwrap().unwrap().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_was_removed_or_replaced_is_not_written_to_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::new(file(&folder));
    assert!(store.put_link(&link("user-1", "p", 1), None).await.unwrap());
    std::fs::rename(file(&folder), folder.path().join("elsewhere")).unwrap();
    let failure = store.put_link(&link("user-2", "q", 1), None).await;
    assert!(
        failure
            .unwrap_err()
            .to_string()
            .contains("removed or replaced")
    );
    std::fs::write(file(&folder), "").unwrap();
    let failure = store.link(key("user-1")).await;
    assert!(
        failure
            .unwrap_err()
            .to_string()
            .contains("removed or replaced")
    );
}

#[tokio::test]
async fn what_is_no_database_is_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(file(&folder), "a letter to the editor, of some length").unwrap();
    let failure = SqliteStore::new(file(&folder)).link(key("user-1")).await;
    let failure = failure.unwrap_err().to_string();
    assert!(failure.contains("no database"), "{failure}");
    let failure = SqliteStore::new(folder.path()).link(key("user-1")).await;
    assert!(
        failure
            .unwrap_err()
            .to_string()
            .contains("cannot be opened")
    );
    let nowhere = folder.path().join("nowhere").join("links.db");
    let failure = SqliteStore::new(nowhere).link(key("user-1")).await;
    assert!(failure.unwrap_err().to_string().contains("cannot be made"));
}

#[tokio::test]
async fn a_file_that_is_damaged_is_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::new(file(&folder));
    for number in 0..300 {
        let link = link(&format!("user-{number:03}"), &format!("p-{number}"), 1);
        assert!(store.put_link(&link, None).await.unwrap());
    }
    store.close().await;
    let database = Database::file(&file(&folder));
    database.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
    drop(database);
    // Its schema stays as it was.
    let mut bytes = std::fs::read(file(&folder)).unwrap();
    bytes[8 * 4096..].fill(0xff);
    std::fs::write(file(&folder), bytes).unwrap();
    let store = SqliteStore::new(file(&folder));
    let failure = store.links_after("pkb:test", "", 300).await.unwrap_err();
    let failure = failure.to_string();
    assert!(failure.contains("the file is damaged"), "{failure}");
}

#[tokio::test]
async fn a_call_waits_for_a_lock_no_longer_than_its_time() {
    let pkb = Pkb::start().await;
    let folder = tempfile::tempdir().unwrap();
    let patient = Client::new(pkb.config(Store::Sqlite(file(&folder)))).unwrap();
    let briefly = serde_json::from_value(json!({ "call": 300 })).unwrap();
    let impatient = patient.with_timeouts(&briefly);
    let begin = |client: &Client| {
        let options = GetLinkUrlOptions::builder().app_user_id("user-1".parse().unwrap());
        let client = client.clone();
        async move { client.get_link_url(options.build()).await }
    };
    begin(&patient).await.unwrap();
    let other = Database::file(&file(&folder));
    other.run("BEGIN IMMEDIATE").await;
    let error = begin(&impatient).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Timeout { phase: "call", .. }),
        "{error}"
    );
    // Nor does it stand in the way of the next, or is it done later.
    other.run("ROLLBACK").await;
    begin(&patient).await.unwrap();
    let kept = other.value("SELECT COUNT(*) FROM link_attempt").await;
    assert_eq!(kept, 2);
}
