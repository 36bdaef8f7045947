//! On whose behalf a call is made: with a token that the application keeps itself, or with the one that is kept for a user of its own.

use crate::digime::{TokenHook, UserAccessToken};
use crate::error::Invalid;
use crate::{Error, NonEmptyString};

/// On whose behalf a call is made.
#[derive(Clone)]
pub(crate) enum Acting {
    /// Of whom this is the token; the function learns the one that replaces it.
    WithToken(UserAccessToken, Option<TokenHook>),
    /// Of this user of the application.
    For(NonEmptyString),
}

impl Acting {
    /// From the options of which one is to be given; an error opens with what the call demands as a whole.
    pub(crate) fn of(
        token: Option<UserAccessToken>,
        app_user_id: Option<NonEmptyString>,
        hook: Option<TokenHook>,
        headline: &'static str,
    ) -> Result<Self, Error> {
        let invalid = match (token, app_user_id, &hook) {
            (Some(token), None, _) => return Ok(Self::WithToken(token, hook)),
            (None, Some(user), None) => return Ok(Self::For(user)),
            (None, None, _) => Invalid::new("options.userAccessToken", "is missing"),
            (Some(_), Some(_), _) => Invalid::new(
                "options.appUserId",
                "cannot be given together with userAccessToken: the user's token is kept, or given",
            ),
            (None, Some(_), Some(_)) => Invalid::new(
                "options.onAccessTokenChange",
                "cannot be given together with appUserId, whose token is kept by itself; onConnectionChange of the configuration learns of it",
            ),
        };
        Err(invalid.under(headline))
    }

    /// The token that the application keeps, as it is now.
    pub(crate) fn token(&self) -> Option<&UserAccessToken> {
        match self {
            Self::WithToken(token, _) => Some(token),
            Self::For(_) => None,
        }
    }

    /// The same with the token that has taken the place of the one before, if the application keeps it.
    pub(crate) fn go_on_with(&mut self, newer: Option<UserAccessToken>) {
        if let (Self::WithToken(token, _), Some(newer)) = (self, newer) {
            *token = newer;
        }
    }
}
