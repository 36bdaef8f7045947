//! Connections with what is sealed of them: how they are read from a store, and the one way in which they are changed.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::checked_store::CheckedStore;
use super::store::PAGE;
use super::tries::Tries;
use super::vault::Owner;
use super::{LinkKey, LinkRecord, LinkStatus, LinkStore, StoreFailure, Vault};
use crate::error::ErrorKind;
use crate::{Error, World};

/// A connection, opened. `D` is what its platform seals.
#[derive(Clone)]
pub(crate) struct Connection<D> {
    pub record: LinkRecord,
    pub document: D,
}

/// What is sealed beside the platform's own: what must not be exchanged against another's.
const PUBLIC_ID: &str = "publicId";

/// The connections of a platform in a store.
pub(crate) struct Connections {
    pub(super) store: Arc<dyn LinkStore>,
    pub(super) vault: Arc<Vault>,
    pub(super) platform: String,
}

/// What is to become of a record.
pub(crate) enum Change<D, R> {
    /// It is written as this, sealed anew.
    Seal(Box<Connection<D>>, R),
    /// It is written as this; what is sealed stays as it is.
    Write(Box<LinkRecord>, R),
    /// It is removed.
    Remove(R),
    /// It stays as it is.
    Leave(R),
}

impl Connections {
    pub(crate) fn new(store: Arc<dyn LinkStore>, vault: Vault, platform: String) -> Self {
        Self {
            store: Arc::new(CheckedStore(store)),
            vault: Arc::new(vault),
            platform,
        }
    }

    /// Those with another platform, in the same store.
    pub(crate) fn of_platform(&self, platform: String) -> Self {
        Self {
            store: Arc::clone(&self.store),
            vault: Arc::clone(&self.vault),
            platform,
        }
    }

    fn key<'a>(&'a self, app_user_id: &'a str) -> LinkKey<'a> {
        LinkKey {
            platform: &self.platform,
            app_user_id,
        }
    }

