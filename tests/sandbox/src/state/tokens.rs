//! Access and refresh tokens: issuing them in pairs, rotating a pair, telling which are still good, and how often each was done.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use crate::config::Lifetimes;
use crate::random;

/// What a pair of tokens stands for.
#[expect(clippy::struct_field_names, reason = "each is an id of something else")]
pub struct Grant {
    pub contract_id: String,
    pub user_id: String,
    pub consent_id: String,
}

/// A pair of tokens as it is told to the client; times in seconds.
pub struct Issued {
    pub access_token: String,
    pub access_expires_on: u64,
    pub refresh_token: String,
    pub refresh_expires_on: u64,
    pub grant: Arc<Grant>,
}

/// How often each thing was done. It is counted in the step that does it, so that no two counts can be lost in one.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Tally {
    /// Codes that were exchanged.
    pub exchanges: u64,
    /// Refresh tokens that were spent for new tokens.
    pub refreshes: u64,
    /// Refresh tokens that were presented once more.
    pub reuses: u64,
}

/// Every token that is still good. Times in seconds, as the platform tells them.
#[derive(Default)]
pub struct Tokens {
    access: HashMap<String, (Arc<Grant>, u64)>,
    refresh: HashMap<String, Refresh>,
    /// The refresh tokens that are not good any more since they were spent, and the contract of each.
    spent: HashMap<String, String>,
    tally: Tally,
}

struct Refresh {
    grant: Arc<Grant>,
    access_token: String,
    expires_on: u64,
}

impl Tokens {
    /// Makes the first pair of a grant.
    pub fn issue(&mut self, grant: Arc<Grant>, lifetimes: &Lifetimes, now_ms: u64) -> Issued {
        self.tally.exchanges += 1;
        self.pair(grant, lifetimes, now_ms)
    }

    fn pair(&mut self, grant: Arc<Grant>, lifetimes: &Lifetimes, now_ms: u64) -> Issued {
        let issued = Issued {
            access_token: random::token(),
            access_expires_on: now_ms / 1000 + u64::from(lifetimes.access_token_seconds),
            refresh_token: random::token(),
            refresh_expires_on: now_ms / 1000 + u64::from(lifetimes.refresh_token_seconds),
            grant: Arc::clone(&grant),
        };
        self.access.insert(
            issued.access_token.clone(),
            (Arc::clone(&grant), issued.access_expires_on),
        );
        self.refresh.insert(
            issued.refresh_token.clone(),
            Refresh {
                grant,
                access_token: issued.access_token.clone(),
                expires_on: issued.refresh_expires_on,
            },
        );
        issued
    }

    /// Spends a refresh token of this contract for a new pair. The old access token ends with it; a token shown by
    /// another contract is not spent, or anyone could end a stranger's link.
    pub fn rotate(
        &mut self,
        refresh_token: &str,
        contract_id: &str,
        lifetimes: &Lifetimes,
        now_ms: u64,
    ) -> Option<Issued> {
        if self
            .spent
            .get(refresh_token)
            .is_some_and(|of| of == contract_id)
        {
            self.tally.reuses += 1;
        }
        if self.refresh.get(refresh_token)?.grant.contract_id != contract_id {
            return None;
        }
        let spent = self.refresh.remove(refresh_token)?;
        self.access.remove(&spent.access_token);
        if now_ms / 1000 >= spent.expires_on {
            return None;
        }
        self.tally.refreshes += 1;
        self.spent
            .insert(refresh_token.to_owned(), contract_id.to_owned());
        Some(self.pair(spent.grant, lifetimes, now_ms))
    }

    /// How often each thing was done until now.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// What a good access token stands for.
    pub fn grant(&self, access_token: &str, now_ms: u64) -> Option<&Arc<Grant>> {
        let (grant, expires_on) = self.access.get(access_token)?;
        (now_ms / 1000 < *expires_on).then_some(grant)
    }

    /// Ends the tokens of a user.
    pub fn forget(&mut self, user_id: &str) {
        self.access.retain(|_, (grant, _)| grant.user_id != user_id);
        self.refresh
            .retain(|_, refresh| refresh.grant.user_id != user_id);
    }

    /// Ends every access token, and tells how many were good until now.
    pub fn expire_access_tokens(&mut self, now_ms: u64) -> usize {
        self.access
            .drain()
            .filter(|(_, (_, expires_on))| now_ms / 1000 < *expires_on)
            .count()
    }
}
