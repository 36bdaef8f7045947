//! The host by which Aggregated names what it has: one within the platform, which nobody outside reaches.

pub const INNER_ORIGIN: &str = "http://sandboxaggregated.fhir-api.internal";
pub const INNER: &str = "http://sandboxaggregated.fhir-api.internal/fhir";
