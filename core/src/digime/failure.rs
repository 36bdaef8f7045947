//! How digi.me says that something failed, and what an error of its calls brings along: its rows of the table of error classes.

use std::fmt;

use serde::Serialize;

use super::{FindingSeverity, ProviderDataFinding, UserAccessToken};
use crate::error::{Carried, ErrorClass, ErrorKind, Fields, PlatformFailure, Words};
use crate::http::{Response, failed_response};
use crate::{Document, Error};

/// What goes wrong with digi.me.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// `ServerError`.
    Server(ApiError),
    /// `SDKInvalidError`.
    SdkInvalid(ApiError),
    /// `ConnectDeniedError`.
    ConnectDenied {
        /// The code that the person came back with.
        error_code: Option<String>,
    },
    /// `ConnectStateError`.
    ConnectState {
        /// `missing`, `unknown`, `expired`, `used` or `mismatch`.
        reason: &'static str,
        /// What happened, and what to do.
        message: &'static str,
    },
    /// `NotConnectedError`.
    NotConnected,
    /// `ConnectionExpiredError`.
    ConnectionExpired {
        /// The platform's code: `InvalidGrant`; or `no_refresh_token`.
        reason: String,
    },
    /// `ConnectionConflictError`.
    ConnectionConflict,
    /// `ProviderDataError`.
    ProviderData {
        /// All that was found, warnings too.
        findings: Vec<ProviderDataFinding>,
    },
}

/// How the platform explains an error.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
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
    /// Its message as a log may have it.
    #[serde(skip)]
    shown: String,
}

/// The platform's texts may hold anything, what was sent among it: they are shown as the message of the error is.
impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("message", &self.shown)
            .field("status_code", &self.status_code)
            .finish_non_exhaustive()
    }
}

static SERVER: ErrorClass = ErrorClass {
    name: "DigiMeServerError",
    ..ErrorClass::new(
        "ServerError",
        "DigiMeSDKError",
        "ERR_SERVER",
        "The platform refused the request and said why: see `error`.",
    )
};
static SDK_INVALID: ErrorClass = ErrorClass::new(
    "SDKInvalidError",
    "ServerError",
    "ERR_SDK_INVALID",
    "The platform does not accept this SDK, or this version of it.",
);

static CONNECT_DENIED: ErrorClass = ErrorClass::new(
    "ConnectDeniedError",
    "DigiMeSDKError",
    "ERR_CONNECT_DENIED",
    "The person, or the platform, did not grant what was asked for: `errorCode` is what the callback said.",
);
static CONNECT_STATE: ErrorClass = ErrorClass::new(
    "ConnectStateError",
    "DigiMeSDKError",
    "ERR_CONNECT_STATE",
    "The callback does not belong to an attempt to connect that can go on: `reason` is `missing`, `unknown`, `expired`, `used` or `mismatch`. Begin again with `getConnectUrl`.",
);
static NOT_CONNECTED: ErrorClass = ErrorClass::new(
    "NotConnectedError",
    "DigiMeSDKError",
    "ERR_NOT_CONNECTED",
    "The app user has no connection under this contract.",
);
static CONNECTION_EXPIRED: ErrorClass = ErrorClass::new(
    "ConnectionExpiredError",
    "DigiMeSDKError",
    "ERR_CONNECTION_EXPIRED",
    "The platform accepts the connection's refresh token no more: the person must consent again. `reason` is the platform's code.",
);
static CONNECTION_CONFLICT: ErrorClass = ErrorClass::new(
    "ConnectionConflictError",
    "DigiMeSDKError",
    "ERR_CONNECTION_CONFLICT",
    "The app user is connected already, to the library of another person.",
);

static PROVIDER_DATA: ErrorClass = ErrorClass::new(
    "ProviderDataError",
    "DigiMeSDKError",
    "ERR_PROVIDER_DATA",
    "The data would be refused by the care provider, so nothing was sent: see `findings`.",
);

/// The rows of digi.me's own classes, parents before children.
#[cfg(feature = "__binding")]
pub(crate) static CLASSES: &[&ErrorClass] = &[
    &SERVER,
    &SDK_INVALID,
    &CONNECT_DENIED,
    &CONNECT_STATE,
    &NOT_CONNECTED,
    &CONNECTION_EXPIRED,
    &CONNECTION_CONFLICT,
    &PROVIDER_DATA,
];

