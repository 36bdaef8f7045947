//! One run of the check: operations, one after the other, and after each a look at what has become of the store.

use super::super::{AttemptRecord, LinkKey, LinkRecord, LinkWrite};
use super::looks::Looks;
use super::operations::{INSTANCES, Key, Operation, Put, expected};
use super::promises::{BrokenPromise, StorePromise};
use super::records::{OWNERS, attempt, before, brief, brief_attempt, brief_id, keyed, link};
use super::{Check, crash, race};

/// Later than all attempts expire.
const FOR_EVER: i64 = 100;

pub(super) struct Play<'a> {
    pub looks: Looks,
    pub check: &'a Check,
    pub marks: i64,
}

type Played = Result<(), BrokenPromise>;

impl Play<'_> {
    pub(super) async fn run(&mut self, operations: &[Operation]) -> Played {
        for operation in operations {
            match operation {
                Operation::Put(put) => self.put(put).await?,
                Operation::PutAttempt(put) => self.put_attempt(put).await?,
                Operation::Remove(put) => self.remove(put).await?,
                Operation::RemoveAttempts {
                    platform,
                    by,
                    expires_at,
                } => {
                    self.remove_attempts(*platform, *by, *expires_at).await?;
                }
                Operation::RemoveAttemptsOf {
                    platform,
                    by,
                    owner,
                } => {
                    self.remove_attempts_of(*platform, *by, OWNERS[*owner])
                        .await?;
                }
                Operation::Race(over, put) => race::race(self, *over, put).await?,
                Operation::List {
                    platform,
                    by,
                    limit,
                } => self.list(*platform, *by, *limit).await?,
                Operation::Crash { put, is_answered } => {
                    crash::crash(self, put, *is_answered).await?;
                }
            }
        }
        self.looks.everything(0, StorePromise::Apart).await
    }

    pub(super) fn keyed(&self, key: Key) -> (String, &'static str) {
        let (platform, id) = keyed(&self.looks.platforms, key);
        (platform.to_owned(), id)
    }

    /// A link as an operation says, which is none that there was, and that which is in its place.
    pub(super) fn link(&mut self, put: &Put) -> (LinkRecord, Option<LinkRecord>) {
        let (platform, id) = self.keyed(put.key);
        self.looks.model.ask_for(&platform, id);
        let current = self.looks.model.link(&platform, id).cloned();
        let version = current.as_ref().map_or(put.first, |link| link.version + 1);
        self.marks += 1;
        (link(&platform, put, version, self.marks), current)
    }

    pub(super) fn attempt(&mut self, put: &Put) -> (AttemptRecord, Option<i64>) {
        let (platform, id) = self.keyed(put.key);
        self.looks.model.ask_for(&platform, id);
        let current = self
            .looks
            .model
            .attempt(&platform, id)
            .map(|attempt| attempt.version);
        let version = current.map_or(put.first, |version| version + 1);
        self.marks += 1;
        (attempt(&platform, put, version, self.marks), current)
    }

    /// Takes note of a change whose answer is known beforehand.
    fn changed(&mut self, call: &str, answer: bool, right: bool, promise: StorePromise) -> Played {
        let found = format!("{call} answered {answer}, and should have answered {right}.");
        self.looks.calls.push(format!("{call} → {answer}"));
        self.looks.require(answer == right, promise, || found)
    }

    async fn put(&mut self, put: &Put) -> Played {
        let (record, current) = self.link(put);
        let version = current.as_ref().map(|link| link.version);
        let wanted = expected(put.expectation, version);
        let fits = wanted == version;
        let is_taken = self.looks.model.is_in_the_way(&record);
        let right = fits && !is_taken;
        // One alone, or by the method for many.
        let is_one = put.expires_at % 2 == 0;
        let method = if is_one { "put_link" } else { "put_links" };
        let call = format!("{}.{method}({}, {wanted:?})", name(put.by), brief(&record));
        let store = self.looks.store(put.by);
        let answer = if is_one {
            store.put_link(&record, wanted).await
        } else {
            let write = LinkWrite {
                link: record.clone(),
                expected: wanted,
            };
            let written = store.put_links(&[write]).await;
            written.map(|written| written == [true])
        };
        let (platform, id) = (record.platform.clone(), record.app_user_id.clone());
        let public_ids = [
            current.map(|link| link.public_id),
            Some(record.public_id.clone()),
        ];
        match answer {
            // A store that cannot keep what it does not know says so.
            Err(failure) if !record.other.is_empty() => {
                self.looks.calls.push(format!("{call} → {failure}"));
            }
            answer => {
                let promise = if fits && is_taken {
                    StorePromise::PublicId
                } else {
                    StorePromise::Version
                };
                let answer = self.looks.answer(&call, answer)?;
                self.changed(&call, answer, right, promise)?;
                if right {
                    self.looks.model.write(record);
                }
            }
        }
        let otherwise = if right {
            StorePromise::Written
        } else {
            StorePromise::Refused
        };
        self.looks.link(&platform, &id, put.by, otherwise).await?;
        for public_id in public_ids.into_iter().flatten() {
            self.looks.found(put.by + 1, &platform, &public_id).await?;
        }
        self.looks.lists(put.by + 2, StorePromise::Apart).await
    }

    async fn remove(&mut self, put: &Put) -> Played {
        let (platform, id) = self.keyed(put.key);
        let version = self
            .looks
            .model
            .link(&platform, id)
            .map(|link| link.version);
        // Of what there is not, no version is right.
        let wanted = expected(put.expectation, version).unwrap_or(1);
        self.remove_version(put.by, &platform, id, wanted, version == Some(wanted))
            .await?;
        let is_gone = version == Some(wanted);
        let otherwise = if is_gone {
            StorePromise::Written
        } else {
            StorePromise::Refused
        };
        self.looks.link(&platform, id, put.by, otherwise).await?;
        self.looks.lists(put.by + 2, StorePromise::Apart).await
    }

    async fn remove_version(
        &mut self,
        by: usize,
        platform: &str,
        id: &str,
        wanted: i64,
        right: bool,
    ) -> Played {
        let key = LinkKey {
            platform,
            app_user_id: id,
        };
        let call = format!(
            "{}.remove_link({platform:?}, {}, {wanted})",
            name(by),
            brief_id(id)
        );
        let answer = self.looks.store(by).remove_link(key, wanted).await;
        let answer = self.looks.answer(&call, answer)?;
        self.changed(&call, answer, right, StorePromise::Version)?;
        if right {
            self.looks.model.remove(platform, id);
        }
        Ok(())
    }

    async fn put_attempt(&mut self, put: &Put) -> Played {
        let (record, version) = self.attempt(put);
        let wanted = expected(put.expectation, version);
        let right = wanted == version;
        let call = format!(
            "{}.put_attempt({}, {wanted:?})",
            name(put.by),
            brief_attempt(&record)
        );
        let answer = self.looks.store(put.by).put_attempt(&record, wanted).await;
        let (platform, id) = (record.platform.clone(), record.id.clone());
        match answer {
            Err(failure) if !record.other.is_empty() => {
                self.looks.calls.push(format!("{call} → {failure}"));
            }
            answer => {
                let answer = self.looks.answer(&call, answer)?;
                self.changed(&call, answer, right, StorePromise::Version)?;
                if right {
                    self.looks.model.write_attempt(record);
                }
            }
        }
        let otherwise = if right {
            StorePromise::Written
        } else {
            StorePromise::Refused
        };
        self.looks.attempt(&platform, &id, put.by, otherwise).await
    }

    async fn remove_attempts(&mut self, platform: usize, by: usize, expires_at: i64) -> Played {
        let platform = self.looks.platforms[platform].clone();
        let time = before(expires_at);
        let call = format!("{}.remove_attempts({platform:?}, {time})", name(by));
        let answer = self.looks.store(by).remove_attempts(&platform, time).await;
        self.looks.answer(&call, answer)?;
        self.looks.calls.push(call);
        let known = self.looks.model.attempts();
        self.looks.model.remove_attempts(&platform, time);
        self.look_at_attempts(known, by).await
    }

    async fn remove_attempts_of(&mut self, platform: usize, by: usize, owner: &str) -> Played {
        let platform = self.looks.platforms[platform].clone();
        let call = format!("{}.remove_attempts_of({platform:?}, {owner:?})", name(by));
        let key = LinkKey {
            platform: &platform,
            app_user_id: owner,
        };
        let answer = self.looks.store(by).remove_attempts_of(key).await;
        self.looks.answer(&call, answer)?;
        self.looks.calls.push(call);
        let known = self.looks.model.attempts();
        self.looks.model.remove_attempts_of(&platform, owner);
        self.look_at_attempts(known, by).await
    }

    async fn look_at_attempts(&mut self, known: Vec<(String, String)>, by: usize) -> Played {
        for (platform, id) in known {
            self.looks
                .attempt(&platform, &id, by, StorePromise::Expired)
                .await?;
        }
        Ok(())
    }

    /// Reads all pages, from each link on, and once from one that is removed meanwhile.
    async fn list(&mut self, platform: usize, by: usize, limit: u32) -> Played {
        let platform = self.looks.platforms[platform].clone();
        self.looks.lists(by, StorePromise::Listed).await?;
        let all = self.looks.store(by).links_after(&platform, "", 100).await;
        let all = self.looks.answer("links_after", all)?;
        let order: Vec<String> = all.into_iter().map(|link| link.app_user_id).collect();
        self.page(by, &platform, "", limit, &order).await?;
        for index in 0..order.len() {
            self.page(by, &platform, &order[index], limit, &order[index + 1..])
                .await?;
        }
        let removed = order.len() / 2;
        let Some(link) = order
            .get(removed)
            .and_then(|id| self.looks.model.link(&platform, id))
        else {
            return Ok(());
        };
        let version = link.version;
        self.remove_version(by, &platform, &order[removed], version, true)
            .await?;
        self.page(
            by + 1,
            &platform,
            &order[removed],
            limit,
            &order[removed + 1..],
        )
        .await
    }

    async fn page(
        &self,
        by: usize,
        platform: &str,
        after: &str,
        limit: u32,
        left: &[String],
    ) -> Played {
        let given = self
            .looks
            .store(by)
            .links_after(platform, after, limit)
            .await;
        let given = self.looks.answer("links_after", given)?;
        let given: Vec<&str> = given.iter().map(|link| link.app_user_id.as_str()).collect();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let right: Vec<&str> = left.iter().take(limit).map(String::as_str).collect();
        self.looks.require(given == right, StorePromise::Listed, || {
            let brief = |ids: &[&str]| ids.iter().map(|id| brief_id(id)).collect::<Vec<_>>().join(", ");
            format!("{}.links_after({platform:?}, {}, {limit}) gave [{}], and should have given [{}].", name(by), brief_id(after), brief(&given), brief(&right))
        })
    }

    /// Removes what is left, and looks whether it is gone.
    pub(super) async fn end(&mut self) -> Played {
        for link in self.looks.model.links() {
            self.remove_version(0, &link.platform, &link.app_user_id, link.version, true)
                .await?;
        }
        for platform in self.looks.platforms.clone() {
            let time = before(FOR_EVER);
            let answer = self.looks.store(0).remove_attempts(&platform, time).await;
            self.looks.answer("remove_attempts", answer)?;
            self.looks.model.remove_attempts(&platform, time);
        }
        self.looks.everything(1, StorePromise::Fresh).await
    }
}

/// What an instance is called in the list of calls.
pub(super) fn name(by: usize) -> char {
    ['a', 'b', 'c'][by % INSTANCES]
}
