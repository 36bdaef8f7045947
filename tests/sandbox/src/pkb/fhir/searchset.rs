//! The Bundle that answers a search.

use serde_json::{Value, json};

/// The resources of one page; `next` is the address of the one after it.
pub fn searchset(
    endpoint: &str,
    resources: Vec<Value>,
    address: &str,
    next: Option<String>,
) -> Value {
    let mut links = vec![json!({ "relation": "self", "url": address })];
    links.extend(next.map(|next| json!({ "relation": "next", "url": next })));
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "link": links });
    if !resources.is_empty() {
        let entries = resources
            .into_iter()
            .map(|resource| entry(endpoint, resource));
        bundle["entry"] = entries.collect();
    }
    bundle
}

fn entry(endpoint: &str, resource: Value) -> Value {
    let text = |member: &str| resource[member].as_str().unwrap_or_default();
    let address = format!("{endpoint}/{}/{}", text("resourceType"), text("id"));
    let mut entry = json!({ "fullUrl": address, "search": { "mode": "match" } });
    entry["resource"] = resource;
    entry
}
