//! The FHIR that can be pushed to a provider: what is refused, and what the provider answers.

mod answer;
mod check;

use serde_json::Value;

pub use answer::answer;
pub use check::check;

/// The types of the resources that were pushed, in order.
pub fn resource_types(body: &Value) -> Vec<&str> {
    match body["entry"].as_array() {
        Some(entries) => entries
            .iter()
            .filter_map(|entry| entry["resource"]["resourceType"].as_str())
            .collect(),
        None => body["resourceType"].as_str().into_iter().collect(),
    }
}
