//! A resource: the text that it is sent as, and what can be looked at of it.

use serde_json::Value;

use crate::pkb::r4::Document;

#[derive(Clone)]
pub struct Resource {
    pub kind: String,
    pub document: Document,
    /// The same, with numbers that may have lost digits.
    pub value: Value,
}

impl Resource {
    /// After its members were changed.
    pub fn of(kind: &str, document: Document) -> Self {
        Self {
            kind: kind.to_owned(),
            value: document.value(),
            document,
        }
    }

    pub fn id(&self) -> &str {
        self.value["id"].as_str().unwrap_or_default()
    }

    /// The texts of the References in a member, however deep they are.
    pub fn references(&self, member: &str) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.value[member], &mut found);
        found
    }

    /// The texts of all its References.
    pub fn all_references(&self) -> Vec<&str> {
        let mut found = Vec::new();
        collect(&self.value, &mut found);
        found
    }

    /// Systems and values of its identifiers.
    pub fn identifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        let identifiers = self.value["identifier"].as_array();
        let identifiers = identifiers.map_or(&[][..], Vec::as_slice).iter();
        identifiers.filter_map(|identifier| {
            let text = |name: &str| identifier[name].as_str();
            text("system").map(str::trim).zip(text("value"))
        })
    }
}

fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            found.extend(members.get("reference").and_then(Value::as_str));
            members.values().for_each(|member| collect(member, found));
        }
        _ => {}
    }
}
