//! What Patients Know Best says when it refuses.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// An answer of PKB that refuses, or that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PkbFailure {
    /// What happened.
    pub message: String,
    /// PKB's code, if it gives one: `ACCESS_FROZEN_OUTWARD`, `invalid_client`.
    pub pkb_code: Option<String>,
    /// The HTTP status.
    pub status_code: Option<u16>,
}

impl PkbFailure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            pkb_code: None,
            status_code: None,
        }
    }
}

impl fmt::Display for PkbFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Which of an app user and a public id is linked already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LinkConflict {
    /// The app user, to another public id.
    AppUser,
    /// The public id, to another app user.
    PublicId,
}

impl LinkConflict {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::AppUser => "appUser",
            Self::PublicId => "publicId",
        }
    }
}

/// A refusal by PKB's FHIR API.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FhirFailure {
    /// Its first issue in words, without what it says of the patient's data.
    pub message: String,
    /// The HTTP status.
    pub status_code: u16,
    /// PKB's code, from its code system `http://fhir.patientsknowbest.com/codesystem/response-code`: `USER_TYPE_NOT_PERM`.
    pub pkb_code: Option<String>,
    /// The issues of the outcome.
    pub issues: Vec<FhirIssue>,
    /// The OperationOutcome as it came.
    pub operation_outcome: Value,
}

/// An outcome may quote the request: only its code is shown.
impl fmt::Debug for FhirFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FhirFailure")
            .field("status_code", &self.status_code)
            .field("pkb_code", &self.pkb_code)
            .finish_non_exhaustive()
    }
}

/// One issue of an OperationOutcome.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FhirIssue {
    /// `fatal`, `error`, `warning` or `information`.
    pub severity: String,
    /// The kind of issue, from FHIR's own list: `forbidden`.
    pub code: String,
    /// What PKB adds, in words.
    pub diagnostics: Option<String>,
}
