//! How a refusal of PKB's is read: its code, wherever it stands, and the issues of an OperationOutcome.

use crate::Document;
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

/// The body, if it is an OperationOutcome.
pub(in crate::pkb) fn outcome(response: &Response) -> Option<Document> {
    json(response)
        .filter(|body| body.string_at("resourceType").as_deref() == Some("OperationOutcome"))
}

/// PKB's code. Where it stands is not documented, so every place is tried: the coding of an issue, another member of the body, or
/// the text of a page.
pub(in crate::pkb) fn code(response: &Response) -> Option<String> {
    let Some(body) = json(response) else {
        return known_in(&String::from_utf8_lossy(
            &response.body[..response.body.len().min(SEARCHED)],
        ));
    };
    let codings = items(&body, "issue").into_iter().flat_map(|issue| {
        let details = issue.member("details");
        details.map_or_else(Vec::new, |details| items(&details, "coding"))
    });
    let coded = codings
        .into_iter()
        .find(|coding| coding.string_at("system").as_deref() == Some(RESPONSE_CODES))
        .and_then(|coding| coding.string_at("code"));
    coded.or_else(|| known_in(body.text()))
}

/// A documented code that stands somewhere in the text as a word.
fn known_in(text: &str) -> Option<String> {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.find(|word| KNOWN.contains(word)).map(str::to_owned)
}

/// The issues of an OperationOutcome.
pub(in crate::pkb) fn issues(outcome: &Document) -> Vec<FhirIssue> {
    let issues = items(outcome, "issue").into_iter();
    issues
        .map(|issue| FhirIssue {
            severity: issue.string_at("severity").unwrap_or_default(),
            code: issue.string_at("code").unwrap_or_default(),
            diagnostics: issue
                .string_at("diagnostics")
                .or_else(|| issue.member("details")?.string_at("text")),
        })
        .collect()
}

/// The body as JSON, if it is.
pub(in crate::pkb) fn json(response: &Response) -> Option<Document> {
    serde_json::from_slice(&response.body).ok()
}

fn items(object: &Document, name: &str) -> Vec<Document> {
    let items = object.member(name).and_then(|items| items.items());
    items.unwrap_or_default()
}
