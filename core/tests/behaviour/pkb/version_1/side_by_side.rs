//! A process of version 1 that runs goes on beside a store that was migrated, with the statements that it has.

use digime_sdk::connections::{LinkKey, LinkRecord, LinkStatus};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::super::store::postgres;
use super::stored::{AttemptRow, LinkRow, PLATFORM, Stored, statement};

const USER: &str = "user-active";

fn key(app_user_id: &str) -> LinkKey<'_> {
    LinkKey {
        platform: PLATFORM,
        app_user_id,
    }
}

fn taken() -> String {
    super::platform::public_id("user-previous")
}

/// Goes through all statements of version 1 on a connection that was open before the store was migrated.
macro_rules! go_through {
    ($stored:expr, $connection:expr, $schema:expr) => {
        let (stored, mut connection, schema): (Stored, _, &str) = ($stored, $connection, $schema);
        macro_rules! version_1 {
            ($name:literal) => {
                sqlx::query(AssertSqlSafe(statement($name, schema)))
            };
        }
        macro_rules! version_1_as {
            ($row:ty, $name:literal) => {
                sqlx::query_as::<_, $row>(AssertSqlSafe(statement($name, schema)))
            };
        }
        macro_rules! link {
            ($user:expr) => {
                version_1_as!(LinkRow, "link")
                    .bind(PLATFORM)
                    .bind($user)
                    .fetch_optional(&mut connection)
                    .await
                    .unwrap()
            };
        }
        macro_rules! bound {
            ($name:literal, $row:expr) => {
                version_1!($name)
                    .bind($row.0)
                    .bind($row.1)
                    .bind($row.2)
                    .bind($row.3)
                    .bind($row.4)
                    .bind($row.5)
                    .bind($row.6)
                    .bind($row.7)
            };
        }

        let before = link!(USER).unwrap();
        let ours = stored.opened();
        let read = ours.link(key(USER)).await.unwrap().unwrap();
        assert_eq!(link!(USER).unwrap(), before, "it was migrated");

        // What this version writes, version 1 reads and writes over.
        let written = LinkRecord {
            lease: Some("id.3.30000".to_owned()),
            version: 2,
            ..read
        };
        assert!(ours.put_link(&written, Some(1)).await.unwrap());
        let mut row = link!(USER).unwrap();
        assert_eq!(
            (row.6.as_deref(), row.7, row.10),
            (Some("id.3.30000"), None, 2)
        );
        row.3 = "uncertain".to_owned();
        (row.6, row.10) = (None, 3);
        for (expected, rows) in [(1_i64, 0), (2, 1)] {
            let row = row.clone();
            let updated = bound!("update_link", row)
                .bind(row.8)
                .bind(row.9)
                .bind(row.10)
                .bind(expected);
            let updated = updated.execute(&mut connection).await.unwrap();
            assert_eq!(updated.rows_affected(), rows);
        }
        let read = ours.link(key(USER)).await.unwrap().unwrap();
        assert_eq!((read.status, read.version), (LinkStatus::Uncertain, 3));

        // No two users have a public id.
        let mut other = row.clone();
        (other.1, other.2) = ("user-new".to_owned(), taken());
        let insert = |row: LinkRow| {
            bound!("insert_link", row)
                .bind(row.8)
                .bind(row.9)
                .bind(row.10)
        };
        let inserted = insert(other.clone())
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(inserted.rows_affected(), 0);
        let mut moved = row.clone();
        (moved.2, moved.10) = (taken(), 4);
        let refused = bound!("update_link", moved)
            .bind(moved.8)
            .bind(moved.9)
            .bind(moved.10)
            .bind(3_i64);
        let refused = refused.execute(&mut connection).await.unwrap_err();
        assert!(
            refused.as_database_error().unwrap().is_unique_violation(),
            "{refused}"
        );

        // What version 1 adds is found.
        other.2 = "another-public-id".to_owned();
        let inserted = insert(other).execute(&mut connection).await.unwrap();
        assert_eq!(inserted.rows_affected(), 1);
        let found = ours.links_of(PLATFORM, "another-public-id").await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(!found[0].shares_public_id);
        assert!(
            !ours
                .put_link(
                    &LinkRecord {
                        app_user_id: "user-3".to_owned(),
                        ..found[0].clone()
                    },
                    None
                )
                .await
                .unwrap()
        );
        let found = version_1_as!(LinkRow, "links_of")
            .bind(PLATFORM)
            .bind("another-public-id")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!(found.len(), 1);
        let all = version_1_as!(LinkRow, "links_after")
            .bind(PLATFORM)
            .bind("")
            .bind(100_i64)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert_eq!(all.len(), 6);
        let removed = version_1!("remove_link")
            .bind(PLATFORM)
            .bind("user-new")
            .bind(3_i64)
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(removed.rows_affected(), 1);

        // Attempts likewise.
        let attempt: AttemptRow = (
            PLATFORM.to_owned(),
            "attempt".to_owned(),
            USER.to_owned(),
            "pending".to_owned(),
            10,
            "key".to_owned(),
            "sealed".to_owned(),
            1,
        );
        let inserted = bound!("insert_attempt", attempt.clone())
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(inserted.rows_affected(), 1);
        assert_eq!(
            ours.attempt(PLATFORM, "attempt")
                .await
                .unwrap()
                .unwrap()
                .version,
            1
        );
        let updated = bound!("update_attempt", attempt.clone())
            .bind(1_i64)
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(updated.rows_affected(), 1);
        let found = version_1_as!(AttemptRow, "attempt")
            .bind(PLATFORM)
            .bind("attempt")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(found, attempt);
        let removed = version_1!("remove_attempts")
            .bind(PLATFORM)
            .bind(11_i64)
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(removed.rows_affected(), 1);
    };
}

#[tokio::test]
async fn version_1_goes_on_beside_a_migrated_file() {
    let stored = Stored::sqlite();
    let path = stored.path().unwrap();
    let file = SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap();
    go_through!(stored, file, "");
    // A process of version 1 opens this file, and no other.
    let mut file = SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap();
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut file)
        .await
        .unwrap();
    assert_eq!(version, 1);
}

#[tokio::test]
async fn version_1_goes_on_beside_a_migrated_database() {
    let stored = Stored::postgres().await;
    let name = stored.schema().unwrap();
    let database = PgConnection::connect(&postgres()).await.unwrap();
    go_through!(stored, database, &format!("{name}."));
    let mut database = PgConnection::connect(&postgres()).await.unwrap();
    let version = format!("SELECT version FROM {name}.schema_version");
    let version: i64 = sqlx::query_scalar(AssertSqlSafe(version))
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(version, 1);
}
