//! The rows of the table of error classes that no platform owns, and what a row is.

use serde::Serialize;

use super::{Error, ErrorKind};

/// One error class as every language has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ErrorClass {
    /// The class.
    pub class: &'static str,
    /// What its `name` says: the class, but for the JavaScript SDK's `ServerError`.
    pub name: &'static str,
    /// The class that it derives from; none for the root, which derives from the language's own error class.
    pub parent: Option<&'static str>,
    /// A code that never changes.
    pub code: &'static str,
    /// When it happens.
    pub about: &'static str,
}

impl ErrorClass {
    /// A row.
    pub(crate) const fn new(
        class: &'static str,
        parent: &'static str,
        code: &'static str,
        about: &'static str,
    ) -> Self {
        Self {
            class,
            name: class,
            parent: Some(parent),
            code,
            about,
        }
    }
}

macro_rules! rows {
    ($($name:ident: $class:literal, $code:literal, $about:literal;)*) => {
        $(pub(crate) static $name: ErrorClass = ErrorClass::new($class, "DigiMeSDKError", $code, $about);)*
        /// The rows, parents before children.
        #[cfg(feature = "__binding")]
        pub(crate) static CLASSES: &[&ErrorClass] = &[&SDK, $(&$name),*];
    };
}

pub(crate) static SDK: ErrorClass = ErrorClass {
    class: "DigiMeSDKError",
    name: "DigiMeSDKError",
    parent: None,
    code: "ERR_DIGIME_SDK",
    about: "Base of every error of this SDK; as itself, an answer of the platform that makes no sense.",
};

rows! {
    TYPE_VALIDATION: "TypeValidationError", "ERR_TYPE_VALIDATION",
        "An option is missing or wrong; nothing was sent. `path` names it.";
    FILE_DECRYPTION: "FileDecryptionError", "ERR_FILE_DECRYPTION",
        "A file cannot be decrypted with this key, or is damaged.";
    FILE_LIMIT: "FileLimitError", "ERR_FILE_LIMIT",
        "What comes of a file is larger than the limit set: `limit` says which.";
    HTTP: "HTTPError", "ERR_NON_2XX_3XX_RESPONSE",
        "A failure without an explanation by the platform: see `response`.";
    TIMEOUT: "TimeoutError", "ERR_TIMEOUT",
        "A time-out: `phase` says which, `after` how many milliseconds it is set to, `sent` how much of the request had been sent: `nothing`, `maybe` some, or the `whole` of it.";
    TRANSPORT: "TransportError", "ERR_TRANSPORT",
        "No answer came: `cause` says what the network reported (ECONNREFUSED and the like), `sent` how much of the request had been sent: `nothing`, `maybe` some, or the `whole` of it.";
    TOKEN_VERIFICATION: "TokenVerificationError", "ERR_TOKEN_VERIFICATION",
        "A token that is said to be the platform's does not verify.";
    UPLOAD_NOT_REPEATABLE: "UploadNotRepeatableError", "ERR_UPLOAD_NOT_REPEATABLE",
        "The access token was refreshed, but what had been sent in part cannot be sent again as it was: a stream too long to be kept, or bytes that have changed. Nothing was stored. Push it again with `userAccessToken`.";
    CLIENT_CLOSED: "ClientClosedError", "ERR_CLIENT_CLOSED",
        "The client was closed before the call was made, of which nothing was sent. Make another client.";
    STORE: "StoreError", "ERR_STORE",
        "The store cannot be read or written, or a record in it is changed by others all the time: `operation` is `read`, `write` or `change`.";
}

impl Error {
    /// The class of this error in the table.
    #[must_use]
    pub fn class(&self) -> &'static ErrorClass {
        match &self.kind {
            ErrorKind::Sdk(_) | ErrorKind::Host { .. } => &SDK,
            ErrorKind::TypeValidation { .. } | ErrorKind::UnexpectedResponse(_) => &TYPE_VALIDATION,
            ErrorKind::FileDecryption(_) => &FILE_DECRYPTION,
            ErrorKind::FileLimit { .. } => &FILE_LIMIT,
            ErrorKind::Http(_) => &HTTP,
            ErrorKind::Timeout { .. } => &TIMEOUT,
            ErrorKind::Transport { .. } => &TRANSPORT,
            ErrorKind::TokenVerification(_) => &TOKEN_VERIFICATION,
            ErrorKind::UploadNotRepeatable => &UPLOAD_NOT_REPEATABLE,
            ErrorKind::ClientClosed => &CLIENT_CLOSED,
            ErrorKind::Store { .. } => &STORE,
            ErrorKind::Platform(failure) => failure.class(),
        }
    }
}
