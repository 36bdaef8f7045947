//! How Patients Know Best, or a link with it, says that something failed: its rows of the table of error classes.

use std::fmt;

use serde::Serialize;

use crate::error::{ErrorClass, Fields, PlatformFailure, Words};
use crate::{Document, Error};

/// What goes wrong with Patients Know Best.
#[derive(Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// `PkbError`.
    #[error("{0}")]
    Refused(Refusal),
    /// `LinkDeniedError`.
    #[error("{message}")]
    LinkDenied {
        /// What the SDK makes of it.
        message: String,
        /// The platform's error code: `access_denied`.
        error: String,
        /// What the platform says about it.
        error_description: Option<String>,
    },
    /// `LinkStateError`.
    #[error("{message}")]
    LinkState {
        /// `missing`, `unknown`, `expired`, `used` or `mismatch`.
        reason: &'static str,
        /// What happened, and what to do.
        message: &'static str,
    },
    /// `NotLinkedError`.
    #[error("{NO_LINK}")]
    NotLinked,
    /// `LinkExpiredError`.
    #[error("the link is over ({reason}): the patient must link again")]
    LinkExpired {
        /// The platform's code: `API_SESSION_EXPIRED`, `API_SESSION_INVALID`, `invalid_grant`; or `no_refresh_token`.
        reason: String,
    },
    /// `LinkConflictError`.
    #[error("{}", conflict.message())]
    LinkConflict {
        /// Which of the two is linked already.
        conflict: LinkConflict,
    },
    /// `FhirError`.
    #[error("{}", .0.message)]
    Fhir(Box<FhirFailure>),
}

const NO_LINK: &str =
    "there is no link for this app user: send them to the address that getLinkUrl gives";

impl Failure {
    /// What went wrong with Patients Know Best, if that is why a call failed.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.platform_failure()
    }
}

/// What PKB says, and what comes back by a callback, may hold anything, what was sent among it: only the SDK's own words are shown.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.class().class)
            .field("message", &self.to_string())
            .finish_non_exhaustive()
    }
}

/// An answer of PKB that refuses, or that makes no sense.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// What happened.
    pub message: String,
    /// PKB's code, if it gives one: `ACCESS_FROZEN_OUTWARD`, `invalid_client`.
    pub pkb_code: Option<String>,
    /// The HTTP status.
    pub status_code: Option<u16>,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            pkb_code: None,
            status_code: None,
        }
    }
}

/// A code may quote the request: the message has it as a log may.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("message", &self.message)
            .field("status_code", &self.status_code)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Refusal {
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
    fn message(self) -> &'static str {
        match self {
            Self::PublicId => {
                "this PKB record is linked to another app user already; complete the link again with onConflict \"replace\" to take that link away"
            }
            Self::AppUser => {
                "this app user is linked to another PKB record already; complete the link again with onConflict \"replace\" to take its place"
            }
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
    /// The issues of the outcome; none where there is none.
    pub issues: Vec<FhirIssue>,
    /// The OperationOutcome as it came; null where PKB sent its code without one.
    pub operation_outcome: Document,
}

/// An outcome may quote the request, and its code too: the message has that as a log may.
impl fmt::Debug for FhirFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FhirFailure")
            .field("message", &self.message)
            .field("status_code", &self.status_code)
            .finish_non_exhaustive()
    }
}

/// One issue of an OperationOutcome.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirIssue {
    /// `fatal`, `error`, `warning` or `information`.
    pub severity: String,
    /// The kind of issue, from FHIR's own list: `forbidden`.
    pub code: String,
    /// What PKB adds, in words.
    pub diagnostics: Option<String>,
}

/// It may quote the request, whatever it should hold.
impl fmt::Debug for FhirIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FhirIssue").finish_non_exhaustive()
    }
}

macro_rules! rows {
    ($base:ident: $base_code:literal, $base_about:literal; $($name:ident: $class:literal, $code:literal, $about:literal;)*) => {
        static $base: ErrorClass = ErrorClass::new("PkbError", "DigiMeSDKError", $base_code, $base_about);
        $(static $name: ErrorClass = ErrorClass::new($class, "PkbError", $code, $about);)*
        /// The rows of PKB's own classes, parents before children.
        #[cfg(feature = "__binding")]
        pub(crate) static CLASSES: &[&ErrorClass] = &[&$base, $(&$name),*];
    };
}

rows! {
    PKB: "ERR_PKB",
        "Base of what goes wrong with Patients Know Best; as itself, PKB refused the request or gave an answer that makes no sense: see `pkbCode` and `statusCode`.";
    LINK_DENIED: "LinkDeniedError", "ERR_LINK_DENIED",
        "The patient, or PKB, did not grant the link: `error` and `errorDescription` say what the callback said.";
    LINK_STATE: "LinkStateError", "ERR_LINK_STATE",
        "The callback does not belong to an attempt to link that can go on: `reason` is `missing`, `unknown`, `expired`, `used` or `mismatch`. Begin again with `getLinkUrl`.";
    NOT_LINKED: "NotLinkedError", "ERR_NOT_LINKED",
        "The app user has no link.";
    LINK_EXPIRED: "LinkExpiredError", "ERR_LINK_EXPIRED",
        "PKB says that the session is over: the patient must link again. `reason` is PKB's code.";
    LINK_CONFLICT: "LinkConflictError", "ERR_LINK_CONFLICT",
        "The app user (`conflict` is `appUser`) or the PKB record (`publicId`) is linked already, to another.";
    FHIR: "FhirError", "ERR_FHIR",
        "PKB's FHIR API refused the request: see `pkbCode`, `statusCode`, `issues` and `operationOutcome`.";
}

impl PlatformFailure for Failure {
    fn class(&self) -> &'static ErrorClass {
        match self {
            Self::Refused(_) => &PKB,
            Self::LinkDenied { .. } => &LINK_DENIED,
            Self::LinkState { .. } => &LINK_STATE,
            Self::NotLinked => &NOT_LINKED,
            Self::LinkExpired { .. } => &LINK_EXPIRED,
            Self::LinkConflict { .. } => &LINK_CONFLICT,
            Self::Fhir(_) => &FHIR,
        }
    }

    fn fields(&self, fields: &mut Fields<'_>) {
        match self {
            Self::Refused(refusal) => {
                fields.add("pkbCode", &refusal.pkb_code);
                fields.add("statusCode", refusal.status_code);
            }
            Self::LinkDenied {
                error,
                error_description,
                ..
            } => {
                fields.add("error", error);
                fields.add("errorDescription", error_description);
            }
            Self::LinkState { reason, .. } => fields.add("reason", reason),
            Self::NotLinked => {}
            Self::LinkExpired { reason } => fields.add("reason", reason),
            Self::LinkConflict { conflict } => fields.add("conflict", conflict),
            Self::Fhir(failure) => {
                fields.add("pkbCode", &failure.pkb_code);
                fields.add("statusCode", failure.status_code);
                fields.add("issues", &failure.issues);
                fields.add("operationOutcome", &failure.operation_outcome);
            }
        }
    }

    fn words(&self) -> Words {
        match self {
            Self::LinkState { message, .. } => Words::from(*message),
            Self::NotLinked => Words::from(NO_LINK),
            Self::LinkConflict { conflict } => Words::from(conflict.message()),
            other => Words::from(other.to_string()),
        }
    }
}
