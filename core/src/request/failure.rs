//! From an answer that is no success to the error that says so.

use serde_json::Value;

use super::Response;
use crate::Error;
use crate::error::{ApiError, ErrorKind, FailedResponse};

/// What the JavaScript SDK says where the platform says nothing.
const NO_CODE: &str = "DigiMeServerError";
const NO_MESSAGE: &str = "Server error";
const NO_REFERENCE: &str = "Unknown reference";

/// The answer, if it is a success.
pub(super) fn check(response: Response) -> Result<Response, Error> {
    if response.status.is_success() {
        Ok(response)
    } else {
        Err(error(&response))
    }
}

fn error(response: &Response) -> Error {
    match api_error(response) {
        Some(error) if matches!(error.code.as_str(), "SDKInvalid" | "SDKVersionInvalid") => {
            ErrorKind::SdkInvalid(error).into()
        }
        Some(error) => ErrorKind::Server(error).into(),
        None => failed_response(response),
    }
}

/// The error of an answer that explains nothing.
pub(crate) fn failed_response(response: &Response) -> Error {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = response.headers.iter();
    ErrorKind::Http(FailedResponse {
        status_code: response.status.as_u16(),
        status_message: response.status_message().to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: text(&response.body),
    })
    .into()
}

/// How the platform explains a failure: in the body, `{"error": {code, message, reference}}`, for storage `{"error": "Code", "message"}`;
/// or, for one that has no body, in `X-Error-*` headers.
pub(super) fn api_error(response: &Response) -> Option<ApiError> {
    let body: Value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let header = |name: &str| response.header(name).map(str::to_owned);
    let (code, message, reference) = match body.get("error") {
        Some(error @ Value::Object(_)) => (
            text(error, "code"),
            text(error, "message"),
            text(error, "reference"),
        ),
        Some(Value::String(code)) => (
            Some(code.clone()),
            text(&body, "message"),
            text(&body, "reference"),
        ),
        _ => {
            let code = header("x-error-code")?;
            (
                Some(code),
                header("x-error-message"),
                header("x-error-reference"),
            )
        }
    };
    Some(ApiError {
        code: code.unwrap_or_else(|| NO_CODE.to_owned()),
        message: message.unwrap_or_else(|| NO_MESSAGE.to_owned()),
        reference: reference.unwrap_or_else(|| NO_REFERENCE.to_owned()),
        status_code: Some(response.status.as_u16()),
        status_message: Some(response.status_message().to_owned()),
    })
}

/// Whether an error is a 401 that is about the access token: the platform says so, or nobody says anything. A page of HTML is a
/// proxy's: a refresh would spend the token and not appease it.
pub(super) fn concerns_access_token(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Server(error) => error.status_code == Some(401) && error.code == "InvalidToken",
        ErrorKind::Http(response) => {
            let html = response
                .headers
                .iter()
                .any(|(name, value)| name == "content-type" && value.starts_with("text/html"));
            response.status_code == 401 && !html
        }
        _ => false,
    }
}