impl Failure {
    /// What digi.me says, if that is why a call failed.
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.platform_failure()
    }
}

/// The platform's texts, and what comes back by a callback, may hold anything: they are shown as the message of the error is.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(self.class().class)
            .field("message", &self.to_string())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.words())
    }
}

impl PlatformFailure for Failure {
    fn class(&self) -> &'static ErrorClass {
        match self {
            Self::Server(_) => &SERVER,
            Self::SdkInvalid(_) => &SDK_INVALID,
            Self::ConnectDenied { .. } => &CONNECT_DENIED,
            Self::ConnectState { .. } => &CONNECT_STATE,
            Self::NotConnected => &NOT_CONNECTED,
            Self::ConnectionExpired { .. } => &CONNECTION_EXPIRED,
            Self::ConnectionConflict => &CONNECTION_CONFLICT,
            Self::ProviderData { .. } => &PROVIDER_DATA,
        }
    }

    fn fields(&self, fields: &mut Fields<'_>) {
        match self {
            Self::Server(error) | Self::SdkInvalid(error) => fields.add("error", error),
            Self::ConnectDenied { error_code } => fields.add("errorCode", error_code),
            Self::ConnectState { reason, .. } => fields.add("reason", reason),
            Self::ConnectionExpired { reason } => fields.add("reason", reason),
            Self::ProviderData { findings } => fields.add("findings", findings),
            Self::NotConnected | Self::ConnectionConflict => {}
        }
    }

    fn words(&self) -> Words {
        match self {
            Self::Server(error) | Self::SdkInvalid(error) => error.shown.clone().into(),
            Self::ConnectDenied { .. } => Words::from(
                "the person, or digi.me, did not grant what was asked for; errorCode says why, if the callback did",
            ),
            Self::ConnectState { message, .. } => Words::from(*message),
            Self::NotConnected => Words::from(
                "there is no connection for this app user under this contract: send them to the address that getConnectUrl gives",
            ),
            Self::ConnectionExpired { reason } => {
                Words::from("the connection is over (").given(reason).own(
                    "): send the person to the address that getConnectUrl gives, to consent again",
                )
            }
            Self::ConnectionConflict => Words::from(
                "this app user is connected to another person's library already; complete it again with onConflict \"replace\" to take that connection's place",
            ),
            Self::ProviderData { findings } => {
                let errors = findings
                    .iter()
                    .filter(|found| found.severity == FindingSeverity::Error);
                let count = errors.clone().count();
                let first = errors.map(ToString::to_string).next();
                Words::from(format!(
                    "the care provider would refuse the data, and nothing was sent: {count} {} in findings, the first {}",
                    if count == 1 { "error" } else { "errors" },
                    first.unwrap_or_default(),
                ))
            }
        }
    }
}

/// The token that a refresh has brought, in an error since there is nowhere else for it.
#[derive(Debug)]
struct NewToken(UserAccessToken);

impl Carried for NewToken {
    fn fields(&self, fields: &mut Fields<'_>) {
        fields.add("userAccessToken", &self.0);
    }
}

impl Error {
    /// The user access token that replaced the one given, when a call of digi.me failed after a refresh: store it, the old one is spent.
    #[must_use]
    pub fn user_access_token(&self) -> Option<&UserAccessToken> {
        self.carried_as::<NewToken>().map(|new| &new.0)
    }

    pub(crate) fn with_user_access_token(self, token: UserAccessToken) -> Self {
        self.carrying(NewToken(token))
    }

    /// With another in place of the token that it carries, if it carries one.
    pub(in crate::digime) fn replacing_user_access_token(
        self,
        replace: impl FnOnce(UserAccessToken) -> UserAccessToken,
    ) -> Self {
        match self.user_access_token().cloned() {
            Some(token) => self.with_user_access_token(replace(token)),
            None => self,
        }
    }
}

/// What the JavaScript SDK says where the platform says nothing.
const NO_CODE: &str = "DigiMeServerError";
const NO_MESSAGE: &str = "Server error";
const NO_SDK: &str = "Invalid SDK version";
const NO_REFERENCE: &str = "Unknown reference";

