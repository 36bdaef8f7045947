//! Why a resource is among what a search gives.

use serde::Serialize;

use crate::Document;

/// Why a resource is among what a search gives (FHIR's `search-entry-mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub enum SearchMode {
    /// It was searched for.
    Match,
    /// One that was found refers to it, or is referred to by it (`_include`, `_revinclude`).
    Include,
    /// An `OperationOutcome` that says something about the search.
    Outcome,
}

impl SearchMode {
    /// That of a resource which an entry of a search for this type has. Where the server does not say it, a resource of the type is one that was searched for.
    pub(super) fn of(entry: &Document, resource: &Document, searched: &str) -> Self {
        let said = entry.member("search");
        let said = said.and_then(|search| search.string_at("mode"));
        let kind = resource.string_at("resourceType");
        match (said.as_deref(), kind.as_deref()) {
            (Some("match"), _) => Self::Match,
            (Some("include"), _) => Self::Include,
            (Some("outcome"), _) | (_, Some("OperationOutcome")) => Self::Outcome,
            (_, Some(kind)) if kind == searched => Self::Match,
            _ => Self::Include,
        }
    }
}
