//! What a reading session is to fetch.

use serde::{Deserialize, Serialize};

use crate::{Document, JsonNumber, Open};

/// What the sessions of an authorisation are to do.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SessionOptions {
    /// The session that reads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pull: Option<Open<PullSessionOptions>>,
}

/// What a reading session is to fetch.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct PullSessionOptions {
    /// How long the platform may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Open<Limits>>,
    /// Which data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Open<CaScope>>,
    /// Whether the sources are asked for newer data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_fetch: Option<bool>,
    /// Which sources are asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_fetch_filter: Option<Open<SourceFetchFilter>>,
}

/// How long the platform may take.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct Limits {
    /// For what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<Open<LimitsDuration>>,
}

/// How long the platform may take for what.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct LimitsDuration {
    /// For fetching from the sources, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_fetch: Option<JsonNumber>,
}

/// Which data of a library: the contract's own scope, made narrower.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "__binding",
    derive(schemars::JsonSchema),
    schemars(rename = "CAScope")
)]
pub struct CaScope {
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_ranges: Option<Vec<Open<TimeRange>>>,
    /// From which groups of services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_groups: Option<Vec<Open<ServiceGroup>>>,
    /// Which raw files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criteria: Option<Vec<Open<ScopeCriteria>>>,
}

/// A range of time.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct TimeRange {
    /// Its begin, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<JsonNumber>,
    /// Its length up to now: `6m`, `1y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// Its end, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<JsonNumber>,
}

/// A group of services.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ServiceGroup {
    /// Its id.
    pub id: JsonNumber,
    /// Which of its services.
    pub service_types: Vec<Open<ServiceType>>,
}

/// A service.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ServiceType {
    /// Its id.
    pub id: JsonNumber,
    /// Which of its kinds of objects.
    pub service_object_types: Vec<Open<ServiceObjectType>>,
}

/// A kind of objects of a service.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ServiceObjectType {
    /// Its id.
    pub id: JsonNumber,
}

/// A condition on raw files.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct ScopeCriteria {
    /// From when, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<JsonNumber>,
    /// From how long ago: `6m`, `1y`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    /// What their metadata must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Document>,
}

/// Which sources are asked for newer data.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct SourceFetchFilter {
    /// By account.
    pub account: Open<AccountFilter>,
}

/// Accounts by their ids.
#[derive(Clone, Deserialize, Serialize)]
#[cfg_attr(feature = "__binding", derive(schemars::JsonSchema))]
pub struct AccountFilter {
    /// The ids.
    pub id: Vec<String>,
}
crate::operation::unseen!(AccountFilter);
