//! Everything that can go wrong.

mod class;
mod pkb;

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

pub use class::{ERROR_CLASSES, ErrorClass};
pub use pkb::{FhirFailure, FhirIssue, LinkConflict, PkbFailure};

use crate::digime::UserAccessToken;

/// A failed call.
#[derive(Debug, Clone)]
pub struct Error {
    kind: ErrorKind,
    user_access_token: Option<Box<UserAccessToken>>,
}

/// What failed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// See [`ERROR_CLASSES`]: `DigiMeSDKError`.
    #[error("{0}")]
    Sdk(String),
    /// `ServerError`.
    #[error("{}", .0.message)]
    Server(ApiError),
    /// `SDKInvalidError`.
    #[error("{}", .0.message)]
    SdkInvalid(ApiError),
    /// `TypeValidationError`.
    #[error("{headline} {path}: {reason}")]
    TypeValidation {
        /// What the call demands as a whole.
        headline: &'static str,
        /// The option that does not fit: `options.contractDetails.privateKey`.
        path: String,
        /// Why it does not.
        reason: String,
    },
    /// `TypeValidationError` too, as in the JavaScript SDK: an answer of the platform does not have the form that it must have.
    #[error("{0}")]
    UnexpectedResponse(String),
    /// `FileDecryptionError`.
    #[error("{0}")]
    FileDecryption(String),
    /// `FileLimitError`.
    #[error(
        "the file's content is larger than {limit} allows; raise the limit if the file is to be trusted"
    )]
    FileLimit {
        /// The setting that it exceeds.
        limit: &'static str,
    },
    /// `HTTPError`.
    #[error("Response code {} ({})", .0.status_code, .0.status_message)]
    Http(FailedResponse),
    /// `TimeoutError`.
    #[error("{request}: {phase} time-out after {} ms", .after.as_millis())]
    Timeout {
        /// The request, without what is secret in it.
        request: String,
        /// `connect`, `idle` or `total`.
        phase: &'static str,
        /// The time-out as it is set.
        after: Duration,
    },
    /// `TransportError`.
    #[error("{request}: {message}")]
    Transport {
        /// The request, without what is secret in it.
        request: String,
        /// What the network reported, as Node names it: `ECONNREFUSED`.
        cause: &'static str,
        /// What happened, in words.
        message: String,
    },
    /// `TokenVerificationError`.
    #[error("{0}")]
    TokenVerification(String),
    /// `PkbError`.
    #[error("{0}")]
    Pkb(PkbFailure),
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
    #[error("there is no link for this app user: send them to the address that getLinkUrl gives")]
    NotLinked,
    /// `LinkExpiredError`.
    #[error("the link is over ({reason}): the patient must link again")]
    LinkExpired {
        /// The platform's code: `API_SESSION_EXPIRED`, `API_SESSION_INVALID`, `invalid_grant`; or `no_refresh_token`.
        reason: String,
    },
    /// `LinkConflictError`.
    #[error("{}", match conflict {
        LinkConflict::PublicId => "this PKB record is linked to another app user already; complete the link again with onConflict \"replace\" to take that link away",
        LinkConflict::AppUser => "this app user is linked to another PKB record already; complete the link again with onConflict \"replace\" to take its place",
    })]
    LinkConflict {
        /// Which of the two is linked already.
        conflict: LinkConflict,
    },
    /// `StoreError`.
    #[error("the store of links failed to {operation}: {message}")]
    Store {
        /// `read` or `write`.
        operation: &'static str,
        /// What happened, without what was read or written.
        message: String,
    },
    /// `FhirError`.
    #[error("{}", .0.message)]
    Fhir(Box<FhirFailure>),
    /// `UploadNotRepeatableError`.
    #[error(
        "the access token was refreshed, but the stream is too long to be sent again; push it again with the new token in userAccessToken"
    )]
    UploadNotRepeatable,
    /// A stream or function of the caller failed. Bindings raise the caller's own error instead of this one.
    #[error("{}{path}: the stream or function failed", if path.starts_with("config.") { "" } else { "options." })]
    Host {
        /// Where it stands in the options; from `config.` on, in the configuration.
        path: String,
    },
}

/// How the platform explains an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// The platform's code: `InvalidToken`.
    pub code: String,
    /// The platform's message.
    pub message: String,
    /// What to quote to the platform's support.
    pub reference: String,
    /// The HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// The HTTP status in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_message: Option<String>,
}

/// A response that is no success and explains nothing.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedResponse {
    /// The HTTP status.
    pub status_code: u16,
    /// The HTTP status in words.
    pub status_message: String,
    /// The headers, names in lower case.
    #[serde(serialize_with = "as_map")]
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

fn as_map<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

/// A body may hold anything: only its size is shown.
impl fmt::Debug for FailedResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedResponse")
            .field("status_code", &self.status_code)
            .field("status_message", &self.status_message)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// An option that does not fit: where it stands, and why.
#[derive(Debug)]
pub(crate) struct Invalid {
    pub path: String,
    pub reason: String,
}

impl Invalid {
    pub(crate) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }

    /// The error, its message opening with what the call demands as a whole.
    pub(crate) fn under(self, headline: &'static str) -> Error {
        let Self { path, reason } = self;
        ErrorKind::TypeValidation {
            headline,
            path,
            reason,
        }
        .into()
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        invalid.under("Parameters failed validation.")
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self {
            kind,
            user_access_token: None,
        }
    }
}

impl Error {
    /// Refuses the option at `path`, for a reason that does not quote it. For bindings, of values that no [`crate::dynamic::Value`] can hold.
    #[must_use]
    pub fn type_validation(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path, reason).into()
    }

    pub(crate) fn sdk(message: impl Into<String>) -> Self {
        ErrorKind::Sdk(message.into()).into()
    }

    pub(crate) fn token_verification(message: impl Into<String>) -> Self {
        ErrorKind::TokenVerification(message.into()).into()
    }

    pub(crate) fn host(path: &str) -> Self {
        ErrorKind::Host {
            path: path.to_owned(),
        }
        .into()
    }

    /// An answer of the platform that does not have the form it must have.
    pub(crate) fn unexpected_response(message: impl Into<String>) -> Self {
        ErrorKind::UnexpectedResponse(message.into()).into()
    }

    /// What failed.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// The user access token that replaced the one given, when the call failed after a refresh: store it, the old one is spent.
    #[must_use]
    pub fn user_access_token(&self) -> Option<&UserAccessToken> {
        self.user_access_token.as_deref()
    }

    pub(crate) fn with_user_access_token(mut self, token: UserAccessToken) -> Self {
        self.user_access_token = Some(Box::new(token));
        self
    }

    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.class().code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}
