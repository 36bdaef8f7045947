//! What is sealed of an attempt to connect.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::connections::keeping::Tokens;
use crate::{Document, Secret};

/// How long an application's context may be, in bytes.
pub(crate) const MAX_CONTEXT: usize = 16 * 1024;

/// What is sealed of an attempt to connect.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttemptContent {
    pub redirect_uri: String,
    pub code_verifier: Option<Secret<String>>,
    pub context: Option<Document>,
    /// What the platform gave when the attempt began, for whoever completes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Document>,
    /// Once the code has been exchanged.
    pub tokens: Option<Tokens>,
    /// Whose turn it is to go on with the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<String>,
    /// The access tokens that `tokens` has replaced. A connection that was made from one of them came late from its store, after whoever wrote it had
    /// given it up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Secret<String>>,
    /// Whose record it is, once a connection may have been written from `tokens`, if late: they are the connection's from then on, to refresh and to spend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_id: Option<String>,
    /// What a later version of the SDK has added: it stays.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl AttemptContent {
    /// That of an attempt that begins.
    pub(crate) fn new(
        redirect_uri: String,
        code_verifier: Option<Secret<String>>,
        context: Option<Document>,
        kept: Option<Document>,
    ) -> Self {
        Self {
            redirect_uri,
            code_verifier,
            context,
            kept,
            tokens: None,
            lease: None,
            replaced: Vec::new(),
            public_id: None,
            other: Map::new(),
        }
    }
}