    fn owner(record: &LinkRecord) -> Owner<'_> {
        Owner {
            table: "link",
            platform: &record.platform,
            app_user_id: &record.app_user_id,
            record: "",
        }
    }

    /// The id of the key that seals.
    pub(crate) fn key_id(&self) -> &str {
        self.vault.key_id()
    }

    /// The record of a user, as it is stored.
    pub(crate) async fn record(&self, app_user_id: &str) -> Result<Option<LinkRecord>, Error> {
        let record = self.store.link(self.key(app_user_id)).await;
        record.map_err(failed("read"))
    }

    /// The connection of a user.
    pub(crate) async fn get<D: DeserializeOwned>(
        &self,
        app_user_id: &str,
    ) -> Result<Option<Connection<D>>, Error> {
        let record = self.record(app_user_id).await?;
        record.map(|record| self.open(record)).transpose()
    }

    /// Opens what is sealed of a record.
    pub(crate) fn open<D: DeserializeOwned>(
        &self,
        record: LinkRecord,
    ) -> Result<Connection<D>, Error> {
        let (vault, owner) = (&self.vault, Self::owner(&record));
        let mut sealed: Map<String, Value> = vault.open(&record.sealed, &record.key_id, owner)?;
        let public_id = sealed.remove(PUBLIC_ID);
        if public_id.as_ref().and_then(Value::as_str) != Some(&record.public_id) {
            return Err(misread(
                "a record's public id is not the one that its tokens are for, so somebody has changed the record: put it back as it was, or unlink the user and let them link again",
            ));
        }
        let document = serde_json::from_value(Value::Object(sealed)).map_err(|_| {
            misread("what is sealed of a record is not what this version of the SDK can read: a later one has written it, so update this one")
        })?;
        Ok(Connection { record, document })
    }

    /// Whether a record is under a key that this process does not have.
    pub(crate) fn is_under_an_unknown_key(&self, record: &LinkRecord) -> bool {
        !self.vault.has(&record.key_id)
    }

    /// The records with a public id, as they are stored.
    pub(crate) async fn of(&self, public_id: &str) -> Result<Vec<LinkRecord>, Error> {
        let records = self.store.links_of(&self.platform, public_id).await;
        records.map_err(failed("read"))
    }

    /// How many there are.
    pub(crate) async fn count(&self) -> Result<u64, Error> {
        let count = self.store.count_links(&self.platform).await;
        count.map_err(failed("read"))
    }

    /// Some records, as they are stored, in the order of their users' ids, from the first that is greater than `after`.
    pub(crate) async fn after(&self, after: &str) -> Result<Vec<LinkRecord>, Error> {
        let records = self.store.links_after(&self.platform, after, PAGE).await;
        records.map_err(failed("read"))
    }

    /// Lets go of the store.
    pub(crate) async fn close(&self) {
        self.store.close().await;
    }

    /// Some records, as they are stored, that are sealed under another key than the one that seals, in the order of their users' ids, from
    /// the first that is greater than `after`.
    pub(crate) async fn under_other_keys(&self, after: &str) -> Result<Vec<LinkRecord>, Error> {
        let (platform, key_id) = (&self.platform, self.vault.key_id());
        let records = self
            .store
            .links_under_other_keys(platform, key_id, after, PAGE);
        records.await.map_err(failed("read"))
    }

    /// A connection that is not yet stored.
    pub(crate) fn make<D>(
        &self,
        app_user_id: String,
        public_id: String,
        document: D,
        now: i64,
    ) -> Connection<D> {
        let record = LinkRecord {
            platform: self.platform.clone(),
            app_user_id,
            public_id,
            shares_public_id: false,
            status: LinkStatus::Active,
            linked_at: now,
            refreshed_at: now,
            lease: None,
            lease_until: None,
            key_id: String::new(),
            sealed: String::new(),
            version: 0,
            other: Map::new(),
        };
        Connection { record, document }
    }

    /// Changes the record of a user into what `decide` makes of what is stored; it is asked again where somebody else was faster. Gives
    /// what it says, and the record as it stands then.
    pub(crate) async fn change<D: Serialize, R>(
        &self,
        world: &World,
        app_user_id: &str,
        mut decide: impl FnMut(Option<LinkRecord>) -> Result<Change<D, R>, Error>,
    ) -> Result<(R, Option<LinkRecord>), Error> {
        let mut tries = Tries::new(world);
        loop {
            let found = self.record(app_user_id).await?;
            let expected = found.as_ref().map(|record| record.version);
            let unchanged = found.clone();
            let (answer, record) = match decide(found)? {
                Change::Leave(answer) => return Ok((answer, unchanged)),
                Change::Remove(answer) => match expected {
                    None => return Ok((answer, None)),
                    Some(version) if self.remove(app_user_id, version).await? => {
                        return Ok((answer, None));
                    }
                    Some(_) => (answer, None),
                },
                Change::Write(record, answer) => (answer, Some(*record)),
                Change::Seal(connection, answer) => (answer, Some(self.seal(*connection, world)?)),
            };
            if let Some(mut record) = record {
                record.version = match expected {
                    Some(_) => next_version(expected)?,
                    None => first_version(world)?,
                };
                let written = self.store.put_link(&record, expected).await;
                if written.map_err(failed("write"))? {
                    return Ok((answer, Some(record)));
                }
            }
            tries.again().await?;
        }
    }

    fn seal<D: Serialize>(
        &self,
        connection: Connection<D>,
        world: &World,
    ) -> Result<LinkRecord, Error> {
        let Connection {
            mut record,
            document,
        } = connection;
        let sealed = serde_json::to_value(document);
        let Ok(Value::Object(mut sealed)) = sealed else {
            return Err(Error::sdk(
                "what is to be sealed of a record has no members",
            ));
        };
        let public_id = Value::from(record.public_id.as_str());
        sealed.insert(PUBLIC_ID.to_owned(), public_id);
        self.vault.key_id().clone_into(&mut record.key_id);
        record.sealed = self.vault.seal(&sealed, Self::owner(&record), world)?;
        Ok(record)
    }

    async fn remove(&self, app_user_id: &str, version: i64) -> Result<bool, Error> {
        let removed = self.store.remove_link(self.key(app_user_id), version).await;
        removed.map_err(failed("write"))
    }
}

fn misread(message: &'static str) -> Error {
    ErrorKind::Store {
        operation: "read",
        message: message.into(),
    }
    .into()
}

/// The version of a new record. The one before it, that was removed, may be in the hands of a process that is about to change it: a version that
/// the two had in common would let it.
fn first_version(world: &World) -> Result<i64, Error> {
    let mut number = [0; 4];
    world.random.fill(&mut number)?;
    Ok(i64::from(u32::from_be_bytes(number)) + 1)
}

/// The version after the one that a change is made from.
pub(super) fn next_version(expected: Option<i64>) -> Result<i64, Error> {
    let next = expected.unwrap_or(0).checked_add(1);
    next.ok_or_else(|| misread("a record's version cannot grow any more: the record was changed"))
}

/// The error of a store that failed at this.
pub(crate) fn failed(operation: &'static str) -> impl Fn(StoreFailure) -> Error {
    move |failure| match failure.host_path() {
        Some(path) => Error::host(path),
        None => ErrorKind::Store {
            operation,
            message: failure.words(),
        }
        .into(),
    }
}
