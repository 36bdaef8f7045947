//! The one table of error classes that all languages show, and an error as data for them.

use serde::Serialize;

use super::{Error, ErrorKind};
use crate::dynamic::{Dialect, Value};

/// One error class as every language has it.
#[derive(Debug, Clone, Copy, Serialize)]
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

const fn class(
    class: &'static str,
    parent: &'static str,
    code: &'static str,
    about: &'static str,
) -> ErrorClass {
    ErrorClass {
        class,
        name: class,
        parent: Some(parent),
        code,
        about,
    }
}

/// The table of error classes, parents before children.
pub const ERROR_CLASSES: &[ErrorClass] = &[
    ErrorClass {
        class: "DigiMeSDKError",
        name: "DigiMeSDKError",
        parent: None,
        code: "ERR_DIGIME_SDK",
        about: "Base of every error of this SDK; as itself, an answer of the platform that makes no sense.",
    },
    ErrorClass {
        class: "ServerError",
        name: "DigiMeServerError",
        parent: Some("DigiMeSDKError"),
        code: "ERR_SERVER",
        about: "The platform refused the request and said why: see `error`.",
    },
    class(
        "SDKInvalidError",
        "ServerError",
        "ERR_SDK_INVALID",
        "The platform does not accept this SDK, or this version of it.",
    ),
    class(
        "TypeValidationError",
        "DigiMeSDKError",
        "ERR_TYPE_VALIDATION",
        "An option is missing or wrong; nothing was sent. `path` names it.",
    ),
    class(
        "FileDecryptionError",
        "DigiMeSDKError",
        "ERR_FILE_DECRYPTION",
        "A file cannot be decrypted with this key, or is damaged.",
    ),
    class(
        "FileLimitError",
        "DigiMeSDKError",
        "ERR_FILE_LIMIT",
        "What comes of a file is larger than the limit set: `limit` says which.",
    ),
    class(
        "HTTPError",
        "DigiMeSDKError",
        "ERR_NON_2XX_3XX_RESPONSE",
        "A failure without an explanation by the platform: see `response`.",
    ),
    class(
        "TimeoutError",
        "DigiMeSDKError",
        "ERR_TIMEOUT",
        "A time-out: `phase` says which, `after` how many milliseconds it is set to.",
    ),
    class(
        "TransportError",
        "DigiMeSDKError",
        "ERR_TRANSPORT",
        "No answer came: `cause` says what the network reported (ECONNREFUSED and the like).",
    ),
    class(
        "TokenVerificationError",
        "DigiMeSDKError",
        "ERR_TOKEN_VERIFICATION",
        "A token that is said to be the platform's does not verify.",
    ),
    class(
        "UploadNotRepeatableError",
        "DigiMeSDKError",
        "ERR_UPLOAD_NOT_REPEATABLE",
        "The access token was refreshed, but a stream that had been sent in part is too long to be sent again; nothing was stored. Push it again with `userAccessToken`.",
    ),
    class(
        "PkbError",
        "DigiMeSDKError",
        "ERR_PKB",
        "Base of what goes wrong with Patients Know Best; as itself, PKB refused the request or gave an answer that makes no sense: see `pkbCode` and `statusCode`.",
    ),
    class(
        "LinkDeniedError",
        "PkbError",
        "ERR_LINK_DENIED",
        "The patient, or PKB, did not grant the link: `error` and `errorDescription` say what the callback said.",
    ),
    class(
        "LinkStateError",
        "PkbError",
        "ERR_LINK_STATE",
        "The callback does not belong to an attempt to link that can go on: `reason` is `missing`, `unknown`, `expired`, `used` or `mismatch`. Begin again with `getLinkUrl`.",
    ),
    class(
        "NotLinkedError",
        "PkbError",
        "ERR_NOT_LINKED",
        "The app user has no link.",
    ),
    class(
        "LinkExpiredError",
        "PkbError",
        "ERR_LINK_EXPIRED",
        "PKB says that the session is over: the patient must link again. `reason` is PKB's code.",
    ),
    class(
        "LinkConflictError",
        "PkbError",
        "ERR_LINK_CONFLICT",
        "The app user (`conflict` is `appUser`) or the PKB record (`publicId`) is linked already, to another.",
    ),
    class(
        "StoreError",
        "PkbError",
        "ERR_STORE",
        "The store of links cannot be read or written: `operation` says which.",
    ),
    class(
        "FhirError",
        "PkbError",
        "ERR_FHIR",
        "PKB's FHIR API refused the request: see `pkbCode`, `statusCode`, `issues` and `operationOutcome`.",
    ),
];

