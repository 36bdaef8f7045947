//! How a refusal of PKB's is read: its code, wherever it stands, and the issues of an OperationOutcome.

use serde_json::Value;

use crate::http::Response;
use crate::pkb::FhirIssue;

/// PKB's code system of refusals.
const RESPONSE_CODES: &str = "http://fhir.patientsknowbest.com/codesystem/response-code";

/// The codes that PKB documents, now and before.
const KNOWN: [&str; 11] = [
    "ACC_TOKEN_EXPIRED",
    "API_SESSION_EXPIRED",
    "API_SESSION_INVALID",
    "BAD_AUTHENTICATION",
    "ACCESS_FROZEN_OUTWARD",
    "ACCESS_FROZEN_INWARD",
    "USER_TYPE_NOT_PERM",
    "NO_ASSOCIATION",
    "NO_CONSENT",
    "NO_DECRYPT_KEY",
    "SHARING_DISABLED",
];

/// How much of a page is searched for a code.
const SEARCHED: usize = 64 * 1024;

/// The body as JSON, if it is.
pub(in crate::pkb) fn json(response: &Response) -> Option<Value> {
    serde_json::from_slice(&response.body).ok()
}

/// The body, if it is an OperationOutcome.
pub(in crate::pkb) fn outcome(response: &Response) -> Option<Value> {
    json(response).filter(|body| body["resourceType"] == "OperationOutcome")
}

/// PKB's code. Where it stands is not documented, so every place is tried: the coding of an issue, another member of the body, or
/// the text of a page.
pub(in crate::pkb) fn code(response: &Response) -> Option<String> {
    let Some(body) = json(response) else {
        return known_in(&String::from_utf8_lossy(
            &response.body[..response.body.len().min(SEARCHED)],
        ));
    };
    let issues = body["issue"].as_array().into_iter().flatten();
    let coded = issues
        .clone()
        .flat_map(|issue| issue["details"]["coding"].as_array().into_iter().flatten())
        .find(|coding| coding["system"] == RESPONSE_CODES)
        .and_then(|coding| coding["code"].as_str().map(str::to_owned));
    coded.or_else(|| known_in(&body.to_string()))
}

/// A documented code that stands somewhere in the text as a word.
fn known_in(text: &str) -> Option<String> {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.find(|word| KNOWN.contains(word)).map(str::to_owned)
}

/// The issues of an OperationOutcome.
pub(in crate::pkb) fn issues(outcome: &Value) -> Vec<FhirIssue> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let issues = outcome["issue"].as_array().into_iter().flatten();
    issues
        .map(|issue| FhirIssue {
            severity: text(&issue["severity"]).unwrap_or_default(),
            code: text(&issue["code"]).unwrap_or_default(),
            diagnostics: text(&issue["diagnostics"]).or_else(|| text(&issue["details"]["text"])),
        })
        .collect()
}
