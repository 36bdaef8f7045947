//! Which tokens of an application's own can be kept: those that can be refreshed, and of which it is known when.

use super::tokens_of;
use crate::connections::keeping::Tokens;
use crate::digime::UserAccessToken;
use crate::error::Invalid;

/// What a token lacks.
#[derive(Clone, Copy)]
pub(in crate::digime) enum Missing {
    AccessToken,
    Expiry,
    /// What it has is no time in seconds.
    ExpiryInSeconds,
    RefreshToken,
}

/// The end of the year 9999, in seconds since 1970. A time beyond it was meant in milliseconds.
const LAST_SECOND: i64 = 253_402_300_799;

impl Missing {
    /// As the error of a call that is about one user.
    pub(in crate::digime) fn of_one(self) -> Invalid {
        let path = match self {
            Self::AccessToken => "options.userAccessToken.accessToken.value",
            Self::Expiry | Self::ExpiryInSeconds => "options.userAccessToken.accessToken.expiry",
            Self::RefreshToken => "options.userAccessToken.refreshToken.value",
        };
        let reason = match self {
            Self::ExpiryInSeconds => "must be in seconds since 1970: it is beyond the year 9999",
            _ => "is missing, without which a connection cannot be kept",
        };
        Invalid::new(path, reason)
    }

    /// In words, where there are many.
    pub(in crate::digime) fn of_many(self) -> &'static str {
        match self {
            Self::AccessToken => "there is no access token",
            Self::Expiry => "it is not said when the access token expires",
            Self::ExpiryInSeconds => {
                "the expiry of its access token is beyond the year 9999: it must be in seconds since 1970"
            }
            Self::RefreshToken => "there is no refresh token",
        }
    }
}

/// The token, as a connection keeps it.
pub(in crate::digime) fn tokens_to_import(token: UserAccessToken) -> Result<Tokens, Missing> {
    if token.access_token.value.expose().is_empty() {
        Err(Missing::AccessToken)
    } else if token.access_token.expiry <= 0 {
        Err(Missing::Expiry)
    } else if token.access_token.expiry > LAST_SECOND {
        Err(Missing::ExpiryInSeconds)
    } else if token.refresh_token.value.expose().is_empty() {
        Err(Missing::RefreshToken)
    } else {
        Ok(tokens_of(token))
    }
}
