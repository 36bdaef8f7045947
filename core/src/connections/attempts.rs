//! Attempts to connect: what is remembered of one while the person is away and after, and the one way in which it is changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Map;

use super::connections::{failed, next_version};
use super::tries::Tries;
use super::vault::Owner;
use super::{AttemptRecord, AttemptStatus, Connections};
use crate::crypto::digest::sha256;
use crate::{Error, World};

/// An attempt, opened. `D` is what its platform seals.
#[derive(Clone)]
pub(crate) struct LinkAttempt<D> {
    pub record: AttemptRecord,
    pub document: D,
}

/// The attempts in a store.
pub(crate) struct Attempts<'a>(pub &'a Connections);

impl Attempts<'_> {
    /// Remembers a new attempt.
    pub(crate) async fn begin<D: Serialize>(
        &self,
        state: &str,
        app_user_id: String,
        expires_at: i64,
        document: D,
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
            other: Map::new(),
        };
        let attempt = LinkAttempt { record, document };
        if self.put(attempt, None, world).await?.is_some() {
            return Ok(());
        }
        Err(Error::sdk(
            "a state came up twice, which is no accident: the source of randomness is broken",
        ))
    }

    /// Changes the attempt that has this state into what `decide` makes of it, if it makes anything of it; it is asked again where somebody
    /// else was faster. Gives what it says, and the attempt as it stands then; none where there is no such attempt.
    pub(crate) async fn change<D: Serialize + DeserializeOwned + Clone, R>(
        &self,
        world: &World,
        state: &str,
        decide: impl FnMut(&mut LinkAttempt<D>) -> Result<(bool, R), Error>,
    ) -> Result<Option<(R, LinkAttempt<D>)>, Error> {
        self.change_of(world, &id_of(state), decide).await
    }

    /// The same with the attempt of this id.
    pub(crate) async fn change_of<D: Serialize + DeserializeOwned + Clone, R>(
        &self,
        world: &World,
        id: &str,
        mut decide: impl FnMut(&mut LinkAttempt<D>) -> Result<(bool, R), Error>,
    ) -> Result<Option<(R, LinkAttempt<D>)>, Error> {
        let mut tries = Tries::new(world);
        loop {
            let Some(mut attempt) = self.get::<D>(id).await? else {
                return Ok(None);
            };
            let expected = attempt.record.version;
            let (changed, answer) = decide(&mut attempt)?;
            if !changed {
                return Ok(Some((answer, attempt)));
            }
            if let Some(written) = self.put(attempt, Some(expected), world).await? {
                return Ok(Some((answer, written)));
            }
            tries.again().await?;
        }
    }

    /// How the attempt of this id stands, which is not sealed; none where there is no such attempt.
    pub(crate) async fn status(&self, id: &str) -> Result<Option<AttemptStatus>, Error> {
        Ok(self.record(id).await?.map(|record| record.status))
    }

    /// The attempt of this id; none where there is none, or one that no key here opens. One that a service does not unwrap now is an error: what
    /// it holds may be the newest there is.
    pub(crate) async fn opened<D: DeserializeOwned>(
        &self,
        id: &str,
    ) -> Result<Option<LinkAttempt<D>>, Error> {
        let record = self.record(id).await?;
        let is_open =
            |record: &AttemptRecord| self.0.vault.may_open(&record.sealed, &record.key_id);
        match record.filter(is_open) {
            Some(record) => self.open(record).map(Some),
            None => Ok(None),
        }
    }

    async fn record(&self, id: &str) -> Result<Option<AttemptRecord>, Error> {
        let record = self.0.store.attempt(&self.0.platform, id).await;
        let record = record.map_err(failed("read"))?;
        if let Some(record) = &record {
            // Opening says what is missing.
            let sealed = (record.sealed.as_str(), record.key_id.as_str());
            self.0.vault.prepare([sealed]).await;
        }
        Ok(record)
    }

    async fn get<D: DeserializeOwned>(&self, id: &str) -> Result<Option<LinkAttempt<D>>, Error> {
        let Some(record) = self.record(id).await? else {
            return Ok(None);
        };
        self.open(record).map(Some)
    }

    fn open<D: DeserializeOwned>(&self, record: AttemptRecord) -> Result<LinkAttempt<D>, Error> {
        let vault = &self.0.vault;
        let document = vault.open(&record.sealed, &record.key_id, owner(&record))?;
        Ok(LinkAttempt { record, document })
    }

    /// Writes an attempt over the version that it was read with; none if that was not there any more to write over.
    async fn put<D: Serialize>(
        &self,
        attempt: LinkAttempt<D>,
        expected: Option<i64>,
        world: &World,
    ) -> Result<Option<LinkAttempt<D>>, Error> {
        let Connections { vault, store, .. } = self.0;
        let LinkAttempt {
            mut record,
            document,
        } = attempt;
        let sealed = vault.seal(&document, owner(&record), world).await?;
        record.key_id = sealed.key_id;
        record.sealed = sealed.text;
        record.version = next_version(expected)?;
        let written = store.put_attempt(&record, expected).await;
        let written = written.map_err(failed("write"))?;
        Ok(written.then_some(LinkAttempt { record, document }))
    }

    /// Forgets attempts that expired before a time.
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
