//! Whether what connections stand on is there: for the start of an application, and for whoever asks whether it is ready.

use serde::Serialize;

use super::Connections;
use super::store::PAGE;
use crate::Error;

/// Whether a client is ready, and what is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "CheckResponse")
)]
pub struct Readiness {
    /// Whether nothing was found.
    pub ready: bool,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// Something that calls would fail of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "CheckFinding")
)]
pub struct Finding {
    /// The setting that it is about: `store`, `encryptionKey`.
    pub setting: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Looks at the store, at the key that seals, and at the keys of what is not under it.
pub(crate) async fn check(connections: &Connections) -> Readiness {
    let finding = match connections.sealing_key_id().await {
        Err(error) => Some(about("encryptionKey", error.to_string())),
        Ok(key_id) => match has_unknown_keys(connections, &key_id).await {
            Err(error) => Some(about("store", error.to_string())),
            Ok(true) => Some(about(
                "encryptionKey",
                "there are records under a key that is neither encryptionKey nor one of previousEncryptionKeys: give the key that sealed them".to_owned(),
            )),
            Ok(false) => None,
        },
    };
    Readiness {
        ready: finding.is_none(),
        findings: finding.into_iter().collect(),
    }
}

fn about(setting: &'static str, message: String) -> Finding {
    Finding { setting, message }
}

async fn has_unknown_keys(connections: &Connections, key_id: &str) -> Result<bool, Error> {
    let mut after = String::new();
    loop {
        let records = connections.under_other_keys(key_id, &after, PAGE).await?;
        let Some(last) = records.last() else {
            return Ok(false);
        };
        after.clone_from(&last.app_user_id);
        let mut records = records.iter();
        if records.any(|record| connections.is_under_an_unknown_key(record)) {
            return Ok(true);
        }
        // Where a service wraps keys, there are as many as processes have made: some of them tell whether it unwraps.
        if connections.are_under_wrapped_keys() {
            return Ok(false);
        }
    }
}