/// The answer, if it is a success.
pub(super) fn check(response: Response) -> Result<Response, Error> {
    if response.status.is_success() {
        Ok(response)
    } else {
        Err(refusal(&response))
    }
}

/// The error of an answer that is no success.
pub(super) fn refusal(response: &Response) -> Error {
    let error = match api_error(response) {
        Some(error) if is_about_the_sdk(&error.code) => Failure::SdkInvalid(error).into(),
        Some(error) => Failure::Server(error).into(),
        None => failed_response(response),
    };
    error.retrying_after(response.retry_after)
}

/// In which header the platform says what it calls an answer.
pub(super) const REFERENCE: &str = "x-error-reference";

/// How the platform explains a failure: in the body, `{"error": {code, message, reference}}`, for storage `{"error": "Code", "message"}`,
/// of which all may be missing; or, for one that has no such body, in `X-Error-*` headers.
fn api_error(response: &Response) -> Option<ApiError> {
    let body: Option<Document> = serde_json::from_slice(&response.body).ok();
    let header = |name: &str| response.header(name).map(str::to_owned);
    let error = body.as_ref().and_then(|body| body.member("error"));
    let (code, message, reference) = match (&body, error) {
        (_, Some(error)) if error.kind() == "an object" => (
            error.string_at("code"),
            error.string_at("message"),
            error.string_at("reference"),
        ),
        (Some(body), Some(code)) if code.kind() == "a string" => (
            code.string(),
            body.string_at("message"),
            body.string_at("reference"),
        ),
        (body, error) => match (header("x-error-code"), body) {
            (Some(code), _) => (Some(code), header("x-error-message"), header(REFERENCE)),
            (None, Some(body)) if error.is_none() && says_nothing_else(body) => {
                (None, body.string_at("message"), body.string_at("reference"))
            }
            _ => return None,
        },
    };
    // A program may look at them, but nobody needs what was sent: they end in logs.
    let or = |said: Option<String>, otherwise: &str| {
        let said = said.filter(|said| !said.is_empty());
        let said = said.map(|said| response.asked.redacted(&said));
        said.unwrap_or_else(|| otherwise.to_owned())
    };
    let code = or(code, NO_CODE);
    let message = or(
        message,
        if is_about_the_sdk(&code) {
            NO_SDK
        } else {
            NO_MESSAGE
        },
    );
    Some(ApiError {
        code,
        shown: response.asked.said(&message),
        message,
        reference: or(reference, NO_REFERENCE),
        status_code: Some(response.status.as_u16()),
        status_message: Some(response.status_message().to_owned()),
    })
}

fn is_about_the_sdk(code: &str) -> bool {
    matches!(code, "SDKInvalid" | "SDKVersionInvalid")
}

/// An object without an `error`, whose `message`, if it has one, is a text: what the JavaScript SDK takes for the platform's word.
fn says_nothing_else(body: &Document) -> bool {
    let message = body.member("message");
    body.kind() == "an object" && message.is_none_or(|message| message.kind() == "a string")
}

/// Whether the platform has refused a request since it is asked too much.
pub(super) fn asks_for_less(error: &Error) -> bool {
    let status = match (Failure::of(error), error.kind()) {
        (Some(Failure::Server(error) | Failure::SdkInvalid(error)), _) => error.status_code,
        (_, ErrorKind::Http(response)) => Some(response.status_code),
        _ => None,
    };
    matches!(status, Some(429 | 503))
}

/// Whether an error is a 401 that is about the access token: the platform says so, or nobody says anything. A page of HTML is a
/// proxy's: a refresh would spend the token and not appease it.
pub(super) fn concerns_access_token(error: &Error) -> bool {
    match (Failure::of(error), error.kind()) {
        (Some(Failure::Server(error)), _) => {
            error.status_code == Some(401)
                && matches!(error.code.as_str(), "InvalidToken" | NO_CODE)
        }
        (_, ErrorKind::Http(response)) => {
            let html = response.headers.iter().any(|(name, value)| {
                name == "content-type" && value.to_ascii_lowercase().starts_with("text/html")
            });
            response.status_code == 401 && !html
        }
        _ => false,
    }
}
