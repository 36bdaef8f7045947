//! The same tokens in two forms: as digi.me's calls take them, and as a connection keeps them.

use serde_json::{Map, Value};

use crate::Secret;
use crate::connections::keeping::Tokens;
use crate::digime::{Beside, Token, User, UserAccessToken};

const USER: &str = "userId";
const CONSENT: &str = "consentId";
const REFRESH_EXPIRES_AT: &str = "refreshTokenExpiresAt";

/// When a token ends of which the platform does not say when: never, by the clock.
const NEVER: i64 = i64::MAX;

/// As a connection keeps them.
pub(in crate::digime) fn tokens_of(token: UserAccessToken) -> Tokens {
    let mut beside = Map::new();
    if let Some(id) = token.user.and_then(|user| user.id) {
        beside.insert(USER.to_owned(), Value::from(id));
    }
    if let Some(id) = token.consentid {
        beside.insert(CONSENT.to_owned(), Value::from(id));
    }
    let refresh = token.refresh_token;
    if let Some(end) = milliseconds(refresh.expiry) {
        beside.insert(REFRESH_EXPIRES_AT.to_owned(), Value::from(end));
    }
    Tokens {
        access_token: token.access_token.value,
        refresh_token: Some(refresh.value).filter(|value| !value.expose().is_empty()),
        expires_at: milliseconds(token.access_token.expiry).unwrap_or(NEVER),
        scope: None,
        last_resort: false,
        beside,
    }
}

/// Tokens that have just come from the platform, as a clock has to take them. One that is ahead of the platform's by more than they live would
/// have them replaced with each call: it says nothing of when they end, and the platform will.
pub(super) fn just_issued(mut tokens: Tokens, now_ms: i64) -> Tokens {
    if tokens.expires_at <= now_ms {
        tokens.expires_at = NEVER;
    }
    tokens
}

/// As the calls take them.
pub(in crate::digime) fn user_access_token_of(tokens: &Tokens) -> UserAccessToken {
    let seconds = |milliseconds: Option<i64>| milliseconds.unwrap_or_default() / 1000;
    UserAccessToken {
        access_token: Token {
            value: tokens.access_token.clone(),
            expiry: seconds(access_token_expires_at(tokens)),
        },
        refresh_token: Token {
            value: match &tokens.refresh_token {
                Some(value) => value.clone(),
                None => Secret::from(""),
            },
            expiry: seconds(refresh_token_expires_at(tokens)),
        },
        user: Some(User {
            id: user_id(tokens).map(str::to_owned),
        }),
        consentid: consent_id(tokens).map(str::to_owned),
        beside: Beside::default(),
    }
}

/// When the access token ends, in milliseconds since 1970, if the platform said so.
pub(super) fn access_token_expires_at(tokens: &Tokens) -> Option<i64> {
    Some(tokens.expires_at).filter(|end| *end != NEVER)
}

/// When the refresh token ends, in milliseconds since 1970, if the platform said so.
pub(super) fn refresh_token_expires_at(tokens: &Tokens) -> Option<i64> {
    tokens.beside.get(REFRESH_EXPIRES_AT)?.as_i64()
}

/// Whose tokens they are.
pub(super) fn user_id(tokens: &Tokens) -> Option<&str> {
    tokens.beside.get(USER)?.as_str()
}

/// The consent that they stand for.
pub(super) fn consent_id(tokens: &Tokens) -> Option<&str> {
    tokens.beside.get(CONSENT)?.as_str()
}

/// A time in seconds since 1970; none where there is none.
fn milliseconds(seconds: i64) -> Option<i64> {
    (seconds > 0).then(|| seconds.saturating_mul(1000))
}
