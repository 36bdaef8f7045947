//! The tokens of a link outside the store: as applications bring them in, and take them out again.

use bon::Builder;
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::connections::keeping::Tokens;
use crate::{Error, NonEmptyString, Secret};

/// What PKB's token endpoint has given for a patient.
#[derive(Clone, Serialize, Deserialize, Builder)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LinkTokens {
    /// The token that calls are made with.
    pub access_token: Secret<NonEmptyString>,
    /// The token that buys the next pair, once. Absent where PKB gave none: the link lasts as long as the access token then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret<NonEmptyString>>,
    /// When the access token expires, in milliseconds since 1970.
    pub expires_at: i64,
    /// What PKB says that they are for.
    #[builder(into)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}
crate::operation::unseen!(LinkTokens);

impl From<LinkTokens> for Tokens {
    fn from(given: LinkTokens) -> Self {
        Self {
            access_token: plain(&given.access_token),
            refresh_token: given.refresh_token.map(|token| plain(&token)),
            expires_at: given.expires_at,
            scope: given.scope,
            last_resort: false,
            beside: Map::new(),
        }
    }
}

impl TryFrom<Tokens> for LinkTokens {
    type Error = Error;

    fn try_from(kept: Tokens) -> Result<Self, Error> {
        Ok(Self {
            access_token: filled(&kept.access_token)?,
            refresh_token: kept.refresh_token.as_ref().map(filled).transpose()?,
            expires_at: kept.expires_at,
            scope: kept.scope,
        })
    }
}

fn plain(token: &Secret<NonEmptyString>) -> Secret<String> {
    Secret::from(token.expose().to_string())
}

fn filled(token: &Secret<String>) -> Result<Secret<NonEmptyString>, Error> {
    let token = token.expose().parse::<NonEmptyString>();
    let token = token.map_err(|_| Error::sdk("a link is kept with an empty token"))?;
    Ok(Secret::from(token))
}
