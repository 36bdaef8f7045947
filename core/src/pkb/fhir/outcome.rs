//! What has become of a resource that was sent: in an answer of its own, or in the answer to a bundle.

use http::header::{ETAG, LAST_MODIFIED, LOCATION};
use serde::Serialize;

use super::operation_outcome;
use crate::http::Response;
use crate::pkb::FhirIssue;
use crate::pkb::meaning::makes_no_sense;
use crate::{Document, Error, JsonObject};

/// What has become of a resource that was sent to PKB (FHIR, `Bundle.entry.response`).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct FhirOutcome {
    /// The HTTP status: 201 for a resource that was made, 200 for one that was there; from 400 on it was refused.
    pub status_code: u16,
    /// The id that the server gave it, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its version, where the server says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// Its address, as the server writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Its entity tag, as the server writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// When it was last changed, as the server writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The resource as it is stored, or as it was read, where the server gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<JsonObject>,
    /// What the server says about it, as of an `OperationOutcome`.
    pub issues: Vec<FhirIssue>,
}

/// Of a person nothing is shown.
impl std::fmt::Debug for FhirOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FhirOutcome")
            .field("status_code", &self.status_code)
            .finish_non_exhaustive()
    }
}

impl FhirOutcome {
    /// That of the one resource which was sent, of this type, and under this id if it has one. An answer that does not say that it is stored is an
    /// error: it comes from somebody else, or something is wrong.
    pub(in crate::pkb) fn of(
        response: &Response,
        kind: &str,
        id: Option<String>,
    ) -> Result<Self, Error> {
        let header = |name| {
            let value = response.headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let body = operation_outcome::json(response);
        let outcome = body.as_ref().filter(|body| is_outcome(body));
        let is_unread = body.is_none() && !response.body.is_empty();
        let is_other = body
            .as_ref()
            .is_some_and(|body| !is_outcome(body) && !is(body, kind));
        let outcome = Self {
            status_code: response.status.as_u16(),
            id: None,
            version_id: None,
            location: header(LOCATION),
            etag: header(ETAG),
            last_modified: header(LAST_MODIFIED),
            issues: outcome.map(operation_outcome::issues).unwrap_or_default(),
            resource: body
                .filter(|body| !is_outcome(body))
                .and_then(JsonObject::of),
        }
        .named(id);
        if is_unread || is_other || outcome.id.is_none() || outcome.says_no() {
            let said =
                "does not say that the resource is stored: look for it before it is sent again";
            return Err(makes_no_sense(response, said));
        }
        Ok(outcome)
    }

    /// Whether what is said about it is that it failed.
    fn says_no(&self) -> bool {
        let mut issues = self.issues.iter();
        issues.any(|issue| matches!(issue.severity.as_str(), "fatal" | "error"))
    }

    /// That of an entry of a bundle; none where it does not say what became of it.
    pub(in crate::pkb) fn of_entry(entry: &Document) -> Option<Self> {
        let response = entry.member("response")?;
        let status = response.string_at("status")?;
        let digits = status.split(|letter: char| !letter.is_ascii_digit()).next();
        let outcome = response.member("outcome");
        let outcome = outcome.as_ref().filter(|outcome| is_outcome(outcome));
        let outcome = Self {
            status_code: digits?.parse().ok()?,
            id: None,
            version_id: None,
            location: response.string_at("location"),
            etag: response.string_at("etag"),
            last_modified: response.string_at("lastModified"),
            resource: entry.member("resource").and_then(JsonObject::of),
            issues: outcome.map(operation_outcome::issues).unwrap_or_default(),
        };
        Some(outcome.named(None))
    }

    /// With id and version, as the resource has them, or its address and entity tag, or who sent it.
    fn named(mut self, id: Option<String>) -> Self {
        let resource = self.resource.as_ref();
        let own = |name| resource?.member(name)?.string();
        let version = |resource: &JsonObject| {
            let meta = resource.member("meta")?;
            meta.member("versionId")?.string()
        };
        let of_address = self.location.as_deref().map(address).unwrap_or_default();
        let tag = self.etag.as_deref();
        let tag = tag.map(|tag| tag.trim_start_matches("W/").trim_matches('"').to_owned());
        self.id = own("id").or(of_address.0).or(id);
        self.version_id = resource.and_then(version).or(of_address.1).or(tag);
        self
    }
}

/// The id and version of `…/Type/id/_history/version`.
fn address(location: &str) -> (Option<String>, Option<String>) {
    let path = location.split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<_> = path.split('/').collect();
    let part = |part: &str| Some(part.to_owned()).filter(|part| !part.is_empty());
    match segments[..] {
        [.., _, id, "_history", version] => (part(id), part(version)),
        [.., _, id] => (part(id), None),
        _ => (None, None),
    }
}

fn is_outcome(document: &Document) -> bool {
    is(document, "OperationOutcome")
}

fn is(document: &Document, kind: &str) -> bool {
    document.string_at("resourceType").as_deref() == Some(kind)
}
