//! What a provider's FHIR server answers to content that it takes.

use serde_json::{Value, json};

use crate::random;

/// The response Bundle to a Bundle, or the resource as it was created.
pub fn answer(body: Value) -> Value {
    match body["entry"].as_array() {
        Some(entries) if body["resourceType"] == "Bundle" => json!({
            "resourceType": "Bundle",
            "id": random::token(),
            "type": format!("{}-response", body["type"].as_str().unwrap_or_default()),
            "entry": entries.iter().map(entry_response).collect::<Vec<_>>(),
        }),
        _ => created(body),
    }
}

fn created(mut resource: Value) -> Value {
    resource["id"] = json!(random::token());
    resource
}

fn entry_response(entry: &Value) -> Value {
    let url = entry["request"]["url"].as_str().unwrap_or_default();
    let (status, location) = match entry["request"]["method"].as_str() {
        Some("POST") => ("201 Created", format!("{url}/{}", random::token())),
        _ => ("200 OK", url.to_owned()),
    };
    json!({ "response": { "status": status, "location": format!("{location}/_history/1"), "etag": "W/\"1\"" } })
}
