//! An attempt to link: what is remembered of it while the patient is away, and after.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::links::failed;
use super::vault::Owner;
use super::{AttemptRecord, AttemptStatus, Links, Tokens};
use crate::crypto::digest::sha256;
use crate::{Error, Secret, World};

/// How long an application's context may be, in bytes.
pub(crate) const MAX_CONTEXT: usize = 16 * 1024;

/// What is sealed of an attempt.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttemptContent {
    pub redirect_uri: String,
    pub code_verifier: Option<Secret<String>>,
    pub context: Option<Value>,
    /// Once the code has been exchanged.
    pub tokens: Option<Tokens>,
}

/// An attempt, opened.
pub(crate) struct Attempt {
    pub record: AttemptRecord,
    pub content: AttemptContent,
}

/// The attempts to link in a store.
pub(crate) struct Attempts<'a>(pub &'a Links);

impl Attempts<'_> {
    /// Remembers a new attempt.
    pub(crate) async fn begin(
        &self,
        state: &str,
        app_user_id: String,
        expires_at: i64,
        content: AttemptContent,
        world: &World,
    ) -> Result<(), Error> {
        let record = AttemptRecord {
            platform: self.0.platform.clone(),
            id: id_of(state),
            app_user_id,
            status: AttemptStatus::Pending,
            expires_at,
            key_id: String::new(),
            sealed: String::new(),
            version: 0,
        };
        let mut attempt = Attempt { record, content };
        if self.put(&mut attempt, None, world).await? {
            return Ok(());
        }
        Err(Error::sdk(
            "a state came up twice, which is no accident: the source of randomness is broken",
        ))
    }

    /// The attempt that has this state.
    pub(crate) async fn get(&self, state: &str) -> Result<Option<Attempt>, Error> {
        let record = self.0.store.attempt(&self.0.platform, &id_of(state)).await;
        let Some(record) = record.map_err(failed("read"))? else {
            return Ok(None);
        };
        let content = self
            .0
            .vault
            .open(&record.sealed, &record.key_id, owner(&record))?;
        Ok(Some(Attempt { record, content }))
    }

    /// Writes an attempt over the version that it was read with, and says whether that was still there to write over.
    pub(crate) async fn advance(
        &self,
        attempt: &mut Attempt,
        status: AttemptStatus,
        world: &World,
    ) -> Result<bool, Error> {
        attempt.record.status = status;
        self.put(attempt, Some(attempt.record.version), world).await
    }

    async fn put(
        &self,
        attempt: &mut Attempt,
        expected: Option<i64>,
        world: &World,
    ) -> Result<bool, Error> {
        let Links { vault, store, .. } = self.0;
        let record = &mut attempt.record;
        vault.key_id().clone_into(&mut record.key_id);
        record.sealed = vault.seal(&attempt.content, owner(record), world)?;
        record.version = expected.unwrap_or(0) + 1;
        let written = store.put_attempt(record, expected).await;
        written.map_err(failed("write"))
    }

    /// Forgets attempts that have expired.
    pub(crate) async fn forget_before(&self, time: i64) -> Result<(), Error> {
        let removed = self.0.store.remove_attempts(&self.0.platform, time).await;
        removed.map_err(failed("write"))
    }
}

fn owner(record: &AttemptRecord) -> Owner<'_> {
    Owner {
        table: "attempt",
        platform: &record.platform,
        app_user_id: &record.app_user_id,
        record: &record.id,
    }
}

fn id_of(state: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(&[b"digime-sdk state", state.as_bytes()]))
}
