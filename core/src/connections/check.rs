//! Whether what connections stand on is there: for the start of an application, and for whoever asks whether it is ready.

use serde::Serialize;

use super::Connections;

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

/// Looks at the store, and at the keys of the first page of what is there.
pub(crate) async fn check(connections: &Connections) -> Readiness {
    let finding = match connections.after("").await {
        Err(error) => Some(Finding {
            setting: "store",
            message: error.to_string(),
        }),
        Ok(records) => {
            let is_sealed_otherwise = |record| connections.is_under_an_unknown_key(record);
            let sealed_otherwise = records.iter().any(is_sealed_otherwise);
            sealed_otherwise.then(|| Finding {
                setting: "encryptionKey",
                message: "there are records under a key that is neither encryptionKey nor one of previousEncryptionKeys: give the key that sealed them".to_owned(),
            })
        }
    };
    Readiness {
        ready: finding.is_none(),
        findings: finding.into_iter().collect(),
    }
}
