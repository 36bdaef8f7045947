//! How a store in SQL is brought up to date: once, by who may, and with regard for those who are older or newer.

use std::path::Path;
use std::sync::Arc;

use digime_sdk::connections::{LinkRecord, LinkStore, PostgresStore, SqliteStore};

use super::database::Database;
use super::sandbox::file;
use super::store::{key, link, postgres, schema};
use super::version_1::{PLATFORM, Stored};

async fn in_database(sql: &str) {
    Database::server().await.run(sql).await;
}

/// A step that this version does not know, and which step a process has to know from then on.
async fn add_step(stored: &Stored, oldest: i64) {
    stored.opened().link(key("user-1")).await.unwrap();
    let name = stored.schema().map(|schema| format!("{schema}."));
    let name = name.unwrap_or_default();
    let sql = format!(
        "ALTER TABLE {name}link ADD COLUMN later TEXT; UPDATE {name}link SET later = 'kept'; \
         INSERT INTO {name}schema_migration VALUES (3, {oldest});"
    );
    stored.database().await.run(&sql).await;
}

#[tokio::test]
async fn processes_that_start_at_once_migrate_a_store_once() {
    for stored in Stored::copies().await {
        let before = stored.rows().await;
        let openings = (0..8).map(|_| {
            let store = stored.opened();
            tokio::spawn(async move { store.count_links(PLATFORM).await })
        });
        for opening in openings.collect::<Vec<_>>() {
            assert_eq!(opening.await.unwrap().unwrap().all(), 5);
        }
        assert_eq!(stored.rows().await, before);
    }
}

#[tokio::test]
async fn a_store_of_a_later_version_serves_as_long_as_it_says_so_and_keeps_its_columns() {
    for stored in Stored::copies().await {
        add_step(&stored, 1).await;
        let store = stored.opened();
        let page = store.links_after(PLATFORM, "", 1).await.unwrap();
        let [record] = page.try_into().unwrap();
        let version = record.version;
        let changed = LinkRecord {
            version: version + 1,
            ..record
        };
        assert!(store.put_link(&changed, Some(version)).await.unwrap());
        let name = stored.schema().map(|schema| format!("{schema}."));
        let kept = format!(
            "SELECT COUNT(*) FROM {}link WHERE later = 'kept'",
            name.unwrap_or_default()
        );
        let kept = stored.database().await.value(&kept).await;
        assert_eq!(kept, 5);
    }
}

#[tokio::test]
async fn a_store_that_needs_a_later_version_is_refused_and_says_so() {
    for stored in Stored::copies().await {
        add_step(&stored, 3).await;
        let error = stored.opened().link(key("user-1")).await.unwrap_err();
        assert!(error.to_string().contains("knows schema 3"), "{error}");
    }
}

#[tokio::test]
async fn a_file_whose_table_has_columns_of_somebody_elses_is_left_as_it_is_and_serves() {
    let stored = Stored::sqlite();
    let path = stored.path().unwrap();
    let file = Database::file(&path);
    file.run("ALTER TABLE link ADD COLUMN mine TEXT").await;
    let before = stored.rows().await;
    let store = SqliteStore::new(&path);
    assert_eq!(store.count_links(PLATFORM).await.unwrap().all(), 5);
    assert!(store.put_link(&link("user-1", "p", 1), None).await.unwrap());
    file.run("DELETE FROM link WHERE public_id = 'p' AND mine IS NULL")
        .await;
    assert_eq!(stored.rows().await, before);
}

/// A role that may read and write what is in a schema, and an address under which a store is opened as that role.
async fn role(name: &str) -> String {
    in_database(&format!(
        "CREATE ROLE {name} LOGIN; GRANT USAGE ON SCHEMA {name} TO {name}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO {name};"
    ))
    .await;
    let mut address = reqwest::Url::parse(&postgres()).unwrap();
    address.set_username(name).unwrap();
    address.to_string()
}

#[tokio::test]
async fn a_role_that_may_not_change_tables_works_with_those_of_version_1_as_far_as_they_go() {
    let stored = Stored::postgres().await;
    let name = stored.schema().unwrap();
    let store = PostgresStore::new(&role(&name).await, Some(&name)).unwrap();
    assert_eq!(store.count_links(PLATFORM).await.unwrap().all(), 5);
    assert!(store.put_link(&link("user-1", "p", 1), None).await.unwrap());
    let sharing = LinkRecord {
        shares_public_id: true,
        ..link("user-2", "p", 1)
    };
    let error = store.put_link(&sharing, None).await.unwrap_err();
    assert!(error.to_string().contains("migration 2"), "{error}");
}

#[tokio::test]
async fn a_role_that_may_not_make_tables_finds_them_made_or_is_told_what_is_to_be_run() {
    let name = schema();
    in_database(&format!("CREATE SCHEMA {name}")).await;
    let address = role(&name).await;
    let store = || PostgresStore::new(&address, Some(&name)).unwrap();
    let error = store().link(key("user-1")).await.unwrap_err();
    assert!(error.to_string().contains("docs/pkb.md"), "{error}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/connections/migrations");
    for step in ["1.postgres.sql", "2.postgres.sql"] {
        let sql = std::fs::read_to_string(folder.join(step)).unwrap();
        in_database(&sql.replace("{schema}", &format!("{name}."))).await;
    }
    in_database(&format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO {name}"
    ))
    .await;
    let store = store();
    let sharing = LinkRecord {
        shares_public_id: true,
        ..link("user-1", "p", 1)
    };
    assert!(store.put_link(&sharing, None).await.unwrap());
    assert_eq!(store.link(key("user-1")).await.unwrap(), Some(sharing));
}

#[tokio::test]
async fn tables_that_a_backup_reads_are_migrated_later_and_serve_meanwhile() {
    let stored = Stored::postgres().await;
    let name = stored.schema().unwrap();
    let backup = Database::server().await;
    backup
        .run(&format!("BEGIN; SELECT COUNT(*) FROM {name}.link;"))
        .await;
    assert_eq!(
        stored.opened().count_links(PLATFORM).await.unwrap().all(),
        5
    );
    backup.run("COMMIT").await;
    let store = stored.opened();
    let sharing = LinkRecord {
        shares_public_id: true,
        ..link("user-1", "p", 1)
    };
    assert!(store.put_link(&sharing, None).await.unwrap());
}

#[tokio::test]
async fn a_member_that_has_no_column_is_not_dropped_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let stores: [Arc<dyn LinkStore>; 2] = [
        Arc::new(SqliteStore::new(file(&folder))),
        Arc::new(PostgresStore::new(&postgres(), Some(&schema())).unwrap()),
    ];
    for store in stores {
        let mut record = link("user-1", "p", 1);
        record.other.insert("later".to_owned(), "member".into());
        let error = store.put_link(&record, None).await.unwrap_err();
        assert!(error.to_string().contains("no columns"), "{error}");
        assert_eq!(store.link(key("user-1")).await.unwrap(), None);
    }
}
