//! `metadata`: what the Facade says it can do, of which the sandbox has a part.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Value, json};

use crate::pkb::fhir::Resource;
use crate::pkb::state::Pkb;

pub async fn metadata(State(pkb): State<Arc<Pkb>>) -> Resource {
    Resource(json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-07-01",
        "publisher": "The sandbox, where nothing is real",
        "kind": "instance",
        "implementation": {
            "description": "Patients Know Best, offline",
            "url": pkb.addresses.fhir_url,
        },
        "fhirVersion": "3.0.2",
        "acceptUnknown": "no",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "resource": [
                resource("Consent", &["search-type"], &[("patient", "reference")]),
                resource(
                    "Observation",
                    &["search-type"],
                    &[("patient", "reference"), ("category", "token"), ("date", "date")],
                ),
                resource("Patient", &["read", "search-type"], &[("identifier", "token")]),
            ],
            "operation": [
                operation("purview", "Consent-t-purview"),
                operation("date-of-last-data-point", "Patient-t-date-of-last-data-point"),
                operation("generate-invitation-tokens", "Organization-t-generate-invitation-tokens"),
                operation("status-query", "Patient-t-status-query"),
            ],
        }],
    }))
}

/// A type of resource, how it can be had, and what it is searched by.
fn resource(name: &str, interactions: &[&str], search: &[(&str, &str)]) -> Value {
    let interactions: Value = interactions
        .iter()
        .map(|code| json!({ "code": code }))
        .collect();
    let parameters: Value = search
        .iter()
        .map(|(name, kind)| json!({ "name": name, "type": kind }))
        .collect();
    json!({
        "type": name,
        "interaction": interactions,
        "searchParam": parameters,
    })
}

/// An operation, and the id of its definition.
fn operation(name: &str, id: &str) -> Value {
    json!({ "name": name, "definition": { "reference": format!("OperationDefinition/{id}") } })
}
