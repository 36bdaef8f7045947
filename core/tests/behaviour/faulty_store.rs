//! A store that breaks one promise, as a test decides, on a server that can be killed.

use std::future::{Future, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use digime_sdk::connections::testing::Database;
use digime_sdk::connections::{
    AttemptRecord, LinkFilter, LinkKey, LinkRecord, LinkStore, MemoryStore, StoreFailure, Stored,
};
use futures_util::future::BoxFuture;

/// How a store breaks a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    ComparesAsText,
    ComparesAsFloats,
    AnswersEarly,
    ReadsAReplica,
    SwallowsConflicts,
    ComparesFirst,
    DropsMembers,
    CutsWhatIsSealed,
    CutsIds,
    IgnoresAfter,
    IgnoresTheFilter,
    EndsWhereNoneIsWanted,
    HeedsNoPublicId,
    RemovesOfOtherPlatforms,
    RemovesOfOtherUsers,
    SaysNothingIsThere,
    Fails,
}

/// A change, as the server's disk has it.
#[derive(Clone)]
enum Change {
    Put(LinkRecord, Option<i64>),
    Remove(String, String, i64),
    PutAttempt(AttemptRecord, Option<i64>),
    RemoveAttempts(String, i64),
    RemoveAttemptsOf(String, String),
}

/// A server with the records of a store; it can be killed, which loses what it has not written to its disk.
#[derive(Default)]
pub struct Server {
    rows: Mutex<Arc<MemoryStore>>,
    /// As a replica has them, which lags one change behind.
    replica: Mutex<Arc<MemoryStore>>,
    disk: Mutex<Vec<Change>>,
    is_down: AtomicBool,
}

async fn applied(rows: &MemoryStore, change: &Change) -> Result<bool, StoreFailure> {
    match change {
        Change::Put(link, expected) => rows.put_link(link, *expected).await,
        Change::PutAttempt(attempt, expected) => rows.put_attempt(attempt, *expected).await,
        Change::Remove(platform, app_user_id, version) => {
            let key = LinkKey {
                platform,
                app_user_id,
            };
            rows.remove_link(key, *version).await
        }
        Change::RemoveAttempts(platform, time) => {
            rows.remove_attempts(platform, *time).await?;
            Ok(true)
        }
        Change::RemoveAttemptsOf(platform, app_user_id) => {
            let key = LinkKey {
                platform,
                app_user_id,
            };
            rows.remove_attempts_of(key).await?;
            Ok(true)
        }
    }
}

impl Server {
    async fn rows(&self) -> Result<Arc<MemoryStore>, StoreFailure> {
        // As if it were asked over a network.
        tokio::task::yield_now().await;
        if self.is_down.load(Ordering::SeqCst) {
            return Err(StoreFailure::new("connection refused"));
        }
        Ok(Arc::clone(&self.rows.lock().unwrap()))
    }

    async fn change(&self, change: Change, fault: Fault) -> Result<bool, StoreFailure> {
        let rows = self.rows().await?;
        let answer = applied(&rows, &change).await?;
        if fault == Fault::ReadsAReplica {
            let changes = self.disk.lock().unwrap().clone();
            let behind = replayed(&changes).await;
            *self.replica.lock().unwrap() = behind;
        }
        if fault != Fault::AnswersEarly && answer {
            self.disk.lock().unwrap().push(change);
        }
        Ok(answer)
    }
}

async fn replayed(changes: &[Change]) -> Arc<MemoryStore> {
    let rows = MemoryStore::default();
    for change in changes {
        applied(&rows, change).await.unwrap();
    }
    Arc::new(rows)
}

impl Database for Server {
    fn kill(&self) -> BoxFuture<'_, ()> {
        self.is_down.store(true, Ordering::SeqCst);
        Box::pin(ready(()))
    }

    fn start(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            let changes = self.disk.lock().unwrap().clone();
            *self.rows.lock().unwrap() = replayed(&changes).await;
            self.is_down.store(false, Ordering::SeqCst);
        })
    }
}

/// A store on a server.
pub struct Client {
    pub server: Arc<Server>,
    pub fault: Fault,
}

impl Client {
    async fn version(&self, link: &LinkRecord) -> Result<Option<i64>, StoreFailure> {
        let key = LinkKey {
            platform: &link.platform,
            app_user_id: &link.app_user_id,
        };
        Ok(self
            .server
            .rows()
            .await?
            .link(key)
            .await?
            .map(|link| link.version))
    }

    /// A link as the server has it, and back.
    fn hidden(&self, mut link: LinkRecord) -> LinkRecord {
        if self.fault == Fault::HeedsNoPublicId {
            link.public_id = format!("{}\n{}", link.app_user_id, link.public_id);
        }
        if self.fault == Fault::CutsWhatIsSealed {
            link.sealed.truncate(65_535);
        }
        if self.fault == Fault::CutsIds {
            link.app_user_id.truncate(255);
        }
        if self.fault == Fault::DropsMembers {
            link.other.clear();
        }
        link
    }

    fn shown(&self, mut link: LinkRecord) -> LinkRecord {
        if self.fault == Fault::HeedsNoPublicId {
            link.public_id = link.public_id.split('\n').next_back().unwrap().to_owned();
        }
        link
    }