impl Error {
    /// The class of this error in the table.
    #[must_use]
    pub fn class(&self) -> &'static ErrorClass {
        let class = match self.kind {
            ErrorKind::Sdk(_) | ErrorKind::Host { .. } => "DigiMeSDKError",
            ErrorKind::Server(_) => "ServerError",
            ErrorKind::SdkInvalid(_) => "SDKInvalidError",
            ErrorKind::TypeValidation { .. } | ErrorKind::UnexpectedResponse(_) => {
                "TypeValidationError"
            }
            ErrorKind::FileLimit { .. } => "FileLimitError",
            ErrorKind::FileDecryption(_) => "FileDecryptionError",
            ErrorKind::Http(_) => "HTTPError",
            ErrorKind::Timeout { .. } => "TimeoutError",
            ErrorKind::Transport { .. } => "TransportError",
            ErrorKind::TokenVerification(_) => "TokenVerificationError",
            ErrorKind::UploadNotRepeatable => "UploadNotRepeatableError",
            ErrorKind::Pkb(_) => "PkbError",
            ErrorKind::LinkDenied { .. } => "LinkDeniedError",
            ErrorKind::LinkState { .. } => "LinkStateError",
            ErrorKind::NotLinked => "NotLinkedError",
            ErrorKind::LinkExpired { .. } => "LinkExpiredError",
            ErrorKind::LinkConflict { .. } => "LinkConflictError",
            ErrorKind::Store { .. } => "StoreError",
            ErrorKind::Fhir(_) => "FhirError",
        };
        ERROR_CLASSES
            .iter()
            .find(|row| row.class == class)
            .unwrap_or(&ERROR_CLASSES[0])
    }

    /// The message, an option being named as the language spells it.
    fn message(&self, dialect: Dialect) -> String {
        match &self.kind {
            ErrorKind::TypeValidation {
                headline,
                path,
                reason,
            } => {
                format!("{headline} {}: {reason}", dialect.spell(path))
            }
            ErrorKind::LinkState { .. }
            | ErrorKind::NotLinked
            | ErrorKind::LinkConflict { .. }
            | ErrorKind::Store { .. } => dialect.spell_names(&self.kind.to_string()),
            kind => kind.to_string(),
        }
    }

    /// The error as data, from which a binding makes an instance of its own class: `class`, `name`, `code`, `message` and
    /// `fields`, the attributes beyond those, as the language spells them.
    #[must_use]
    pub fn to_value(&self, dialect: Dialect) -> Value {
        let class = self.class();
        let mut fields = Vec::new();
        let mut field =
            |name: &str, value: Value| fields.push((dialect.spell(name).into_owned(), value));
        match &self.kind {
            ErrorKind::Server(error) | ErrorKind::SdkInvalid(error) => {
                field("error", dialect.value_of(error));
            }
            ErrorKind::Http(response) => field("response", dialect.value_of(response)),
            ErrorKind::TypeValidation { path, .. } => {
                field("path", Value::from(&*dialect.spell(path)));
            }
            ErrorKind::Timeout { phase, after, .. } => {
                field("phase", Value::from(*phase));
                field(
                    "after",
                    Value::Integer(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)),
                );
            }
            ErrorKind::Transport { cause, .. } => field("cause", Value::from(*cause)),
            ErrorKind::FileLimit { limit } => field("limit", Value::from(*limit)),
            ErrorKind::Pkb(failure) => {
                field("pkbCode", dialect.value_of(&failure.pkb_code));
                field("statusCode", dialect.value_of(&failure.status_code));
            }
            ErrorKind::LinkDenied {
                error,
                error_description,
                ..
            } => {
                field("error", Value::from(error.as_str()));
                field("errorDescription", dialect.value_of(error_description));
            }
            ErrorKind::LinkState { reason, .. } => field("reason", Value::from(*reason)),
            ErrorKind::LinkExpired { reason } => field("reason", Value::from(reason.as_str())),
            ErrorKind::LinkConflict { conflict } => {
                field("conflict", Value::from(conflict.as_str()));
            }
            ErrorKind::Store { operation, .. } => field("operation", Value::from(*operation)),
            ErrorKind::Fhir(failure) => {
                field("pkbCode", dialect.value_of(&failure.pkb_code));
                field("statusCode", Value::Integer(failure.status_code.into()));
                field("issues", dialect.value_of(&failure.issues));
                field(
                    "operationOutcome",
                    dialect.value_of(&failure.operation_outcome),
                );
            }
            // The caller knows its own failure; this says which of its objects to look at.
            ErrorKind::Host { path } => field("host", Value::from(path.as_str())),
            _ => {}
        }
        if let Some(token) = &self.user_access_token {
            field("userAccessToken", dialect.value_of(token));
        }
        Value::Object(vec![
            ("class".to_owned(), Value::from(class.class)),
            ("name".to_owned(), Value::from(class.name)),
            ("code".to_owned(), Value::from(class.code)),
            ("message".to_owned(), Value::from(self.message(dialect))),
            ("fields".to_owned(), Value::Object(fields)),
        ])
    }
}
