//! Everything that can go wrong, as far as no platform owns it; what does not, a platform adds as a [`PlatformFailure`].

mod class;
mod data;
mod invalid;
mod platform;
mod shown;
mod words;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};

pub use class::ErrorClass;
pub use platform::{Carried, PlatformFailure};
pub use words::Words;

#[cfg(feature = "__binding")]
pub(crate) use class::CLASSES;
pub(crate) use data::Fields;
pub(crate) use invalid::Invalid;
pub(crate) use shown::shown;

use crate::http::transport::{NetworkCause, Sent};

/// A failed call.
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    carried: Option<Arc<dyn Carried>>,
    aside: Option<Box<Aside>>,
}

/// What is seldom there to be said beside what failed.
#[derive(Debug, Clone, Default)]
struct Aside {
    retry_after: Option<Duration>,
    note: Option<String>,
    call: Option<&'static str>,
    is_senseless: bool,
}

/// What failed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `DigiMeSDKError`.
    #[error("{0}")]
    Sdk(String),
    /// `TypeValidationError`.
    #[error("{headline} {path}: {reason}")]
    TypeValidation {
        /// What the call demands as a whole.
        headline: &'static str,
        /// The option that does not fit: `options.contractDetails.privateKey`.
        path: Words,
        /// Why it does not.
        reason: Words,
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
        /// Which: `connect`, `idle`, `total` or `call`; of `readAllFiles` also the name of a limit.
        phase: &'static str,
        /// The time-out as it is set.
        after: Duration,
        /// How much of the request was sent.
        sent: Sent,
    },
    /// `TransportError`.
    #[error("{request}: {message}")]
    Transport {
        /// The request, without what is secret in it.
        request: String,
        /// What the network reported.
        cause: NetworkCause,
        /// What happened, in words.
        message: String,
        /// How much of the request was sent.
        sent: Sent,
    },
    /// `TokenVerificationError`.
    #[error("{0}")]
    TokenVerification(String),
    /// `UploadNotRepeatableError`.
    #[error("{UPLOAD_NOT_REPEATABLE}")]
    UploadNotRepeatable,
    /// `ClientClosedError`.
    #[error(
        "the client was closed before this call, of which nothing was sent; make another client"
    )]
    ClientClosed,
    /// `StoreError`.
    #[error("the store failed to {operation}: {message}")]
    Store {
        /// `read`, `write`, or `change` where others changed the record again and again.
        operation: &'static str,
        /// What happened, without what was read or written.
        message: Words,
    },
    /// A stream or function of the caller failed. Bindings raise the caller's own error instead of this one.
    #[error("{}{path}: the stream or function failed", if path.starts_with("config.") { "" } else { "options." })]
    Host {
        /// Where it stands in the options; from `config.` on, in the configuration.
        path: String,
    },
    /// What a platform says: `digime::Failure::of` and `pkb::Failure::of` give it by its kind.
    #[error("{0}")]
    Platform(Arc<dyn PlatformFailure>),
}

const UPLOAD_NOT_REPEATABLE: &str = "the access token was refreshed, but what was to be sent cannot be sent again as it was; push it again with the new token in userAccessToken";

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

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self {
            kind,
            carried: None,
            aside: None,
        }
    }
}

impl Error {
    /// Refuses the option at `path`, for a reason that does not quote it. For bindings, of values that do not cross the border.
    #[must_use]
    pub fn type_validation(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Invalid::new(path.into(), reason.into()).into()
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

    /// How much of the request that failed was sent; none of an error that is no matter of the network.
    #[must_use]
    pub fn sent(&self) -> Option<Sent> {
        match self.kind {
            ErrorKind::Timeout { sent, .. } | ErrorKind::Transport { sent, .. } => Some(sent),
            _ => None,
        }
    }

    /// After how long the platform says that the request may be made again (`Retry-After`), if it says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.aside.as_ref()?.retry_after
    }

    pub(crate) fn retrying_after(mut self, retry_after: Option<Duration>) -> Self {
        if retry_after.is_some() {
            self.aside.get_or_insert_default().retry_after = retry_after;
        }
        self
    }

    /// With what else there is to know, at the end of its message.
    pub(crate) fn noting(mut self, note: String) -> Self {
        self.aside.get_or_insert_default().note = Some(note);
        self
    }

    /// Of an answer that makes no sense, the call that it is an answer to: requests of several calls look alike.
    pub(crate) fn of_call(mut self, name: &'static str) -> Self {
        let is_unexpected = matches!(self.kind, ErrorKind::UnexpectedResponse(_));
        if is_unexpected || self.aside.as_ref().is_some_and(|aside| aside.is_senseless) {
            self.aside.get_or_insert_default().call = Some(name);
        }
        self
    }

    /// Of an answer whose form is right, and which makes no sense all the same.
    pub(crate) fn senseless(message: impl Into<String>) -> Self {
        let mut error = Self::sdk(message);
        error.aside.get_or_insert_default().is_senseless = true;
        error
    }

    fn call(&self) -> Option<&'static str> {
        self.aside.as_ref()?.call
    }

    fn note(&self) -> Option<&str> {
        self.aside.as_ref()?.note.as_deref()
    }

    /// What the error brings along that must not be lost.
    #[must_use]
    pub fn carried(&self) -> Option<&dyn Carried> {
        self.carried.as_deref()
    }

    pub(crate) fn carrying(mut self, carried: impl Carried) -> Self {
        self.carried = Some(Arc::new(carried));
        self
    }

    /// The code of this error's class, which never changes: `ERR_TYPE_VALIDATION`, `ERR_SERVER` and so on; docs/errors has a page for each.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.class().code
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)?;
        if let Some(call) = self.call() {
            write!(f, " ({call})")?;
        }
        match self.note() {
            Some(note) => write!(f, "; {note}"),
            None => Ok(()),
        }
    }
}

/// What a `main` that returns the error prints of it: its message, and the code by which the documentation tells what to do.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} [{}]", self.code())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.kind)
    }
}
