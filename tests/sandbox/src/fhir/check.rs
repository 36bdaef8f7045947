//! Nictiz's rules for what a personal health environment sends to a provider (its test scripts, STU3).

use serde_json::{Map, Value};

const BSN_SYSTEM: &str = "http://fhir.nl/fhir/NamingSystem/bsn";

/// A broken rule, and where. The values are not repeated: they are about a person's health.
#[derive(Debug, thiserror::Error)]
pub enum Violation {
    #[error("the body must have a resourceType")]
    NoResourceType,
    #[error("Bundle.type must be batch or transaction")]
    BundleType,
    #[error("Bundle.entry must be an array that is not empty")]
    NoEntries,
    #[error("{entry} must have a resource with a resourceType")]
    NoResource { entry: String },
    #[error("{entry} must have a request with a method and a url")]
    NoRequest { entry: String },
    #[error("{entry}.resource must not have an id, because it is POSTed")]
    PostedWithId { entry: String },
    #[error("{entry}.resource must have a meta.profile")]
    NoProfile { entry: String },
    #[error("{element} must have a display, as every Reference")]
    ReferenceWithoutDisplay { element: String },
    #[error("{element} must not hold the value of a BSN")]
    Bsn { element: String },
}

/// Checks a Bundle's entries; of a single resource nothing more is certain than that it names its type.
pub fn check(body: &Value) -> Result<(), Violation> {
    match body["resourceType"].as_str() {
        None | Some("") => Err(Violation::NoResourceType),
        Some("Bundle") => check_bundle(body),
        Some(_) => Ok(()),
    }
}

fn check_bundle(bundle: &Value) -> Result<(), Violation> {
    if !matches!(bundle["type"].as_str(), Some("batch" | "transaction")) {
        return Err(Violation::BundleType);
    }
    let entries = bundle["entry"]
        .as_array()
        .filter(|entries| !entries.is_empty())
        .ok_or(Violation::NoEntries)?;
    entries
        .iter()
        .enumerate()
        .try_for_each(|(index, content)| check_entry(format!("entry[{index}]"), content))
}

fn check_entry(entry: String, content: &Value) -> Result<(), Violation> {
    let resource = &content["resource"];
    let request = &content["request"];
    let Some(resource_type) = text(&resource["resourceType"]) else {
        return Err(Violation::NoResource { entry });
    };
    let (Some(method), Some(_)) = (text(&request["method"]), text(&request["url"])) else {
        return Err(Violation::NoRequest { entry });
    };
    if method == "POST" && resource.get("id").is_some() {
        return Err(Violation::PostedWithId { entry });
    }
    let profiles = resource["meta"]["profile"].as_array();
    if resource_type != "Binary" && profiles.is_none_or(Vec::is_empty) {
        return Err(Violation::NoProfile { entry });
    }
    check_elements(resource, &format!("{entry}.resource"))
}

/// Looks at every object inside a resource, whatever element it is.
fn check_elements(value: &Value, path: &str) -> Result<(), Violation> {
    match value {
        Value::Object(members) => {
            check_element(members, path)?;
            members
                .iter()
                .try_for_each(|(name, member)| check_elements(member, &format!("{path}.{name}")))
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(index, item)| check_elements(item, &format!("{path}[{index}]"))),
        _ => Ok(()),
    }
}

/// A Reference is what has a string `reference`; an Identifier of a person's BSN is told by its system.
fn check_element(members: &Map<String, Value>, path: &str) -> Result<(), Violation> {
    let member = |name| members.get(name).and_then(text);
    let element = || path.to_owned();
    if member("reference").is_some() && member("display").is_none() {
        return Err(Violation::ReferenceWithoutDisplay { element: element() });
    }
    if member("system") == Some(BSN_SYSTEM) && members.contains_key("value") {
        return Err(Violation::Bsn { element: element() });
    }
    Ok(())
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}
