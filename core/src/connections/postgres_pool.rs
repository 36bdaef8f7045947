//! Connections to PostgreSQL: few, each statement with its time, and none used again that may be dead.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, QueueMode, RecycleError, RecycleResult, TimeoutType,
};
use futures_util::FutureExt;
use futures_util::future::AbortHandle;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config};

use super::postgres_address::Address;
use super::postgres_cancel::ask_to_cancel;
use super::postgres_failure::{Failure, no_connection, no_time, not_connected};
use super::postgres_reading::{Answer, Reading};
use super::postgres_tls::Tls;
use super::sql::{Cell, Param, Row, Statements};
use super::sql_many::Batch;
use super::sql_store::Database;
use super::{LinkKey, LinkRecord, StoreFailure};
use crate::world;

/// How many connections a process holds at most.
const CONNECTIONS: usize = 8;
/// How long a connection may lie idle and still be believed: firewalls drop those that are idle for a minute or more, and tell nobody.
const IDLE: Duration = Duration::from_secs(30);

/// The connections of a store.
pub(super) struct PostgresPool {
    pool: Pool<Connector>,
    patience: Duration,
    reading: Reading,
}

/// Connects.
pub(super) struct Connector {
    config: Config,
    tls: Tls,
    /// Counts what went wrong: connections from before the last time may be dead, too.
    troubles: AtomicU64,
}

/// A connection.
pub(super) struct Session {
    client: Client,
    going: AbortHandle,
    /// How many troubles there had been when it was made.
    troubles: u64,
    /// It is not known to be fit for another statement.
    suspect: bool,
}

impl Session {
    /// Lets a connection be used again, which is suspect from when it is taken on.
    pub(super) fn is_well(&mut self) {
        self.suspect = false;
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.suspect {
            // To say goodbye it would have to wait for a network that may be gone.
            self.going.abort();
        }
    }
}

impl Manager for Connector {
    type Type = Session;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Session, tokio_postgres::Error> {
        let troubles = self.troubles.load(Ordering::SeqCst);
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        Ok(Session {
            client,
            going: world::keep_going(connection.map(drop)),
            troubles,
            suspect: true,
        })
    }

    async fn recycle(
        &self,
        session: &mut Session,
        metrics: &Metrics,
    ) -> RecycleResult<tokio_postgres::Error> {
        let is_old = session.troubles != self.troubles.load(Ordering::SeqCst);
        if session.suspect || is_old || session.client.is_closed() || metrics.last_used() > IDLE {
            session.suspect = true;
            return Err(RecycleError::message("replaced, and not asked how it is"));
        }
        session.suspect = true;
        Ok(())
    }
}

impl PostgresPool {
    /// Connects nowhere yet; reads the files that the address names.
    pub(super) fn new(address: &Address, patience: Duration) -> Result<Self, StoreFailure> {
        let connector = Connector {
            config: address.config.clone(),
            tls: Tls::new(address)?,
            troubles: AtomicU64::new(0),
        };
        let pool = Pool::builder(connector)
            .max_size(CONNECTIONS)
            .wait_timeout(Some(patience))
            .create_timeout(Some(patience))
            .queue_mode(QueueMode::Lifo)
            .runtime(deadpool::Runtime::Tokio1)
            .build();
        let reading = Reading::default();
        pool.map(|pool| Self {
            pool,
            patience,
            reading,
        })
        .map_err(|_| StoreFailure::new("the connections cannot be set up"))
    }

    /// Lets go of those that are idle, and of each other when it is.
    pub(super) fn close(&self) {
        self.pool.close();
    }

