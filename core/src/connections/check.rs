//! Whether what connections stand on is there: for the start of an application, and for whoever asks whether it is ready.

use serde::Serialize;

use super::Connections;
use super::store::PAGE;
use crate::Error;
use crate::error::ErrorKind;

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

const UNKNOWN_KEY: &str = "there are records under a key that is neither encryptionKey nor one of previousEncryptionKeys: give the key that sealed them";

/// Looks at the store, at the key that seals, and at the keys of what is not under it.
pub(crate) async fn check(connections: &Connections) -> Readiness {
    let finding = match connections.sealing_key_id().await {
        Err(error) if connections.are_under_wrapped_keys() => {
            Some(about("encryptionKey", of_service(&error)))
        }
        Err(error) => Some(about("encryptionKey", error.to_string())),
        Ok(key_id) => match missing_key(connections, &key_id).await {
            Err(error) => Some(about("store", error.to_string())),
            Ok(missing) => missing.map(|message| about("encryptionKey", message)),
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

/// Which function of a service has failed, and what is to be done.
fn of_service(error: &Error) -> String {
    let failed = match error.kind() {
        ErrorKind::Host { path } => {
            format!("{path} failed, and calls fail with what it has thrown")
        }
        ErrorKind::Store { message, .. } => message.to_string(),
        _ => error.to_string(),
    };
    format!(
        "{failed}: see that the service can be reached from here, and that this process may use its key"
    )
}

/// What is to be said of a key that records are under and that is not here.
async fn missing_key(connections: &Connections, key_id: &str) -> Result<Option<String>, Error> {
    let mut after = String::new();
    loop {
        let records = connections.under_other_keys(key_id, &after, PAGE).await?;
        let Some(last) = records.last() else {
            return Ok(None);
        };
        after.clone_from(&last.app_user_id);
        let mut records = records.iter();
        if let Some(record) = records.find(|record| connections.is_under_an_unknown_key(record)) {
            let failed = connections.failure_of_service(record);
            let message = failed.map_or_else(|| UNKNOWN_KEY.to_owned(), |error| of_service(&error));
            return Ok(Some(message));
        }
        // Where a service wraps keys, there are as many as processes have made: some of them tell whether it unwraps.
        if connections.are_under_wrapped_keys() {
            return Ok(None);
        }
    }
}
