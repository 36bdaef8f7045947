//! A connection, as applications see it.

use serde::Serialize;

use super::tokens::{access_token_expires_at, consent_id, refresh_token_expires_at, user_id};
use crate::connections::keeping::LinkDocument;
use crate::connections::{self, Connections, LinkRecord, LinkStatus};

/// A user of your application, connected to their digi.me library under one contract.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct Connection {
    /// Your own id of the user.
    pub app_user_id: String,
    /// The contract that they have consented to.
    pub contract_id: String,
    /// The platform's id of the person, the same for every application; absent if the platform has not said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The platform's id of the consent; absent if the platform has not said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent_id: Option<String>,
    /// How it stands.
    pub status: LinkStatus,
    /// When they consented, in milliseconds since 1970.
    pub connected_at: i64,
    /// When the tokens were last replaced, in milliseconds since 1970.
    pub refreshed_at: i64,
    /// When the access token ends, in milliseconds since 1970; absent if the platform has not said it. It is replaced before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token_expires_at: Option<i64>,
    /// When the refresh token ends, in milliseconds since 1970; absent if the platform has not said it. By then either a call must have been
    /// made, or the person asked to consent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_expires_at: Option<i64>,
    /// Why it is over, in the platform's word: of one that is `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}
crate::operation::unseen!(Connection);

impl Connection {
    /// As it is stored; of one that cannot be read, since it is under a key that is not there, what is not encrypted.
    pub(in crate::digime) fn read_from(
        contract_id: &str,
        connections: &Connections,
        record: LinkRecord,
    ) -> Self {
        match connections.open(record.clone()) {
            Ok(kept) => Self::of(contract_id, kept),
            Err(_) => Self::unread(contract_id, record),
        }
    }

    fn unread(contract_id: &str, record: LinkRecord) -> Self {
        Self {
            app_user_id: record.app_user_id,
            contract_id: contract_id.to_owned(),
            user_id: None,
            consent_id: None,
            status: record.status,
            connected_at: record.linked_at,
            refreshed_at: record.refreshed_at,
            access_token_expires_at: None,
            refresh_token_expires_at: None,
            ended: None,
        }
    }

    /// As it is stored, under this contract.
    pub(in crate::digime) fn of(
        contract_id: &str,
        kept: connections::Connection<LinkDocument>,
    ) -> Self {
        let connections::Connection { record, document } = kept;
        let tokens = &document.tokens;
        Self {
            user_id: user_id(tokens).map(str::to_owned),
            consent_id: consent_id(tokens).map(str::to_owned),
            access_token_expires_at: access_token_expires_at(tokens),
            refresh_token_expires_at: refresh_token_expires_at(tokens),
            ended: document.ended,
            ..Self::unread(contract_id, record)
        }
    }
}