    /// A connection, which is replaced later unless it is said to be well.
    pub(super) async fn session(&self) -> Result<Object<Connector>, Failure> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => no_connection(self.patience),
            PoolError::Backend(error) => Failure::from(&error),
            _ => not_connected(self.patience),
        })
    }

    /// Replaces all connections that there are, when they are next to be used.
    fn trouble(&self) {
        self.pool.manager().troubles.fetch_add(1, Ordering::SeqCst);
    }

    async fn ask(
        &self,
        statement: &str,
        typed: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        let mut session = self.session().await?;
        // All of it travels at once and under no name, so that it does not matter which connection of a pooler's serves it.
        let answer =
            world::within(self.patience, session.client.query_typed(statement, typed)).await;
        match answer {
            Some(Ok(rows)) => {
                session.is_well();
                Ok(rows)
            }
            Some(Err(error)) => {
                let failure = Failure::from(&error);
                if failure.is_of_the_database() {
                    session.is_well();
                } else {
                    self.trouble();
                }
                Err(failure)
            }
            None => {
                self.trouble();
                self.cancel(session);
                Err(no_time(self.patience))
            }
        }
    }

    /// Asks the server to let go of what a connection waits for, since nobody wants that done later. The connection stays for that long: a
    /// pooler that loses it would do neither.
    fn cancel(&self, session: Object<Connector>) {
        let (config, tls) = {
            let connector = self.pool.manager();
            (connector.config.clone(), connector.tls.clone())
        };
        let (session, patience) = (Object::take(session), self.patience);
        world::keep_going(async move {
            let token = session.client.cancel_token();
            let asked = async {
                ask_to_cancel(&config, token, tls).await;
                // Its answer comes when the statement before it has ended.
                let _ = session.client.simple_query("").await;
            };
            let _ = world::within(patience, asked).await;
        });
    }

    /// Asks what does no harm twice.
    async fn ask_again(
        &self,
        statement: &str,
        typed: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<tokio_postgres::Row>, Failure> {
        match self.ask(statement, typed).await {
            // The connection was dead before it was asked, or has died since.
            Err(failure) if failure.is_of_the_connection() => self.ask(statement, typed).await,
            answer => answer,
        }
    }

    /// The links of users, by the statements for one and for several.
    async fn links(
        &self,
        [one, several]: &[String; 2],
        platform: &str,
        users: Vec<String>,
    ) -> HashMap<String, Answer> {
        if users.len() == 1 {
            return self.one_by_one(one, platform, users).await;
        }
        let typed = [
            (&platform as &(dyn ToSql + Sync), Type::TEXT),
            (&users, Type::TEXT_ARRAY),
        ];
        let rows = match self.ask_again(several, &typed).await {
            Ok(rows) => rows,
            // It may be that the database cannot take one of them.
            Err(failure) if failure.is_of_the_database() => {
                return self.one_by_one(one, platform, users).await;
            }
            Err(failure) => {
                let failure = StoreFailure::from(failure);
                let users = users.into_iter();
                return users.map(|user| (user, Err(failure.clone()))).collect();
            }
        };
        let links = rows.iter().map(|found| LinkRecord::try_from(row(found)?));
        let Ok(links) = links.collect::<Result<Vec<_>, _>>() else {
            // One is not as it should be: the others are.
            return self.one_by_one(one, platform, users).await;
        };
        let mut answers: HashMap<_, _> = users.into_iter().map(|user| (user, Ok(None))).collect();
        let found = links.into_iter();
        answers.extend(found.map(|link| (link.app_user_id.clone(), Ok(Some(link)))));
        answers
    }

    async fn one_by_one(
        &self,
        statement: &str,
        platform: &str,
        users: Vec<String>,
    ) -> HashMap<String, Answer> {
        let mut answers = HashMap::new();
        for user in users {
            let typed = [
                (&platform as &(dyn ToSql + Sync), Type::TEXT),
                (&user, Type::TEXT),
            ];
            let found = self.ask_again(statement, &typed).await;
            let answer = found.map_err(StoreFailure::from).and_then(|rows| {
                let link = rows.last().map(|found| LinkRecord::try_from(row(found)?));
                link.transpose()
            });
            answers.insert(user, answer);
        }
        answers
    }
}

impl Database for Arc<PostgresPool> {
    async fn rows(&self, statement: &str, params: Vec<Param>) -> Result<Vec<Row>, StoreFailure> {
        let rows = self.ask_again(statement, &typed(&params)).await?;
        rows.iter().map(row).collect()
    }

    async fn link(
        &self,
        statements: &Statements,
        key: LinkKey<'_>,
    ) -> Result<Option<LinkRecord>, StoreFailure> {
        let read = |users| {
            let (pool, platform) = (Self::clone(self), key.platform.to_owned());
            let statements = [statements.link.clone(), statements.links_among.clone()];
            async move { pool.links(&statements, &platform, users).await }.boxed()
        };
        self.reading.link(key, self.patience, read).await
    }

    async fn changed(
        &self,
        statement: &str,
        batch: &Batch<'_>,
    ) -> Result<Option<Vec<Row>>, StoreFailure> {
        let arrays = batch.arrays();
        let arrays = arrays.iter().map(|(array, kind)| {
            let array: &(dyn ToSql + Sync) = &**array;
            (array, kind.clone())
        });
        match self.ask(statement, &arrays.collect::<Vec<_>>()).await {
            Ok(rows) => rows.iter().map(row).collect::<Result<_, _>>().map(Some),
            Err(failure) if failure.is_unique_violation() => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn change(&self, statement: &str, params: Vec<Param>) -> Result<bool, StoreFailure> {
        match self
            .ask(&format!("{statement} RETURNING TRUE"), &typed(&params))
            .await
        {
            Ok(changed) => Ok(!changed.is_empty()),
            Err(failure) if failure.is_unique_violation() => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

fn row(row: &tokio_postgres::Row) -> Result<Row, StoreFailure> {
    let cells = row.columns().iter().enumerate().map(|(index, column)| {
        let cell = match *column.type_() {
            Type::TEXT => row
                .try_get(index)
                .map(|text: Option<_>| text.map(Cell::Text)),
            Type::INT8 => row
                .try_get(index)
                .map(|number: Option<_>| number.map(Cell::Integer)),
            Type::BOOL => row
                .try_get(index)
                .map(|flag: Option<_>| flag.map(Cell::Flag)),
            // The SDK has no such columns.
            _ => Ok(None),
        };
        cell.map(|cell| cell.unwrap_or(Cell::Null))
    });
    let cells: Result<_, _> = cells.collect();
    cells
        .map(Row::new)
        .map_err(|error| Failure::from(&error).into())
}

fn typed(params: &[Param]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    params
        .iter()
        .map(|param| (param.as_sql(), param.kind()))
        .collect()
}

impl Param {
    fn kind(&self) -> Type {
        match self {
            Self::Text(_) => Type::TEXT,
            Self::Integer(_) => Type::INT8,
            Self::Flag(_) => Type::BOOL,
        }
    }

    fn as_sql(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Text(text) => text,
            Self::Integer(number) => number,
            Self::Flag(flag) => flag,
        }
    }
}
