//! How a store in SQL does what a store must, with the statements of its schema: SQLite and PostgreSQL alike.

use std::collections::HashMap;

use super::sql::{Param, Row, Statements, check_members, check_sharing};
use super::sql_many::Batch;
use super::{
    AttemptRecord, LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStatus, LinkWrite, StoreFailure,
};

/// The parameters of a statement.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$(Param::from($value)),*] };
}

/// What a store in SQL asks of its database.
pub(super) trait Database: Send + Sync {
    /// The rows that a statement finds.
    fn rows(
        &self,
        statement: &str,
        params: Vec<Param>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreFailure>> + Send;

    /// The link of a user.
    fn link(
        &self,
        statements: &Statements,
        key: LinkKey<'_>,
    ) -> impl Future<Output = Result<Option<LinkRecord>, StoreFailure>> + Send {
        let params = params![key.platform, key.app_user_id];
        async move {
            let mut rows = self.rows(&statements.link, params).await?;
            rows.pop().map(LinkRecord::try_from).transpose()
        }
    }

    /// The rows that a statement gives of the links that it has written; none, and nothing is written, where something has the same unique columns.
    fn changed(
        &self,
        statement: &str,
        batch: &Batch<'_>,
    ) -> impl Future<Output = Result<Option<Vec<Row>>, StoreFailure>> + Send;

    /// Whether a statement has changed something: not if a record with the same unique columns was there first.
    fn change(
        &self,
        statement: &str,
        params: Vec<Param>,
    ) -> impl Future<Output = Result<bool, StoreFailure>> + Send;
}

/// How many links a statement looks at that may find none: of millions, none takes the database for long, and others come in between.
const STRETCH: u32 = 5_000;

/// A database with the statements for its schema.
pub(super) struct Tables<'a, D> {
    pub database: &'a D,
    pub statements: &'a Statements,
}

