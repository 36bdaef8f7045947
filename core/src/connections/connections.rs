//! Connections with what is sealed of them: how they are read from a store, and the one way in which they are changed.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::cached_tokens::{CachedTokens, Changing, Place};
use super::checked_store::CheckedStore;
use super::store::PAGE;
use super::tries::Tries;
use super::vault::{Owner, Vault};
use super::{
    LinkCounts, LinkFilter, LinkKey, LinkRecord, LinkStatus, LinkStore, LinkWrite, StoreFailure,
};
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
    cached: Arc<CachedTokens>,
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
    pub(crate) fn new(
        store: Arc<dyn LinkStore>,
        vault: Vault,
        platform: String,
        cached: CachedTokens,
    ) -> Self {
        Self {
            store: Arc::new(CheckedStore(store)),
            vault: Arc::new(vault),
            platform,
            cached: Arc::new(cached),
        }
    }

    /// Those with another platform, in the same store.
    pub(crate) fn of_platform(&self, platform: String) -> Self {
        Self {
            store: Arc::clone(&self.store),
            vault: Arc::clone(&self.vault),
            platform,
            cached: Arc::clone(&self.cached),
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

    /// Where the tokens of a user are kept that were read a moment ago; none where none are.
    pub(crate) fn cached_tokens(&self, app_user_id: &str) -> Option<Place<'_>> {
        self.cached.place(self.key(app_user_id))
    }

    /// Forgets the tokens of a user that were read a moment ago: the platform does not take them.
    pub(crate) fn forget_tokens(&self, app_user_id: &str) {
        if let Some(cached) = self.cached_tokens(app_user_id) {
            cached.forget();
        }
    }

    /// The id of the key that seals, which is at hand from then on.
    pub(crate) async fn sealing_key_id(&self) -> Result<String, Error> {
        self.vault.sealing_key_id().await
    }

    /// The record of a user, as it is stored.
    pub(crate) async fn record(&self, app_user_id: &str) -> Result<Option<LinkRecord>, Error> {
        let record = self.store.link(self.key(app_user_id)).await;
        let record = record.map_err(failed("read"))?;
        self.prepare(record.as_slice()).await;
        Ok(record)
    }

    /// Whether there is a record of a user, whatever it says.
    pub(crate) async fn is_there(&self, app_user_id: &str) -> Result<bool, Error> {
        let record = self.store.link(self.key(app_user_id)).await;
        Ok(record.map_err(failed("read"))?.is_some())
    }

    /// Whether it is a service that wraps the key which seals.
    pub(crate) fn are_under_wrapped_keys(&self) -> bool {
        self.vault.is_wrapped()
    }

    /// Has the keys in memory that records are sealed under, as far as they can be had.
    async fn prepare(&self, records: &[LinkRecord]) {
        let sealed = records.iter();
        let sealed: Vec<_> = sealed
            .map(|record| (record.sealed.as_str(), record.key_id.as_str()))
            .collect();
        self.vault.prepare(sealed).await;
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
        !self.vault.has(&record.sealed, &record.key_id)
    }

    /// Why a service did not unwrap the key of a record, if that is why this process does not have it.
    pub(crate) fn failure_of_service(&self, record: &LinkRecord) -> Option<Error> {
        self.vault
            .failure_of_service(&record.sealed, &record.key_id)
    }

    /// The records with a public id, as they are stored.
    pub(crate) async fn of(&self, public_id: &str) -> Result<Vec<LinkRecord>, Error> {
        let records = self.store.links_of(&self.platform, public_id).await;
        let records = records.map_err(failed("read"))?;
        self.prepare(&records).await;
        Ok(records)
    }

    /// How many there are.
    pub(crate) async fn count(&self) -> Result<LinkCounts, Error> {
        let count = self.store.count_links(&self.platform).await;
        count.map_err(failed("read"))
    }

    /// Some records, as they are stored, in the order of their users' ids, from the first that is greater than `after`.
    pub(crate) async fn after(&self, after: &str) -> Result<Vec<LinkRecord>, Error> {
        let records = self.store.links_after(&self.platform, after, PAGE).await;
        let records = records.map_err(failed("read"))?;
        self.prepare(&records).await;
        Ok(records)
    }

    /// Some of the records that `filter` lets through, likewise; none where none is left.
    pub(crate) async fn after_where(
        &self,
        filter: LinkFilter,
        after: &str,
    ) -> Result<Vec<LinkRecord>, Error> {
        if filter == LinkFilter::default() {
            return self.after(after).await;
        }
        let platform = &self.platform;
        let records = self.store.links_where(platform, filter, after, PAGE).await;
        let records = records.map_err(failed("read"))?;
        self.prepare(&records).await;
        Ok(records)
    }

    /// Lets go of the store.
    pub(crate) async fn close(&self) {
        self.cached.clear();
        self.store.close().await;
    }

    /// Up to `limit` records, as they are stored, that are sealed under another key than this, in the order of their users' ids, from the first that
    /// is greater than `after`.
    pub(crate) async fn under_other_keys(
        &self,
        key_id: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<LinkRecord>, Error> {
        let platform = &self.platform;
        let records = self
            .store
            .links_under_other_keys(platform, key_id, after, limit);
        let records = records.await.map_err(failed("read"))?;
        self.prepare(&records).await;
        Ok(records)
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
        let _changing = self.cached_tokens(app_user_id).map(Changing);
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
                Change::Seal(connection, answer) => {
                    (answer, Some(self.seal(*connection, world).await?))
                }
            };
            if let Some(mut record) = record {
                record.version = version_over(expected, world)?;
                let written = self.store.put_link(&record, expected).await;
                if written.map_err(failed("write"))? {
                    return Ok((answer, Some(record)));
                }
            }
            tries.again().await?;
        }
    }

    /// Seals and writes many in one step, each over the version that is expected, or as a new one: whether each was written, in the order in which
    /// they were given.
    pub(crate) async fn seal_all<D: Serialize>(
        &self,
        world: &World,
        connections: Vec<(Connection<D>, Option<i64>)>,
    ) -> Result<Vec<bool>, Error> {
        let mut writes = Vec::with_capacity(connections.len());
        let mut changing = Vec::new();
        for (connection, expected) in connections {
            let place = self.cached_tokens(&connection.record.app_user_id);
            changing.extend(place.map(Changing));
            let mut link = self.seal(connection, world).await?;
            link.version = version_over(expected, world)?;
            writes.push(LinkWrite { link, expected });
        }
        let written = self.store.put_links(&writes).await;
        written.map_err(failed("write"))
    }

    /// Forgets the attempts of a user.
    pub(crate) async fn forget_attempts_of(&self, app_user_id: &str) -> Result<(), Error> {
        let removed = self.store.remove_attempts_of(self.key(app_user_id)).await;
        removed.map_err(failed("write"))
    }

    async fn seal<D: Serialize>(
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
        let owner = Self::owner(&record);
        let sealed = self.vault.seal(&sealed, owner, world).await?;
        record.key_id = sealed.key_id;
        record.sealed = sealed.text;
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

/// The version of a record that is written over another, or as a new one.
fn version_over(expected: Option<i64>, world: &World) -> Result<i64, Error> {
    match expected {
        Some(_) => next_version(expected),
        None => first_version(world),
    }
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
