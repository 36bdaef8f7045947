//! What a source knows, one kind of object to a document.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use crate::compression::Compression;

/// The form of a document's objects, as the metadata of files names it.
#[derive(Clone, Copy, Serialize)]
pub struct Schema {
    standard: &'static str,
    version: &'static str,
}

impl Schema {
    /// FHIR STU3.
    pub const FHIR: Self = Self {
        standard: "fhir",
        version: "3.0.2",
    };
    /// digi.me's own.
    pub const DIGI_ME: Self = Self {
        standard: "digime",
        version: "1.0.0",
    };
}

/// The objects of one kind, made when they are asked for, the same every time.
pub struct Document {
    pub object_type: &'static str,
    pub schema: Schema,
    pub count: usize,
    pub compression: Option<Compression>,
    /// The object of a number below `count`, the latest first.
    pub object: fn(usize) -> Value,
}

impl Document {
    /// FHIR comes as a Bundle, what digi.me has mapped as an array.
    pub fn content(&self) -> Bytes {
        let objects = (0..self.count).map(self.object);
        let content = match self.schema.standard {
            "fhir" => json!({
                "resourceType": "Bundle",
                "type": "searchset",
                "total": self.count,
                "entry": objects.map(|resource| entry(&resource)).collect::<Vec<_>>(),
            }),
            _ => objects.collect(),
        };
        content.to_string().into()
    }
}

fn entry(resource: &Value) -> Value {
    json!({ "resource": resource, "search": { "mode": "match" } })
}
