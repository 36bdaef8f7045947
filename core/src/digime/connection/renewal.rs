//! How a connection that is kept is renewed: by an attempt that the person comes back to.

use super::Kept;
use crate::Error;
use crate::connections::making::AttemptContent;
use crate::connections::making::beginning::{begin, check, new_state};
use crate::digime::{Client, Contract, NonEmptyString};
use crate::error::Invalid;

/// An attempt of a user whose connection is kept to renew it, which `completeConnect` completes.
pub(in crate::digime) struct Renewal {
    kept: Kept,
    user: NonEmptyString,
    /// What the person comes back with.
    pub state: String,
}

impl Renewal {
    pub(in crate::digime) fn of(
        client: &Client,
        contract: &Contract,
        user: &NonEmptyString,
        state: Option<&str>,
    ) -> Result<Self, Error> {
        check(user, None)?;
        if state.is_some() {
            return Err(Invalid::new(
                "options.state",
                "cannot be given together with appUserId: the SDK makes it and remembers it",
            )
            .into());
        }
        Ok(Self {
            kept: client.kept(contract)?,
            user: user.clone(),
            state: new_state(client.world())?,
        })
    }

    /// Remembers it until the person comes back.
    pub(in crate::digime) async fn remember(
        self,
        client: &Client,
        content: AttemptContent,
    ) -> Result<(), Error> {
        let lasts = client.settings().connect_timeout;
        let user = self.user.to_string();
        let begun = begin(&self.kept, &self.state, user, lasts, content);
        begun.await.map(drop)
    }
}
