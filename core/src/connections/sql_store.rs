//! How a store in SQL does what a store must, with the statements of its schema: SQLite and PostgreSQL alike.

/// Implements `LinkStore` for a store whose `opened()` has a pool and the statements for it.
macro_rules! sql_store {
    ($store:ty) => {
        impl LinkStore for $store {
            fn close(&self) -> futures_util::future::BoxFuture<'_, ()> {
                Box::pin(async move {
                    if let Some(opened) = self.opened.get() {
                        opened.pool.close().await;
                    }
                })
            }

            fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let row: Option<LinkRow> = query_as(AssertSqlSafe(&*opened.statements.link))
                        .bind(key.platform)
                        .bind(key.app_user_id)
                        .fetch_optional(&opened.pool)
                        .await
                        .map_err(|error| failure(&error))?;
                    row.map(LinkRecord::try_from).transpose()
                })
            }

            fn links_of<'a>(
                &'a self,
                platform: &'a str,
                public_id: &'a str,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let rows: Vec<LinkRow> = query_as(AssertSqlSafe(&*opened.statements.links_of))
                        .bind(platform)
                        .bind(public_id)
                        .fetch_all(&opened.pool)
                        .await
                        .map_err(|error| failure(&error))?;
                    rows.into_iter().map(LinkRecord::try_from).collect()
                })
            }

            fn links_after<'a>(
                &'a self,
                platform: &'a str,
                after: &'a str,
                limit: u32,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let rows: Vec<LinkRow> =
                        query_as(AssertSqlSafe(&*opened.statements.links_after))
                            .bind(platform)
                            .bind(after)
                            .bind(i64::from(limit))
                            .fetch_all(&opened.pool)
                            .await
                            .map_err(|error| failure(&error))?;
                    rows.into_iter().map(LinkRecord::try_from).collect()
                })
            }

            fn put_link<'a>(
                &'a self,
                link: &'a LinkRecord,
                expected: Option<i64>,
            ) -> Stored<'a, bool> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    check_members(&link.other)?;
                    check_sharing(link, &opened.statements)?;
                    let statement = match expected {
                        Some(_) => &*opened.statements.update_link,
                        None => &*opened.statements.insert_link,
                    };
                    let mut statement = query(AssertSqlSafe(statement))
                        .bind(&link.platform)
                        .bind(&link.app_user_id)
                        .bind(&link.public_id)
                        .bind(link.status.as_str())
                        .bind(link.linked_at)
                        .bind(link.refreshed_at)
                        .bind(&link.lease)
                        .bind(link.lease_until)
                        .bind(&link.key_id)
                        .bind(&link.sealed)
                        .bind(link.version);
                    if opened.statements.knows_sharing {
                        statement = statement.bind(link.shares_public_id);
                    }
                    if let Some(expected) = expected {
                        statement = statement.bind(expected);
                    }
                    let done = statement.execute(&opened.pool).await;
                    wrote(done.map(|done| done.rows_affected()))
                })
            }

            fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let done = query(AssertSqlSafe(&*opened.statements.remove_link))
                        .bind(key.platform)
                        .bind(key.app_user_id)
                        .bind(version)
                        .execute(&opened.pool)
                        .await;
                    wrote(done.map(|done| done.rows_affected()))
                })
            }

            fn attempt<'a>(
                &'a self,
                platform: &'a str,
                id: &'a str,
            ) -> Stored<'a, Option<AttemptRecord>> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let row: Option<AttemptRow> =
                        query_as(AssertSqlSafe(&*opened.statements.attempt))
                            .bind(platform)
                            .bind(id)
                            .fetch_optional(&opened.pool)
                            .await
                            .map_err(|error| failure(&error))?;
                    row.map(AttemptRecord::try_from).transpose()
                })
            }

            fn put_attempt<'a>(
                &'a self,
                attempt: &'a AttemptRecord,
                expected: Option<i64>,
            ) -> Stored<'a, bool> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    check_members(&attempt.other)?;
                    let statement = match expected {
                        Some(_) => &*opened.statements.update_attempt,
                        None => &*opened.statements.insert_attempt,
                    };
                    let mut statement = query(AssertSqlSafe(statement))
                        .bind(&attempt.platform)
                        .bind(&attempt.id)
                        .bind(&attempt.app_user_id)
                        .bind(attempt.status.as_str())
                        .bind(attempt.expires_at)
                        .bind(&attempt.key_id)
                        .bind(&attempt.sealed)
                        .bind(attempt.version);
                    if let Some(expected) = expected {
                        statement = statement.bind(expected);
                    }
                    let done = statement.execute(&opened.pool).await;
                    wrote(done.map(|done| done.rows_affected()))
                })
            }

            fn remove_attempts<'a>(
                &'a self,
                platform: &'a str,
                expired_before: i64,
            ) -> Stored<'a, ()> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let done = query(AssertSqlSafe(&*opened.statements.remove_attempts))
                        .bind(platform)
                        .bind(expired_before)
                        .execute(&opened.pool)
                        .await;
                    done.map(drop).map_err(|error| failure(&error))
                })
            }

            fn count_links<'a>(&'a self, platform: &'a str) -> Stored<'a, u64> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let count: i64 = query_scalar(AssertSqlSafe(&*opened.statements.count_links))
                        .bind(platform)
                        .fetch_one(&opened.pool)
                        .await
                        .map_err(|error| failure(&error))?;
                    Ok(u64::try_from(count).unwrap_or(0))
                })
            }

            fn links_under_other_keys<'a>(
                &'a self,
                platform: &'a str,
                key_id: &'a str,
                after: &'a str,
                limit: u32,
            ) -> Stored<'a, Vec<LinkRecord>> {
                Box::pin(async move {
                    let opened = self.opened().await?;
                    let statement = &*opened.statements.links_under_other_keys;
                    let rows: Vec<LinkRow> = query_as(AssertSqlSafe(statement))
                        .bind(platform)
                        .bind(key_id)
                        .bind(after)
                        .bind(i64::from(limit))
                        .fetch_all(&opened.pool)
                        .await
                        .map_err(|error| failure(&error))?;
                    rows.into_iter().map(LinkRecord::try_from).collect()
                })
            }
        }
    };
}
pub(super) use sql_store;
