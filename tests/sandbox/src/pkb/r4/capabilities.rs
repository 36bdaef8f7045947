//! What an endpoint of R4 says of itself.

use serde_json::{Value, json};

use crate::pkb::r4::{Kind, parameters};

/// A `CapabilityStatement` of types and what can be done with each.
pub fn capabilities<'a>(
    endpoint: &str,
    types: impl Iterator<Item = (&'a str, &'a [&'a str])>,
) -> Value {
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-07-01",
        "publisher": "The sandbox, where nothing is real",
        "kind": "instance",
        "implementation": { "description": "Patients Know Best, offline", "url": endpoint },
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{ "mode": "server", "resource": types.map(resource).collect::<Value>() }],
    })
}

fn resource((kind, interactions): (&str, &[&str])) -> Value {
    let interactions = interactions.iter().map(|code| json!({ "code": code }));
    let searched = parameters(kind).map(|parameter| {
        let kind = match parameter.kind {
            Kind::Date => "date",
            Kind::Reference => "reference",
            Kind::Token => "token",
        };
        json!({ "name": parameter.name, "type": kind })
    });
    json!({
        "type": kind,
        "interaction": interactions.collect::<Value>(),
        "searchParam": searched.collect::<Value>(),
    })
}
