//! A process of version 1 that runs goes on beside a store that was migrated, with the statements that it has.

use digime_sdk::connections::{LinkKey, LinkRecord, LinkStatus, LinkStore};
use serde_json::{Value, json};

use super::super::database::{Database, NotUnique, Row};
use super::stored::{PLATFORM, Stored, statement};

const USER: &str = "user-active";

fn key(app_user_id: &str) -> LinkKey<'_> {
    LinkKey {
        platform: PLATFORM,
        app_user_id,
    }
}

fn taken() -> Value {
    super::platform::public_id("user-previous").into()
}

/// A process of version 1, with a connection from before the store was migrated.
struct Version1 {
    database: Database,
    schema: String,
}

impl Version1 {
    async fn rows(&self, name: &str, params: &[Value]) -> Vec<Row> {
        let statement = statement(name, &self.schema);
        self.database.rows(&statement, params).await
    }

    async fn change(&self, name: &str, params: &[Value]) -> Result<u64, NotUnique> {
        let statement = statement(name, &self.schema);
        self.database.change(&statement, params).await
    }

    async fn link(&self) -> Row {
        let mut found = self.rows("link", &[PLATFORM.into(), USER.into()]).await;
        found.pop().unwrap()
    }

    async fn update_link(&self, row: &[Value], expected: i64) -> Result<u64, NotUnique> {
        self.change("update_link", &[row, &[expected.into()]].concat())
            .await
    }
}

/// Where the members of a link stand.
const APP_USER_ID: usize = 1;
const PUBLIC_ID: usize = 2;
const STATUS: usize = 3;
const LEASE: usize = 6;
const LEASE_UNTIL: usize = 7;
const VERSION: usize = 10;

/// Goes through all statements of version 1.
async fn go_through(ours: &dyn LinkStore, version_1: &Version1) {
    let before = version_1.link().await;
    let read = ours.link(key(USER)).await.unwrap().unwrap();
    assert_eq!(version_1.link().await, before, "it was migrated");

    // What this version writes, version 1 reads and writes over.
    let written = LinkRecord {
        lease: Some("id.3.30000".to_owned()),
        version: 2,
        ..read
    };
    assert!(ours.put_link(&written, Some(1)).await.unwrap());
    let mut row = version_1.link().await;
    assert_eq!(row[LEASE], "id.3.30000");
    assert_eq!(row[LEASE_UNTIL], Value::Null);
    assert_eq!(row[VERSION], 2);
    (row[STATUS], row[LEASE], row[VERSION]) = (json!("uncertain"), Value::Null, json!(3));
    for (expected, changed) in [(1, 0), (2, 1)] {
        assert_eq!(version_1.update_link(&row, expected).await, Ok(changed));
    }
    let read = ours.link(key(USER)).await.unwrap().unwrap();
    assert_eq!((read.status, read.version), (LinkStatus::Uncertain, 3));

    // No two users have a public id.
    let mut other = row.clone();
    (other[APP_USER_ID], other[PUBLIC_ID]) = (json!("user-new"), taken());
    assert_eq!(version_1.change("insert_link", &other).await, Ok(0));
    let mut moved = row.clone();
    (moved[PUBLIC_ID], moved[VERSION]) = (taken(), json!(4));
    assert_eq!(version_1.update_link(&moved, 3).await, Err(NotUnique));

    // What version 1 adds is found.
    other[PUBLIC_ID] = json!("another-public-id");
    assert_eq!(version_1.change("insert_link", &other).await, Ok(1));
    let found = ours.links_of(PLATFORM, "another-public-id").await.unwrap();
    assert_eq!(found.len(), 1);
    assert!(!found[0].shares_public_id);
    let again = LinkRecord {
        app_user_id: "user-3".to_owned(),
        ..found[0].clone()
    };
    assert!(!ours.put_link(&again, None).await.unwrap());
    let params = [PLATFORM.into(), json!("another-public-id")];
    assert_eq!(version_1.rows("links_of", &params).await.len(), 1);
    let params = [PLATFORM.into(), json!(""), json!(100)];
    assert_eq!(version_1.rows("links_after", &params).await.len(), 6);
    let params = [PLATFORM.into(), json!("user-new"), json!(3)];
    assert_eq!(version_1.change("remove_link", &params).await, Ok(1));

    // Attempts likewise.
    let attempt = [
        PLATFORM.into(),
        json!("attempt"),
        USER.into(),
        json!("pending"),
        json!(10),
        json!("key"),
        json!("sealed"),
        json!(1),
    ];
    assert_eq!(version_1.change("insert_attempt", &attempt).await, Ok(1));
    let read = ours.attempt(PLATFORM, "attempt").await.unwrap().unwrap();
    assert_eq!(read.version, 1);
    let params = [&attempt[..], &[json!(1)]].concat();
    assert_eq!(version_1.change("update_attempt", &params).await, Ok(1));
    let params = [PLATFORM.into(), json!("attempt")];
    assert_eq!(version_1.rows("attempt", &params).await, [attempt.to_vec()]);
    let params = [PLATFORM.into(), json!(11)];
    assert_eq!(version_1.change("remove_attempts", &params).await, Ok(1));
}

#[tokio::test]
async fn version_1_goes_on_beside_a_migrated_file() {
    let stored = Stored::sqlite();
    let path = stored.path().unwrap();
    let version_1 = Version1 {
        database: Database::file(&path),
        schema: String::new(),
    };
    go_through(&*stored.opened(), &version_1).await;
    // A process of version 1 opens this file, and no other.
    let version = Database::file(&path).value("PRAGMA user_version").await;
    assert_eq!(version, 1);
}

#[tokio::test]
async fn version_1_goes_on_beside_a_migrated_database() {
    let stored = Stored::postgres().await;
    let name = stored.schema().unwrap();
    let version_1 = Version1 {
        database: Database::server().await,
        schema: format!("{name}."),
    };
    go_through(&*stored.opened(), &version_1).await;
    let version = format!("SELECT version FROM {name}.schema_version");
    assert_eq!(version_1.database.value(&version).await, 1);
}