    async fn put(&self, link: &LinkRecord, expected: Option<i64>) -> Result<bool, StoreFailure> {
        let stored = self.version(link).await?;
        let is_passed = stored
            .zip(expected)
            .is_some_and(|(stored, expected)| match self.fault {
                Fault::ComparesAsText => stored.to_string() <= expected.to_string(),
                #[expect(clippy::cast_precision_loss, clippy::float_cmp, reason = "the fault")]
                Fault::ComparesAsFloats => stored as f64 == expected as f64,
                _ => false,
            });
        if self.fault == Fault::ComparesFirst && stored != expected {
            return Ok(false);
        }
        let expected = match self.fault {
            Fault::ComparesFirst => self.version(link).await?,
            _ if is_passed => stored,
            _ => expected,
        };
        let change = Change::Put(self.hidden(link.clone()), expected);
        let answer = self.server.change(change, self.fault).await?;
        Ok(answer || self.fault == Fault::SwallowsConflicts)
    }
}

fn boxed<'a, T>(
    future: impl Future<Output = Result<T, StoreFailure>> + Send + 'a,
) -> Stored<'a, T> {
    Box::pin(future)
}

impl LinkStore for Client {
    fn link<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, Option<LinkRecord>> {
        boxed(async move {
            let rows = match (self.fault, self.server.rows().await) {
                (Fault::SaysNothingIsThere, Err(_)) => return Ok(None),
                (Fault::ReadsAReplica, Ok(_)) => Arc::clone(&self.server.replica.lock().unwrap()),
                (_, rows) => rows?,
            };
            Ok(rows.link(key).await?.map(|link| self.shown(link)))
        })
    }

    fn links_of<'a>(
        &'a self,
        platform: &'a str,
        public_id: &'a str,
    ) -> Stored<'a, Vec<LinkRecord>> {
        boxed(async move {
            let mut links = self.links_after(platform, "", u32::MAX).await?;
            links.retain(|link| link.public_id == public_id);
            Ok(links)
        })
    }

    fn links_after<'a>(
        &'a self,
        platform: &'a str,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        let after = if self.fault == Fault::IgnoresAfter {
            ""
        } else {
            after
        };
        boxed(async move {
            let rows = self.server.rows().await?;
            let links = rows.links_after(platform, after, limit).await?;
            Ok(links.into_iter().map(|link| self.shown(link)).collect())
        })
    }

    fn links_where<'a>(
        &'a self,
        platform: &'a str,
        filter: LinkFilter,
        after: &'a str,
        limit: u32,
    ) -> Stored<'a, Vec<LinkRecord>> {
        boxed(async move {
            let rows = self.server.rows().await?;
            match self.fault {
                Fault::IgnoresTheFilter => rows.links_after(platform, after, limit).await,
                Fault::EndsWhereNoneIsWanted => {
                    let mut page = rows.links_after(platform, after, limit).await?;
                    page.retain(|link| filter.lets_through(link));
                    Ok(page)
                }
                _ => rows.links_where(platform, filter, after, limit).await,
            }
            .map(|links| links.into_iter().map(|link| self.shown(link)).collect())
        })
    }

    fn put_link<'a>(&'a self, link: &'a LinkRecord, expected: Option<i64>) -> Stored<'a, bool> {
        boxed(self.put(link, expected))
    }

    fn remove_link<'a>(&'a self, key: LinkKey<'a>, version: i64) -> Stored<'a, bool> {
        let (platform, id) = (key.platform.to_owned(), key.app_user_id.to_owned());
        boxed(
            self.server
                .change(Change::Remove(platform, id, version), self.fault),
        )
    }

    fn attempt<'a>(&'a self, platform: &'a str, id: &'a str) -> Stored<'a, Option<AttemptRecord>> {
        boxed(async move { self.server.rows().await?.attempt(platform, id).await })
    }

    fn put_attempt<'a>(
        &'a self,
        attempt: &'a AttemptRecord,
        expected: Option<i64>,
    ) -> Stored<'a, bool> {
        if self.fault == Fault::Fails {
            return boxed(ready(Err(StoreFailure::new("too many connections"))));
        }
        boxed(
            self.server
                .change(Change::PutAttempt(attempt.clone(), expected), self.fault),
        )
    }

    fn remove_attempts<'a>(&'a self, platform: &'a str, expired_before: i64) -> Stored<'a, ()> {
        boxed(async move {
            let another = platform.strip_suffix(":8443").map(ToOwned::to_owned);
            let other = another.unwrap_or_else(|| format!("{platform}:8443"));
            if self.fault == Fault::RemovesOfOtherPlatforms {
                let change = Change::RemoveAttempts(other, expired_before);
                self.server.change(change, self.fault).await?;
            }
            let change = Change::RemoveAttempts(platform.to_owned(), expired_before);
            self.server.change(change, self.fault).await?;
            Ok(())
        })
    }

    fn remove_attempts_of<'a>(&'a self, key: LinkKey<'a>) -> Stored<'a, ()> {
        let platform = key.platform.to_owned();
        let change = if self.fault == Fault::RemovesOfOtherUsers {
            Change::RemoveAttempts(platform, i64::MAX)
        } else {
            Change::RemoveAttemptsOf(platform, key.app_user_id.to_owned())
        };
        boxed(async move { self.server.change(change, self.fault).await.map(drop) })
    }
}
