//! What every store of links does, and what none gives away.

use std::sync::Arc;

use digime_sdk::connections::{
    LinkFilter, LinkRecord, LinkStatus, LinkStore, LinkWrite, PostgresStore, SqliteStore,
};

use super::sandbox::file;
use super::store::{attempt, key, link, postgres, schema, stores};

#[tokio::test]
async fn a_store_gives_back_what_was_written_last() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        assert_eq!(store.link(key("user-1")).await.unwrap(), None, "{name}");
        let mut written = link("user-1", "public-1", 1);
        assert!(store.put_link(&written, None).await.unwrap(), "{name}");
        assert_eq!(
            store.link(key("user-1")).await.unwrap(),
            Some(written.clone()),
            "{name}"
        );
        written.status = LinkStatus::Uncertain;
        (written.lease, written.lease_until) = (Some("lease".to_owned()), Some(5));
        written.version = 2;
        assert!(store.put_link(&written, Some(1)).await.unwrap(), "{name}");
        assert_eq!(
            store.links_of("pkb:test", "public-1").await.unwrap(),
            [written],
            "{name}"
        );
        assert_eq!(
            store.links_of("pkb:other", "public-1").await.unwrap(),
            [],
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_store_refuses_a_change_that_was_made_from_another_version() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        assert!(
            store
                .put_link(&link("user-1", "public-1", 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_link(&link("user-1", "public-1", 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_link(&link("user-1", "public-1", 8), Some(7))
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_link(&link("user-2", "public-2", 8), Some(7))
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store.remove_link(key("user-1"), 7).await.unwrap(),
            "{name}"
        );
        assert!(store.remove_link(key("user-1"), 1).await.unwrap(), "{name}");
        assert!(
            !store.remove_link(key("user-1"), 1).await.unwrap(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_store_refuses_a_second_user_with_a_public_id() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        assert!(
            store
                .put_link(&link("user-1", "public-1", 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            store
                .put_link(&link("user-2", "public-2", 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_link(&link("user-3", "public-1", 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_link(&link("user-2", "public-1", 2), Some(1))
                .await
                .unwrap(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn users_share_a_public_id_where_all_of_them_say_so() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        let sharing = |user| LinkRecord {
            shares_public_id: true,
            ..link(user, "public-1", 1)
        };
        for user in ["user-1", "user-2"] {
            let written = sharing(user);
            assert!(store.put_link(&written, None).await.unwrap(), "{name}");
            let read = store.link(key(user)).await.unwrap();
            assert_eq!(read, Some(written), "{name}");
        }
        let found = store.links_of("pkb:test", "public-1").await.unwrap();
        assert_eq!(found.len(), 2, "{name}");
        for (user, version) in [("user-1", None), ("user-3", None)] {
            let alone = link(user, "public-2", 1);
            let written = store.put_link(&alone, version).await.unwrap();
            assert_eq!(written, user == "user-3", "{name}");
        }
        let changed = LinkRecord {
            version: 2,
            ..link("user-1", "public-2", 2)
        };
        assert!(!store.put_link(&changed, Some(1)).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn a_store_tells_how_many_links_there_are_and_which_are_under_other_keys() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        for (user, key_id) in [
            ("a", "new"),
            ("b", "old"),
            ("c", "older"),
            ("d", "new"),
            ("e", "old"),
        ] {
            let record = LinkRecord {
                key_id: key_id.to_owned(),
                ..link(user, user, 1)
            };
            assert!(store.put_link(&record, None).await.unwrap(), "{name}");
        }
        assert_eq!(
            store.count_links("pkb:test").await.unwrap().all(),
            5,
            "{name}"
        );
        assert_eq!(
            store.count_links("pkb:other").await.unwrap().all(),
            0,
            "{name}"
        );
        let (mut after, mut users) = (String::new(), Vec::new());
        loop {
            let page = store
                .links_under_other_keys("pkb:test", "new", &after, 2)
                .await;
            let page = page.unwrap();
            let Some(last) = page.last() else { break };
            after.clone_from(&last.app_user_id);
            users.extend(page.into_iter().map(|link| link.app_user_id));
        }
        assert_eq!(users, ["b", "c", "e"], "{name}");
    }
}

#[tokio::test]
async fn of_many_changes_at_once_a_store_lets_one_win() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        assert!(
            store
                .put_link(&link("user-1", "public-1", 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        let changes = (0..20).map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                store
                    .put_link(&link("user-1", "public-1", 2), Some(1))
                    .await
                    .unwrap()
            })
        });
        let mut winners = 0;
        for change in changes.collect::<Vec<_>>() {
            winners += usize::from(change.await.unwrap());
        }
        assert_eq!(winners, 1, "{name}");
    }
}

#[tokio::test]
async fn a_store_lists_links_in_order_a_page_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        for user in ["c", "a", "d", "b"] {
            store.put_link(&link(user, user, 1), None).await.unwrap();
        }
        let users = |links: Vec<LinkRecord>| {
            links
                .into_iter()
                .map(|link| link.app_user_id)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            users(store.links_after("pkb:test", "", 3).await.unwrap()),
            ["a", "b", "c"],
            "{name}"
        );
        assert_eq!(
            users(store.links_after("pkb:test", "c", 3).await.unwrap()),
            ["d"],
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_store_finds_the_few_links_that_a_filter_lets_through_among_many() {
    let folder = tempfile::tempdir().unwrap();
    let writes: Vec<LinkWrite> = (0..10_500)
        .map(|number| {
            let id = format!("{number:05}");
            let mut link = link(&id, &id, 1);
            link.refreshed_at = number;
            // One at the beginning, three in the middle and the last.
            if [0, 5_200, 5_201, 5_202, 10_499].contains(&number) {
                link.status = LinkStatus::Expired;
            }
            let expected = None;
            LinkWrite { link, expected }
        })
        .collect();
    let filter = |status, refreshed_before| LinkFilter {
        status,
        refreshed_before,
    };
    for (name, store) in stores(&folder) {
        if name == "memory" {
            // It looks for its public id among all that there are.
            for each in writes[5_200..5_203]
                .iter()
                .chain(&writes[10_499..])
                .chain(&writes[..9])
            {
                store.put_link(&each.link, None).await.unwrap();
            }
        } else {
            store.put_links(&writes).await.unwrap();
        }
        for (filter, expected) in [
            (
                filter(Some(LinkStatus::Expired), None),
                vec!["00000", "05200", "05201", "05202", "10499"],
            ),
            (
                filter(Some(LinkStatus::Expired), Some(5_202)),
                vec!["00000", "05200", "05201"],
            ),
            (filter(Some(LinkStatus::Uncertain), None), vec![]),
            (filter(None, Some(1)), vec!["00000"]),
        ] {
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let page = store.links_where("pkb:test", filter, &after, 2).await;
                let page = page.unwrap();
                assert!(page.len() <= 2, "{name}");
                let Some(last) = page.last() else { break };
                after.clone_from(&last.app_user_id);
                found.extend(page.into_iter().map(|link| link.app_user_id));
            }
            assert_eq!(found, expected, "{name}, {filter:?}");
        }
        let elsewhere = store.links_where("pkb:other", filter(None, Some(1)), "", 2);
        assert!(elsewhere.await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_store_keeps_attempts_until_they_expire() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores(&folder) {
        assert!(
            store
                .put_attempt(&attempt("early", 10, 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            store
                .put_attempt(&attempt("late", 20, 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_attempt(&attempt("late", 20, 1), None)
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            store
                .put_attempt(&attempt("late", 30, 2), Some(1))
                .await
                .unwrap(),
            "{name}"
        );
        assert!(
            !store
                .put_attempt(&attempt("late", 30, 2), Some(1))
                .await
                .unwrap(),
            "{name}"
        );
        store.remove_attempts("pkb:test", 20).await.unwrap();
        assert_eq!(
            store.attempt("pkb:test", "early").await.unwrap(),
            None,
            "{name}"
        );
        assert_eq!(
            store.attempt("pkb:test", "late").await.unwrap(),
            Some(attempt("late", 30, 2)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn processes_that_start_at_once_make_the_tables_once() {
    let folder = tempfile::tempdir().unwrap();
    let schema = schema();
    let openings = (0..8).flat_map(|_| -> [Arc<dyn LinkStore>; 2] {
        [
            Arc::new(SqliteStore::new(file(&folder))),
            Arc::new(PostgresStore::new(&postgres(), Some(&schema)).unwrap()),
        ]
    });
    let openings =
        openings.map(|store| tokio::spawn(async move { store.link(key("user-1")).await }));
    for opening in openings.collect::<Vec<_>>() {
        assert_eq!(opening.await.unwrap().unwrap(), None);
    }
}

#[tokio::test]
async fn a_schema_has_a_plain_name() {
    for name in ["a; drop schema public", "Upper", "", "1st", &"x".repeat(64)] {
        assert!(
            PostgresStore::new("postgres://localhost/db", Some(name)).is_err(),
            "{name}"
        );
    }
}
