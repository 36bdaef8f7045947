//! API sessions, and the tokens of each: issuing them, rotating them, telling what one that is shown is worth.

use std::collections::HashMap;

use crate::pkb::people::Person;
use crate::pkb::response_code::ResponseCode;
use crate::pkb::scope::Scope;
use crate::pkb::state::{Modes, OldAccessToken};
use crate::random;

/// Every session that ever was, with its tokens. Times in milliseconds.
#[derive(Default)]
pub struct Sessions {
    opened: Vec<Session>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
}

/// What one approval has led to.
struct Session {
    granted: Granted,
    ends_at: u64,
    /// A refresh token was used twice.
    invalid: bool,
}

/// For whom a session is.
#[derive(Clone, Copy)]
pub struct Granted {
    pub person: &'static Person,
    pub scope: Option<Scope>,
}

/// An access token, of the session with this index.
struct Access {
    session: usize,
    ends_at: u64,
}

/// A refresh token, of the session with this index.
struct Refresh {
    session: usize,
    /// The access token that was issued with it.
    access_token: String,
    presented: bool,
}

/// Tokens as they are told to the client.
pub struct Issued {
    pub access_token: String,
    pub expires_in: u32,
    /// Missing if the access token would outlive the rest of the session.
    pub refresh_token: Option<String>,
    pub scope: Option<Scope>,
}

/// Why a refresh token is not exchanged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Unknown,
    /// It was presented before. Its session is invalid from now on.
    Reused,
    Invalid,
    Expired,
}

impl Sessions {
    /// Opens a session and issues its first tokens.
    pub fn open(&mut self, granted: Granted, modes: Modes, now: u64) -> Issued {
        self.opened.push(Session {
            granted,
            ends_at: now + milliseconds(modes.session_seconds),
            invalid: false,
        });
        self.issue(self.opened.len() - 1, modes, now)
    }

    /// Exchanges a refresh token, once.
    pub fn refresh(
        &mut self,
        refresh_token: &str,
        modes: Modes,
        now: u64,
    ) -> Result<Issued, Refusal> {
        let refresh = self
            .refresh
            .get_mut(refresh_token)
            .ok_or(Refusal::Unknown)?;
        let index = refresh.session;
        let session = &mut self.opened[index];
        let over = session.ends_at <= now;
        if refresh.presented {
            session.invalid |= !over;
            return Err(Refusal::Reused);
        }
        refresh.presented = true;
        if session.invalid {
            return Err(Refusal::Invalid);
        }
        if over {
            return Err(Refusal::Expired);
        }
        if let OldAccessToken::Dies = modes.old_access_token
            && let Some(access) = self.access.get_mut(&refresh.access_token)
        {
            access.ends_at = access.ends_at.min(now);
        }
        Ok(self.issue(index, modes, now))
    }

    /// Whose access token this is.
    pub fn holder(&self, access_token: &str, now: u64) -> Result<&'static Person, ResponseCode> {
        let access = self
            .access
            .get(access_token)
            .ok_or(ResponseCode::BadAuthentication)?;
        let session = &self.opened[access.session];
        if session.invalid {
            Err(ResponseCode::ApiSessionInvalid)
        } else if session.ends_at <= now {
            Err(ResponseCode::ApiSessionExpired)
        } else if access.ends_at <= now {
            Err(ResponseCode::AccTokenExpired)
        } else {
            Ok(session.granted.person)
        }
    }

    /// Ends every access token, and tells how many were good until now.
    pub fn expire_access_tokens(&mut self, now: u64) -> usize {
        let good = self
            .access
            .values_mut()
            .filter(|access| now < access.ends_at);
        good.map(|access| access.ends_at = now).count()
    }

    /// Ends every session, and tells how many were running until now.
    pub fn expire(&mut self, now: u64) -> usize {
        let running = self
            .opened
            .iter_mut()
            .filter(|session| now < session.ends_at);
        running.map(|session| session.ends_at = now).count()
    }

    fn issue(&mut self, index: usize, modes: Modes, now: u64) -> Issued {
        let session = &self.opened[index];
        let access_token = random::token();
        let ends_at = now + milliseconds(modes.access_token_seconds);
        let refresh_token = (ends_at <= session.ends_at).then(random::token);
        let issued = Issued {
            access_token: access_token.clone(),
            expires_in: modes.access_token_seconds,
            refresh_token: refresh_token.clone(),
            scope: session.granted.scope,
        };
        if let Some(refresh_token) = refresh_token {
            let refresh = Refresh {
                session: index,
                access_token: access_token.clone(),
                presented: false,
            };
            self.refresh.insert(refresh_token, refresh);
        }
        let access = Access {
            session: index,
            ends_at,
        };
        self.access.insert(access_token, access);
        issued
    }
}

fn milliseconds(seconds: u32) -> u64 {
    u64::from(seconds) * 1000
}