impl<D: Database> Tables<'_, D> {
    async fn links(
        &self,
        statement: &str,
        params: Vec<Param>,
    ) -> Result<Vec<LinkRecord>, StoreFailure> {
        let rows = self.database.rows(statement, params).await?;
        rows.into_iter().map(LinkRecord::try_from).collect()
    }

    pub(super) async fn link(&self, key: LinkKey<'_>) -> Result<Option<LinkRecord>, StoreFailure> {
        self.database.link(self.statements, key).await
    }

    pub(super) async fn links_of(
        &self,
        platform: &str,
        public_id: &str,
    ) -> Result<Vec<LinkRecord>, StoreFailure> {
        let params = params![platform, public_id];
        self.links(&self.statements.links_of, params).await
    }

    pub(super) async fn links_after(
        &self,
        platform: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LinkRecord>, StoreFailure> {
        let params = params![platform, after, limit];
        self.links(&self.statements.links_after, params).await
    }

    pub(super) async fn links_where(
        &self,
        platform: &str,
        filter: LinkFilter,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LinkRecord>, StoreFailure> {
        let mut after = after.to_owned();
        loop {
            let params = params![platform, &after, STRETCH];
            let mut ends = self.database.rows(&self.statements.stretch, params).await?;
            let end = ends.pop().map(|mut row| row.optional_text()).transpose()?;
            let Some(end) = end.flatten() else {
                return Ok(Vec::new());
            };
            let params = params![
                platform,
                &after,
                &end,
                filter.status.map_or("", LinkStatus::as_str),
                filter.refreshed_before.unwrap_or(i64::MAX),
                limit,
            ];
            let found = self.links(&self.statements.links_where, params).await?;
            if !found.is_empty() {
                return Ok(found);
            }
            after = end;
        }
    }

    pub(super) async fn put_link(
        &self,
        link: &LinkRecord,
        expected: Option<i64>,
    ) -> Result<bool, StoreFailure> {
        check_members(&link.other)?;
        check_sharing(link, self.statements)?;
        let mut params = params![
            &link.platform,
            &link.app_user_id,
            &link.public_id,
            link.status.as_str(),
            link.linked_at,
            link.refreshed_at,
            &link.lease,
            link.lease_until,
            &link.key_id,
            &link.sealed,
            link.version,
        ];
        if self.statements.knows_sharing {
            params.push(Param::Flag(link.shares_public_id));
        }
        let statement = match expected {
            Some(_) => &self.statements.update_link,
            None => &self.statements.insert_link,
        };
        params.extend(expected.map(Param::from));
        self.database.change(statement, params).await
    }

    pub(super) async fn remove_link(
        &self,
        key: LinkKey<'_>,
        version: i64,
    ) -> Result<bool, StoreFailure> {
        let params = params![key.platform, key.app_user_id, version];
        let statement = &self.statements.remove_link;
        self.database.change(statement, params).await
    }

    pub(super) async fn attempt(
        &self,
        platform: &str,
        id: &str,
    ) -> Result<Option<AttemptRecord>, StoreFailure> {
        let params = params![platform, id];
        let mut rows = self.database.rows(&self.statements.attempt, params).await?;
        rows.pop().map(AttemptRecord::try_from).transpose()
    }

    pub(super) async fn put_attempt(
        &self,
        attempt: &AttemptRecord,
        expected: Option<i64>,
    ) -> Result<bool, StoreFailure> {
        check_members(&attempt.other)?;
        let mut params = params![
            &attempt.platform,
            &attempt.id,
            &attempt.app_user_id,
            attempt.status.as_str(),
            attempt.expires_at,
            &attempt.key_id,
            &attempt.sealed,
            attempt.version,
        ];
        let statement = match expected {
            Some(_) => &self.statements.update_attempt,
            None => &self.statements.insert_attempt,
        };
        params.extend(expected.map(Param::from));
        self.database.change(statement, params).await
    }

    pub(super) async fn remove_attempts(
        &self,
        platform: &str,
        expired_before: i64,
    ) -> Result<(), StoreFailure> {
        let params = params![platform, expired_before];
        let statement = &self.statements.remove_attempts;
        self.database.change(statement, params).await.map(drop)
    }

    pub(super) async fn remove_attempts_of(&self, key: LinkKey<'_>) -> Result<(), StoreFailure> {
        let params = params![key.platform, key.app_user_id];
        let statement = &self.statements.remove_attempts_of;
        self.database.change(statement, params).await.map(drop)
    }

    pub(super) async fn put_links(&self, writes: &[LinkWrite]) -> Result<Vec<bool>, StoreFailure> {
        for write in writes {
            check_members(&write.link.other)?;
            check_sharing(&write.link, self.statements)?;
        }
        let mut written = vec![false; writes.len()];
        let (inserts, updates): (Vec<_>, Vec<_>) =
            (0..writes.len()).partition(|&place| writes[place].expected.is_none());
        for (statement, places) in [
            (&self.statements.insert_links, inserts),
            (&self.statements.update_links, updates),
        ] {
            if places.is_empty() {
                continue;
            }
            let batch = Batch {
                writes: places.iter().map(|&place| &writes[place]).collect(),
                knows_sharing: self.statements.knows_sharing,
            };
            // Of one user's the first is written, and the others find it there.
            let mut first = HashMap::with_capacity(places.len());
            for &place in &places {
                let user = writes[place].link.app_user_id.as_str();
                first.entry(user).or_insert(place);
            }
            let Some(rows) = self.database.changed(statement, &batch).await? else {
                for place in first.into_values() {
                    let LinkWrite { link, expected } = &writes[place];
                    written[place] = self.put_link(link, *expected).await?;
                }
                continue;
            };
            for mut row in rows {
                if let Some(place) = first.remove(row.text()?.as_str()) {
                    written[place] = true;
                }
            }
        }
        Ok(written)
    }

    pub(super) async fn count_links(&self, platform: &str) -> Result<LinkCounts, StoreFailure> {
        let statement = &self.statements.count_links;
        let mut counts = LinkCounts::default();
        for mut row in self.database.rows(statement, params![platform]).await? {
            let (status, count) = (row.text()?, row.integer()?);
            // A later version of the SDK may know others.
            if let Some(status) = LinkStatus::parse(&status) {
                counts.add(status, u64::try_from(count).unwrap_or(0));
            }
        }
        Ok(counts)
    }

    pub(super) async fn links_under_other_keys(
        &self,
        platform: &str,
        key_id: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LinkRecord>, StoreFailure> {
        let params = params![platform, key_id, after, limit];
        let statement = &self.statements.links_under_other_keys;
        self.links(statement, params).await
    }
}

/// Implements `LinkStore` for a store whose `tables()` opens it, if it is not open yet.
macro_rules! sql_store {
    ($store:ty) => {
        impl LinkStore for $store {
            fn close(&self) -> BoxFuture<'_, ()> {
                Box::pin(self.let_go())
            }

            fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
                Box::pin(async move { self.tables().await?.link(key).await })
            }

            fn links_of<'a>(
                &'a self,
                platform: &'a str,
                public_id: &'a str,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move { self.tables().await?.links_of(platform, public_id).await })
            }

            fn links_after<'a>(
                &'a self,
                platform: &'a str,
                after: &'a str,
                limit: u32,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let tables = self.tables().await?;
                    tables.links_after(platform, after, limit).await
                })
            }

            fn links_where<'a>(
                &'a self,
                platform: &'a str,
                filter: LinkFilter,
                after: &'a str,
                limit: u32,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let tables = self.tables().await?;
                    tables.links_where(platform, filter, after, limit).await
                })
            }

            fn put_link<'a>(
                &'a self,
                link: &'a LinkRecord,
                expected: Option<i64>,
            ) -> Stored<'a, bool> {
                Box::pin(async move { self.tables().await?.put_link(link, expected).await })
            }

            fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
                Box::pin(async move { self.tables().await?.remove_link(key, version).await })
            }

            fn attempt<'a>(
                &'a self,
                platform: &'a str,
                id: &'a str,
            ) -> Stored<'a, Option<AttemptRecord>> {
                Box::pin(async move { self.tables().await?.attempt(platform, id).await })
            }

            fn put_attempt<'a>(
                &'a self,
                attempt: &'a AttemptRecord,
                expected: Option<i64>,
            ) -> Stored<'a, bool> {
                Box::pin(async move { self.tables().await?.put_attempt(attempt, expected).await })
            }

            fn remove_attempts<'a>(
                &'a self,
                platform: &'a str,
                expired_before: i64,
            ) -> Stored<'a, ()> {
                Box::pin(async move {
                    let tables = self.tables().await?;
                    tables.remove_attempts(platform, expired_before).await
                })
            }

            fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
                Box::pin(async move { self.tables().await?.remove_attempts_of(key).await })
            }

            fn put_links<'a>(&'a self, writes: &'a [LinkWrite]) -> Stored<'a, Vec<bool>> {
                Box::pin(async move { self.tables().await?.put_links(writes).await })
            }

            fn count_links<'a>(&'a self, platform: &'a str) -> Stored<'a, LinkCounts> {
                Box::pin(async move { self.tables().await?.count_links(platform).await })
            }

            fn links_under_other_keys<'a>(
                &'a self,
                platform: &'a str,
                key_id: &'a str,
                after: &'a str,
                limit: u32,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let tables = self.tables().await?;
                    tables
                        .links_under_other_keys(platform, key_id, after, limit)
                        .await
                })
            }
        }
    };
}
pub(super) use sql_store;
