//! The Bundle that answers a search of R4.

use serde::Serialize;

use crate::pkb::r4::{Document, Resource};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Searchset {
    resource_type: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    link: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    entry: Vec<Entry>,
}

#[derive(Serialize)]
pub struct Link {
    pub relation: &'static str,
    pub url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub full_url: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub link: Vec<Link>,
    pub resource: Document,
    pub search: Mode,
}

#[derive(Serialize)]
pub struct Mode {
    mode: &'static str,
}

impl Searchset {
    pub fn new(total: Option<usize>, link: Vec<Link>, entry: Vec<Entry>) -> Self {
        Self {
            resource_type: "Bundle",
            r#type: "searchset",
            total,
            link,
            entry,
        }
    }
}

impl Link {
    pub fn new(relation: &'static str, url: String) -> Self {
        Self { relation, url }
    }
}

impl Entry {
    /// What was searched for, or came along with it.
    pub fn new(endpoint: &str, resource: Resource, is_match: bool) -> Self {
        Self {
            full_url: format!("{endpoint}/{}/{}", resource.kind, resource.id()),
            link: Vec::new(),
            resource: resource.document,
            search: Mode {
                mode: if is_match { "match" } else { "include" },
            },
        }
    }
}
