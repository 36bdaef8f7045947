//! `Patient/$status-query`: which of these patients have a record, and whether they have registered.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::pkb::fhir::identified::{Identifier, searched_identifiers, system_calls};
use crate::pkb::fhir::{Outcome, Resource};
use crate::pkb::state::{Memory, Pkb};

const MOST: usize = 5000;

pub async fn status_query(
    State(pkb): State<Arc<Pkb>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Resource, Outcome> {
    system_calls(&pkb, &headers)?;
    let identifiers = searched_identifiers(&headers, &body, MOST)?;
    let memory = pkb.memory();
    let statuses: Value = identifiers
        .iter()
        .map(|identifier| status(&memory, identifier))
        .collect();
    Ok(Resource(
        json!({ "resourceType": "Parameters", "parameter": statuses }),
    ))
}

fn status(memory: &Memory, identifier: &Identifier) -> Value {
    let mut parts = vec![identifier.part()];
    let diagnostics = |text: &str| json!({ "name": "diagnostics", "valueString": text });
    match identifier.registrant(memory) {
        None => parts.push(diagnostics("Not found")),
        Some(known) => {
            parts.push(json!({ "name": "deceased", "valueBoolean": known.deceased }));
            parts.push(json!({ "name": "registered", "valueBoolean": known.registered }));
            if !known.accessible {
                parts.push(diagnostics("No access"));
            } else if let Some(born) = known.birth_date {
                parts.push(json!({ "name": "dateOfBirth", "valueDate": born }));
            }
        }
    }
    json!({ "name": "patientStatus", "part": parts })
}
