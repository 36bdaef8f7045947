//! Everything that clients pushed: what it was, from whom, and its bytes.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::random;
use crate::state::Grant;

/// One push, as `/_sandbox/pushed` shows it; the time in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pushed {
    pub id: String,
    #[serde(flatten)]
    pub kind: Kind,
    pub user_id: String,
    pub contract_id: String,
    pub mime_type: String,
    pub size: usize,
    pub sha256: String,
    pub received_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    #[serde(serialize_with = "base64")]
    pub content: Bytes,
}

/// Where it went.
#[derive(Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Kind {
    /// To the person's library.
    Library { file_descriptor: Value },
    /// Through an account to a provider.
    Provider {
        account_id: String,
        standard: String,
        version: String,
    },
}

impl Pushed {
    pub fn new(
        kind: Kind,
        grant: &Grant,
        mime_type: String,
        content: Bytes,
        received_at: u64,
    ) -> Self {
        let is_json = mime_type == "application/json" || mime_type.ends_with("+json");
        Self {
            id: random::token(),
            kind,
            user_id: grant.user_id.clone(),
            contract_id: grant.contract_id.clone(),
            size: content.len(),
            sha256: format!("{:x}", Sha256::digest(&content)),
            received_at,
            json: is_json
                .then(|| serde_json::from_slice(&content).ok())
                .flatten(),
            mime_type,
            content,
        }
    }
}

fn base64<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}
