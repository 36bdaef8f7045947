//! Links with their tokens: how they are read from a store and written to it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::vault::Owner;
use super::{
    AttemptRecord, LinkKey, LinkRecord, LinkStatus, LinkStore, StoreFailure, Tokens, Vault,
};
use crate::error::ErrorKind;
use crate::{Error, World};

/// A link, its tokens opened.
#[derive(Clone)]
pub(crate) struct StoredLink {
    pub record: LinkRecord,
    pub tokens: Tokens,
    /// The id of the attempt that it was made by.
    pub attempt: String,
}

/// What is sealed of a link: beside the tokens what must not be exchanged against another's.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    public_id: String,
    tokens: Tokens,
    attempt: String,
}

/// The links of a platform in a store.
pub(crate) struct Links {
    pub(super) store: Arc<dyn LinkStore>,
    pub(super) vault: Vault,
    pub(super) platform: String,
}

impl Links {
    pub(crate) fn new(store: Arc<dyn LinkStore>, vault: Vault, platform: String) -> Self {
        Self {
            store,
            vault,
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

    /// The link of a user, as it is stored.
    pub(crate) async fn record(&self, app_user_id: &str) -> Result<Option<LinkRecord>, Error> {
        let record = self.store.link(self.key(app_user_id)).await;
        record.map_err(failed("read"))
    }

    /// The link of a user, with its tokens.
    pub(crate) async fn get(&self, app_user_id: &str) -> Result<Option<StoredLink>, Error> {
        let record = self.record(app_user_id).await?;
        record.map(|record| self.open(record)).transpose()
    }

    fn open(&self, record: LinkRecord) -> Result<StoredLink, Error> {
        let content: Content =
            self.vault
                .open(&record.sealed, &record.key_id, Self::owner(&record))?;
        if content.public_id != record.public_id {
            return Err(ErrorKind::Store {
                operation: "read",
                message: "a link's public id is not the one that its tokens are for: the record was changed".to_owned(),
            }
            .into());
        }
        Ok(StoredLink {
            record,
            tokens: content.tokens,
            attempt: content.attempt,
        })
    }

    /// Whether a link was made by this attempt. One that does not open was made by none.
    pub(crate) fn was_made_by(&self, record: &LinkRecord, attempt: &str) -> bool {
        self.open(record.clone())
            .is_ok_and(|link| link.attempt == attempt)
    }

    /// The links with a public id, as they are stored.
    pub(crate) async fn of(&self, public_id: &str) -> Result<Vec<LinkRecord>, Error> {
        let records = self.store.links_of(&self.platform, public_id).await;
        records.map_err(failed("read"))
    }

    /// Up to `limit` links of users whose ids are greater than `after`, as they are stored.
    pub(crate) async fn after(&self, after: &str, limit: u32) -> Result<Vec<LinkRecord>, Error> {
        let records = self.store.links_after(&self.platform, after, limit).await;
        records.map_err(failed("read"))
    }

    /// The link that an attempt leads to, not yet stored.
    pub(crate) fn link(
        &self,
        attempt: &AttemptRecord,
        public_id: String,
        tokens: Tokens,
        now: i64,
    ) -> StoredLink {
        let record = LinkRecord {
            platform: self.platform.clone(),
            app_user_id: attempt.app_user_id.clone(),
            public_id,
            status: LinkStatus::Active,
            linked_at: now,
            refreshed_at: now,
            lease: None,
            lease_until: None,
            key_id: String::new(),
            sealed: String::new(),
            version: 0,
        };
        StoredLink {
            record,
            tokens,
            attempt: attempt.id.clone(),
        }
    }

    /// Writes a link with its tokens over the version `expected`, and says whether that was still there to write over. The link
    /// has its new version then.
    pub(crate) async fn put(
        &self,
        link: &mut StoredLink,
        expected: Option<i64>,
        world: &World,
    ) -> Result<bool, Error> {
        let content = Content {
            public_id: link.record.public_id.clone(),
            tokens: link.tokens.clone(),
            attempt: link.attempt.clone(),
        };
        self.vault.key_id().clone_into(&mut link.record.key_id);
        link.record.sealed = self
            .vault
            .seal(&content, Self::owner(&link.record), world)?;
        self.put_record(&mut link.record, expected).await
    }

    /// The same where the tokens stay as they are.
    pub(crate) async fn put_record(
        &self,
        record: &mut LinkRecord,
        expected: Option<i64>,
    ) -> Result<bool, Error> {
        record.version = expected.unwrap_or(0) + 1;
        let written = self.store.put_link(record, expected).await;
        written.map_err(failed("write"))
    }

    /// Removes a link of that version, and says whether it was there.
    pub(crate) async fn remove(&self, app_user_id: &str, version: i64) -> Result<bool, Error> {
        let removed = self.store.remove_link(self.key(app_user_id), version).await;
        removed.map_err(failed("write"))
    }

    /// Seals a link's tokens under the current key, and says whether they were under another.
    pub(crate) async fn reseal(&self, record: LinkRecord, world: &World) -> Result<bool, Error> {
        let mut record = record;
        // A change in between has sealed under the current key, or comes to this again.
        while record.key_id != self.vault.key_id() {
            let version = record.version;
            let app_user_id = record.app_user_id.clone();
            if self
                .put(&mut self.open(record)?, Some(version), world)
                .await?
            {
                return Ok(true);
            }
            let Some(current) = self.record(&app_user_id).await? else {
                return Ok(false);
            };
            record = current;
        }
        Ok(false)
    }
}

/// The error of a store that failed at this.
pub(super) fn failed(operation: &'static str) -> impl Fn(StoreFailure) -> Error {
    move |failure| match failure.host_path() {
        Some(path) => Error::host(path),
        None => ErrorKind::Store {
            operation,
            message: failure.to_string(),
        }
        .into(),
    }
}
